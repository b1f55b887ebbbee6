# SPDX-License-Identifier: MIT
"""Boots from every state and with everything wrong that a loader or a user may pass: each ends
with a clear line and an exit status, never in a hang and never in a wrong run."""

import re
import struct

import pytest

import emulators
import qemu
import shim

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="the entry shim needs QEMU's ELF start")

MIB = 1 << 20
RUN = "exit=semihost exhibit=kmap-race pkmap=8"  # a whole run, so that a crooked boot shows
LINK = 0x8000  # where the image belongs
OK, USAGE, PANIC = 0, 2, 3


def is_the_race(result):
    """A run that came to its verdict, with the right figure."""
    assert result.exit == OK, result.out
    v = result.verdict
    assert (v["status"], v["lost_lines"], v["stale_dma"]) == ("LOST", "87", "0")


def refused(result, status, *words):
    """Ended with a last line that says so, and with lines that say all of words."""
    assert result.exit == status, result.out
    last = result.out.splitlines()[-1]
    assert re.fullmatch(r'verdict .*reason="[^"]+" status=(ERROR|FAULT|DEADLOCK)', last), last
    assert "status=OK" not in result.out
    for word in words:
        assert word in result.out, result.out


def boot(append, timeout=300, **kw):
    return qemu.boot(append, timeout=timeout, **kw)


def enter(tmp_path, cmdline=RUN, mem=((256 * MIB, 0),), **state):
    """Enters the image in the state asked for."""
    if "tags" not in state:
        state["tags"] = shim.atags(cmdline, mem)
    elf = shim.entry_shim(tmp_path, emulators.image("bin"), **state)
    return qemu.boot(kernel=elf, timeout=300)


def image_size():
    with open(emulators.image("bin"), "rb") as f:
        return len(f.read())


# ---- Entry states. ----

@pytest.mark.parametrize("mode", [shim.SVC, shim.SYS, shim.FIQ, shim.IRQ, shim.ABT, shim.UND])
def test_modes_with_interrupts_open(tmp_path, mode):
    result = enter(tmp_path, mode=mode, irq_off=False, fiq_off=False)
    is_the_race(result)
    cpsr = re.search(r"CPSR ([0-9a-f]{8})", result.out).group(1)
    assert int(cpsr, 16) & 0xFF == mode


@pytest.mark.parametrize("bits", range(1, 16))
def test_mmu_caches_alignment(tmp_path, bits):
    mmu, dcache, icache, align = (bool(bits >> i & 1) for i in range(4))
    result = enter(tmp_path, mmu=mmu, dcache=dcache, icache=icache, align=align, copy=True)
    is_the_race(result)
    assert (f"(MMU {'on' if mmu else 'off'}, D-cache {'on' if dcache else 'off'}, "
            f"I-cache {'on' if icache else 'off'})") in result.out


@pytest.mark.parametrize("sctlr", [shim.UBOOT_GO, shim.UBOOT_GO_ALIGN])
def test_as_uboot_go_leaves_it(tmp_path, sctlr):
    result = enter(tmp_path, sctlr=sctlr, copy=True, load=0x1000000)
    is_the_race(result)
    assert "entered  at 01000000" in result.out
    assert f"SCTLR {sctlr:08x} (MMU on, D-cache on, I-cache on)" in result.out


def test_a_timer_of_the_firmware_is_pending(tmp_path):
    is_the_race(enter(tmp_path, pending_timer=True))


# ---- Places of image and tags. ----

# Below, at, overlapping from either side by little and by much, and far above its place.
@pytest.mark.parametrize("load", [
    0x0, 0x1000, 0x4000, LINK - 0x20, LINK - 4, LINK, LINK + 4, LINK + 0x20, 0x10000, 0x18000,
    0x40000, 0x200000, 0x2ABCDE4, 0x8000000])
def test_load_addresses(tmp_path, load):
    base = 0x6000000 if load < 0x6000000 else 0x1000000
    tags = 0x5000000
    result = enter(tmp_path, load=load, base=base, tags_at=tags)
    is_the_race(result)
    assert f"entered  at {load:08x}" in result.out


def test_load_just_below_the_end_of_ram(tmp_path):
    load = 256 * MIB - ((image_size() + 8192 + 0xFFF) & ~0xFFF)
    is_the_race(enter(tmp_path, load=load))


# In the page that they are copied to, in the page table, in the image's later place and its
# .bss, behind the image where the mover goes, high, and in the last possible page.
@pytest.mark.parametrize("at", [0x100, 0xF00, 0x1004, 0x2000, 0x4000, 0x8000, 0x9004, 0x40000,
                                0x80000, 0x4000000, 256 * MIB - 4096])
def test_tag_places(tmp_path, at):
    is_the_race(enter(tmp_path, load=0x200000, tags_at=at))


@pytest.mark.parametrize("gap", [0, 4, 64, 128, 1024])
def test_tags_behind_the_image(tmp_path, gap):
    """Where a loader that appends them would put them: in the mover's way."""
    end = (image_size() + 31) & ~31
    is_the_race(enter(tmp_path, load=0x200000, tags_at=0x200000 + end + gap))
    is_the_race(enter(tmp_path, load=LINK, tags_at=LINK + end + gap))


# ---- Tags that are none, or wrong. ----

def without_tags(tmp_path, **state):
    """Boots without a command line: the monitor comes up, on the board's default memory."""
    elf = shim.entry_shim(tmp_path, emulators.image("bin"), **state)
    with qemu.Console(kernel=elf, timeout=300) as console:
        said = console.expect(r"(?m)^atags: (.*); 64 MiB of RAM and no parameters are taken$")
        console.expect(r"memory   16384 KiB lowmem, 49152 KiB highmem")
        console.expect("truth=modelled")
        return said.group(1)


@pytest.mark.parametrize("state, words", [
    (dict(r2=0), "r2 is 0: the loader passed neither"),
    (dict(r2=0x102), "r2 is not a word address in RAM"),
    (dict(r2=0x10000000), "r2 is not a word address in RAM"),
    (dict(r2=0xFFFFFFFC), "r2 is not a word address in RAM"),
    (dict(tags=b"\x55" * 64), "neither ATAG_CORE nor a device tree's magic number"),
    (dict(tags=bytes(64)), "neither ATAG_CORE nor a device tree's magic number"),
])
def test_no_tags(tmp_path, state, words):
    assert words in without_tags(tmp_path, **state)


def tag_list(*tags):
    return shim.atag(0x54410001, struct.pack("<III", 1, 4096, 0)) + b"".join(tags)


CMDLINE = shim.atag(0x54410009, RUN.encode() + b"\0")
MEMORY = shim.atag(0x54410002, struct.pack("<II", 256 * MIB, 0))


@pytest.mark.parametrize("tags, words", [
    (tag_list(CMDLINE, MEMORY, struct.pack("<II", 1, 0x54410002)), "size is below 2 words"),
    (tag_list(CMDLINE, struct.pack("<II", 5000, 0x54410002)), "runs past the end"),
    (tag_list(CMDLINE, shim.atag(0x54410002, bytes(4)), shim.ATAG_NONE), "ATAG_MEM is too short"),
    (tag_list(CMDLINE, MEMORY, MEMORY, shim.ATAG_NONE), "overlaps an earlier one"),
    (tag_list(CMDLINE, shim.atag(0x54410002, struct.pack("<II", 1000, 0)), shim.ATAG_NONE),
     "not page aligned"),
    (tag_list(CMDLINE, MEMORY, shim.atag(1, bytes(4096))), "runs past the end"),
    # exit= holds although the command line is not taken, wherever in it it stands
    (shim.atags(RUN + " " * 1100), "longer than 1024 letters"),
    (shim.atags("x" * 2000 + " exit=semihost"), "longer than 1024 letters"),
    (shim.atags("exit=semihost " + "x" * 5000), "the command line runs past the end"),
    (shim.atags("x" * 5000 + " exit=semihost"), "the command line runs past the end"),
], ids=range(10))
def test_broken_lists(tmp_path, tags, words):
    with qemu.Console(kernel=shim.entry_shim(tmp_path, emulators.image("bin"), tags=tags),
                      timeout=300) as console:
        console.expect(rf"(?m)^atags: at \+0x[0-9a-f]+: .*{words}")
        console.expect(r'(?m)^verdict reason="broken ATAG list" status=ERROR$')
        assert console.wait().exit == USAGE


def test_long_command_line_that_says_halt(tmp_path):
    with qemu.Console(kernel=shim.entry_shim(tmp_path, emulators.image("bin"),
                                             tags=shim.atags("exit=halt " + "x" * 5000)),
                      timeout=300) as console:
        console.expect("shorten it to 1024 letters")
        console.expect(r"^halted \(exit status 2\)")


def test_unknown_tags_are_skipped(tmp_path):
    is_the_race(enter(tmp_path, tags=tag_list(shim.atag(0x54410005, bytes(8)), MEMORY,
                                              shim.atag(0x12345678), CMDLINE, shim.ATAG_NONE)))


# ---- Memory. ----

@pytest.mark.parametrize("size", [4096, MIB, 2 * MIB, 4 * MIB - 4096])
def test_too_little_memory(tmp_path, size):
    refused(enter(tmp_path, mem=((size, 0),)), PANIC,
            f"too little memory: {size // 1024} KiB of RAM at 00000000, at least 4096 KiB")


def test_no_memory_at_the_start_of_ram(tmp_path):
    refused(enter(tmp_path, mem=((64 * MIB, 64 * MIB),)), PANIC, "too little memory: 0 KiB",
            "bank of 65536 KiB at 04000000 left out")


def memory_line(result):
    found = re.search(r"memory   (\d+) KiB lowmem, (\d+) KiB highmem", result.out)
    return int(found.group(1)), int(found.group(2))


@pytest.mark.parametrize("mem, high", [
    (((32 * MIB, 0),), 16 * 1024),
    (((32 * MIB + 0x5000, 0),), 16 * 1024 + 20),  # not whole megabytes
    (((32 * MIB, 32 * MIB), (32 * MIB, 0)), 48 * 1024),  # joined, in any order
    (((32 * MIB, 0), (32 * MIB, 48 * MIB)), 16 * 1024),  # a hole between
])
def test_banks(tmp_path, mem, high):
    result = enter(tmp_path, mem=mem)
    is_the_race(result)
    assert memory_line(result) == (16 * 1024, high)
    assert ("left out: not joined" in result.out) == (mem[-1][1] == 48 * MIB)


def test_more_memory_than_the_board_can_have(tmp_path):
    result = enter(tmp_path, mem=((1024 * MIB, 0),))
    is_the_race(result)
    assert "1024 MiB announced, the board has room for 256" in result.out


@pytest.mark.parametrize("lowmem, said", [("64M", False), ("100M", True)])
def test_no_high_memory(tmp_path, lowmem, said):
    result = enter(tmp_path, cmdline=f"{RUN} lowmem={lowmem}", mem=((64 * MIB, 0),))
    assert memory_line(result) == (64 * 1024, 0)
    assert ("memory: all of it is lowmem" in result.out) == said
    refused(result, USAGE, "highmem pages are needed with pkmap=8, 0 are free")


@pytest.mark.parametrize("lowmem", ["4M", "5M", "255M"])
def test_sizes_of_lowmem(tmp_path, lowmem):
    result = boot(f"{RUN} lowmem={lowmem}")
    is_the_race(result)
    assert memory_line(result)[0] == int(lowmem[:-1]) * 1024


def test_least_lowmem_with_the_largest_cache():
    is_the_race(boot(f"{RUN} lowmem=4M cache=vivt,1m,4way,32b"))


def test_lowmem_in_odd_sizes():
    refused(boot("exit=semihost lowmem=5000k"), USAGE, "lowmem=5000k: not a multiple of 1M")


@pytest.mark.parametrize("mib", [4, 8, 20, 33, 128])
def test_qemu_memory_sizes(mib):
    result = boot(f"{RUN} lowmem=4M", mem=mib)
    if mib == 4:
        refused(result, USAGE, "highmem pages are needed")
    else:
        is_the_race(result)
        assert memory_line(result) == (4096, (mib - 4) * 1024)


# ---- Parameters. ----

@pytest.mark.parametrize("word, said", [
    ("pkmap=0", "valid: power of two, 2..512"), ("pkmap=1", "power of two"),
    ("pkmap=3", "not a power of two from 2 to 512"), ("pkmap=1024", "power of two"),
    ("pkmap=-2", "power of two"), ("pkmap=8x", "power of two"), ("pkmap=", "no value after '='"),
    ("pkmap", "no '=' and value"), ("pkmap==8", "more than one '='"),
    ("preempt=at:129", "from 0 to 128"), ("preempt=at:", "valid: off|irq|before|at:0..at:128"),
    ("preempt=at:-1", "no such way"), ("preempt=sometimes", "no such way"),
    ("fix=magic", "default|auto|none|pin|irqoff|lock|recheck|percheck|atomic|cleaninv|kunmapflush"),
    ("seed=0", "too small"), ("seed=4294967296", "more than 32 bits"), ("seed=one", "not a number"),
    ("runs=99999999", "too large"), ("runs=-1", "not a number"),
    ("lowmem=3M", "too small; valid: 4M..256M"), ("lowmem=300M", "too large"),
    ("lowmem=16T", "neither k, M nor G"),
    ("cache=vivt,15k,4way,32b", "cache="), ("cache=vivt,16k,4way,64b", "lines are 32 bytes"),
    ("cache=spongy", "cache="), ("exhibit=none-such", "no such exhibit; valid: kmap-race"),
    ("selftest=none-such", "no such test; valid:"), ("victim=x", "no such choice"),
    ("sweep=on", "no such choice"), ("exit=jump", "valid: halt|semihost"),
    ("pkmpa=8", "unknown; did you mean pkmap?"), ("frobnicate=1", "unknown; help lists all"),
    ("=8", "no name before '='"), ("x" * 300, "longer than 254 letters"),
    ('exhibit="kmap-race', "closing \" is missing"), ("\x07\x1b[2J=1", "unknown"),
])
@pytest.mark.parametrize("first", [True, False])
def test_parameters_out_of_range(word, said, first):
    result = boot(f"{word} exit=semihost" if first else f"exit=semihost exhibit=kmap-race {word}")
    if word.startswith("exhibit=\"") and first:
        word += " exit=semihost"  # all of it is the quoted value
    refused(result, USAGE, said)
    lines = [line for line in result.out.splitlines() if line.startswith("parameter ")]
    assert len(lines) == 1 and all(c.isprintable() for c in lines[0])
    if len(word) < 40 and word.isprintable() and '"' not in word:
        assert lines[0].startswith(f"parameter {word}: ")
    assert "Murphy on" not in result.out  # nothing was started


def test_a_huge_command_line():
    words = " ".join(f"seed={n}" for n in range(1, 60))
    is_the_race(boot(f"{RUN} {words} seed=1"))


def test_help():
    result = boot("exit=semihost help")
    assert result.exit == OK
    assert result.verdicts == []
    for name in ("pkmap", "preempt", "fix", "lowmem", "cache", "seed", "exhibit", "exit"):
        assert re.search(rf"(?m)^{name} +\S", result.out), name
    table = result.out[result.out.index("parameter "):]
    assert max(map(len, table.splitlines())) <= 100
    # What is too wide for a column goes on below it, word for word.
    row = re.search(r"(?m)^fix .*\n(?: .*\n)*", table)[0].splitlines()
    assert "".join(line[27:54].strip() for line in row).split("|")[-2:] == ["cleaninv", "kunmapflush"]
    assert " ".join(line[54:].strip() for line in row).strip().endswith("default: none in an exhibit, else auto")


def test_the_end_without_semihosting():
    """exit=semihost where nobody takes the call; and exit=halt."""
    with qemu.Console(RUN, timeout=300, extra=["-semihosting-config", "enable=off"]) as console:
        console.expect("status=LOST")
        console.expect("panic: .*nobody takes semihosting calls here; start QEMU with -semihosting")
        console.expect(r"(?m)^halted \(exit status 3\)$")
    with qemu.Console("exhibit=kmap-race pkmap=8 exit=halt", timeout=300) as console:
        console.expect("status=LOST")
        console.expect(r"(?m)^halted \(exit status 0\)$")


def test_elf():
    """QEMU loads the ELF where it belongs, and passes nothing."""
    with qemu.Console(kernel=emulators.image("elf"), timeout=300) as console:
        console.expect(r"atags: .*; 64 MiB of RAM and no parameters are taken")
        console.expect(rf"entered  at {LINK:08x}")
        console.expect("truth=modelled")


@pytest.mark.parametrize("cpu", ["arm1026", "arm1136", "arm1176"])
def test_another_core(cpu):
    """A core that this image is not for must be named, not run."""
    with qemu.Console(RUN, timeout=300, extra=["-cpu", cpu]) as console:
        console.expect(r"panic: .*core with MIDR [0-9a-f]{8}: this image is for arm926ej-s")


# ---- Panics say where. ----

def test_null_pointer():
    result = boot("exit=semihost selftest=null")
    refused(result, PANIC, "address 00000010", "(NULL pointer?)", "task main, preempt_count 1")
    assert re.search(r"(?m)^panic: cache/trap\.c:\d+: data_abort: ", result.out)
    assert re.search(r"(?m)^  r0 =00000000 r1 =", result.out)
    names = re.findall(r"(?m)^  \[\w+\] [0-9a-f]{8} (\S+)$", result.out)
    assert [n.split(".")[0] for n in names] == ["read_through", "null_selftest",
                                                "selftest_command", "actions_run", "kmain"]


def test_undefined_instruction():
    result = boot("exit=semihost selftest=undefined")
    refused(result, PANIC, "undefined instruction at ")
    names = re.findall(r"(?m)^  \[\w+\] [0-9a-f]{8} (\S+)$", result.out)
    assert names[0] == "undefined_selftest" and names[-1] == "kmain"
