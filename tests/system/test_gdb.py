# SPDX-License-Identifier: MIT
"""Tests of tools/murphy.gdb: each command shows what an image holds, and names what is wrong."""

import os
import shutil
import subprocess

import pytest

import emulators
import shim

GDB = next((g for g in ("gdb-multiarch", "arm-none-eabi-gdb") if shutil.which(g)), None)
pytestmark = pytest.mark.skipif(not GDB, reason="no gdb for ARM here: 'tools/setup gdb'")

# Never runs: gdb reads the initial values from the ELF file. So none may be in .bss.
IMAGE = """
#include "cache/machine.h"
#include "cache/model.h"
#include "mm/page.h"
#include "sched/task.h"

#define DATA __attribute__((section(".data"), used))

int pkmap_count[LAST_PKMAP] DATA = {0, 1, 3, 0, 2};
uint32_t pkmap_pte[LAST_PKMAP] DATA = {0, 0x0100555e, 0x0100755e, 0x0100655e, 0x0900055e};
uint32_t pkmap_last DATA = 2;
uint32_t pkmap_slots DATA = 8;

static struct page pages[0x1800] DATA = {
	[0x1005] = {.virtual = (void *)0xbfe01000},
	[0x1007] = {.virtual = (void *)0xbfe09000},
	[0x1006] = {.virtual = (void *)0xbfe03000},
};
struct page *mem_map DATA = pages;
uint32_t mem_map_pages DATA = 0x1800;
uint32_t ram_base DATA = 0;

static struct cm_line lines[8] DATA = {
	[2] = {.va = 0xbfe01020, .pa = 0x01005020, .valid = 1, .dirty = 2},
	[5] = {.va = 0xc0008040, .pa = 0x00008040, .valid = 1},
	[7] = {.va = 0xbad, .dirty = 3},
};
static uint32_t data[8 * 8] DATA = {[16] = 0x11111111, 0x22222222, 3, 4, [40] = 0x55555555};
struct machine machine DATA = {.truth = TRUTH_MODELLED};
struct cm cache_model DATA = {
	.cfg = {.size = 256, .ways = 2, .line = 32, .halves = 2},
	.sets = 4, .lines = lines, .data = (uint8_t *)data, .wb_words = 6,
	.n = {.discarded_halves = 9},
};

static uint32_t good[8] DATA = {TASK_GUARD}, bad[8] DATA = {1};
static struct task tasks[TASKS_MAX] DATA = {
	[0] = {.name = "boot", .state = TASK_RUNNABLE, .stack = good},
	[2] = {.name = "writer", .state = TASK_WAITING, .stack = bad, .switches = 12},
	[3] = {.name = "forgotten", .state = TASK_FREE},
};
struct cpu_local cpu_local DATA = {&tasks[0], false};

int _start(void);
int _start(void)
{
	return 0;
}
"""

# A file of this name, as the table of live mappings is private to it.
DEBUG_TABLE = """
#include "dma/debug_table.h"

int _start(void);
static struct {
	struct dma_debug_mapping entry[4];
	uint16_t touched;
	struct dma_debug_counts count;
} table __attribute__((section(".data"), used)) = {
	.entry = {
		{.pa = 0xbad, .size = 1},
		{.pa = 0x01005000, .size = 4096, .dir = DMA_FROM_DEVICE, .where = _start, .seq = 5},
		{.pa = 0x01006020, .size = 64, .dir = DMA_TO_DEVICE, .where = _start, .seq = 7},
		{.pa = 0xbad, .size = 1, .seq = 9},
	},
	.touched = 3,
	.count = {.live = 2, .maps = 7},
};
"""


@pytest.fixture(scope="module", params=["TRUTH_MODELLED"])
def gdb(request, tmp_path_factory):
    where = tmp_path_factory.mktemp("gdb")
    source, elf = where / "state.c", where / "state.elf"
    source.write_text(IMAGE.replace("TRUTH_MODELLED", request.param))
    (where / "debug_table.c").write_text(DEBUG_TABLE)
    shim.cc(elf, [source, where / "debug_table.c"], "-Wl,-Ttext=0x8000", f"-I{emulators.TOP}")

    def run(command):
        done = subprocess.run([GDB, "-nx", "-batch", "-x",
                               os.path.join(emulators.TOP, "tools", "murphy.gdb"),
                               "-ex", command,
                               str(elf)], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0 and not done.stderr, done.stderr
        return done.stdout.splitlines()
    return run


def test_pkmap(gdb):
    assert gdb("pkmap") == [
        "pkmap: 8 slots, last 2",
        "slot  address     count  page        state",
        "   1  0xbfe01000      1  0x01005000  no user, but still mapped and maybe cached",
        "   2  0xbfe02000      3  0x01007000  2 user(s); page_address() says 0xbfe09000",
        "   3  0xbfe03000      0  0x01006000  WRONG: free and yet mapped",
        "   4  0xbfe04000      2  0x09000000  1 user(s); WRONG: not a page of RAM",
        "4 slots mapped, the others free",
    ]


DIRTY = "  1   0  0xbfe01020  0x01005020  upper  11111111 22222222 00000003 00000004"
CLEAN = "  2   1  0xc0008040  0x00008040  -      55555555 00000000 00000000 00000000"
SUM = ("2 of 8 lines valid, 1 dirty; 6 words in the write buffer; "
       "9 dirty halves discarded so far")


def test_cachelines(gdb):
    assert gdb("cachelines")[1:] == [DIRTY, CLEAN, SUM]


def test_cachedirty(gdb):
    assert gdb("cachedirty")[1:] == [DIRTY, SUM]


@pytest.mark.parametrize("gdb, says", [("TRUTH_NONE", "has not looked at its cache yet"),
                                       ("TRUTH_MEASURED", "is a chip's, and hides its lines")],
                         indirect=["gdb"])
def test_the_models_lines_are_not_shown_for_another_cache(gdb, says):
    said, = gdb("cachelines")
    assert says in said


def test_tasks(gdb):
    lines = gdb("tasks")[1:]
    assert len(lines) == 2
    assert lines[0].startswith("-> ") and "boot" in lines[0] and "runnable" in lines[0]
    assert lines[1].startswith("   ") and "writer" in lines[1] and "waiting" in lines[1]
    assert lines[1].endswith("  12  WRONG: stack guard overwritten")
    assert "WRONG" not in lines[0]


def test_dmamaps(gdb):
    assert gdb("dmamaps")[1:] == [
        "0x01005000       4096  from device    _start in section .text",
        "0x01006020         64  to device      _start in section .text",
        "2 live mappings, 7 made so far",
    ]
