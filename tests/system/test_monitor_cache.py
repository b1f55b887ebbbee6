# SPDX-License-Identifier: MIT
"""The monitor's view of the cache: lines, discards, maintenance by hand, another model."""

import re

import pytest

import qemu
from monitor import PAGE, POISON, SLOT1, rows, with_model

pytestmark = with_model


def test_lines_are_dirty_after_a_poke_and_lost_by_inv(monitor):
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    monitor(f"poke {SLOT1:x} 1")  # a write that misses allocates no line
    assert monitor("cache lines").endswith("valid lines: 0, of them dirty: 0\n")
    assert monitor.peek(SLOT1, 2) == [1, POISON]
    assert monitor.peek(SLOT1 + 0x40) == [POISON]
    monitor(f"poke {SLOT1 + 16:x} 0x12345678")
    text = monitor("cache lines")
    assert re.findall(r"^ +(\d+) +(\d+)  ([0-9a-f]{8})  ([0-9a-f]{8})  (\S+)$", text,
                      re.MULTILINE) == [
        ("0", "0", "bfe01000", f"{frame * PAGE:08x}", "upper"),
        ("2", "0", "bfe01040", f"{frame * PAGE + 0x40:08x}", "-")]
    assert text.endswith("valid lines: 2, of them dirty: 1\n")
    for page in (SLOT1, frame * PAGE):
        assert monitor(f"cache lines {page:x}").endswith("of that page: 2, of them dirty: 1\n")
    assert monitor("cache lines bfe02000").endswith("of that page: 0, of them dirty: 0\n")
    monitor(f"poke {SLOT1 + 4:x} 5")
    assert f"bfe01000  {frame * PAGE:08x}  both" in monitor("cache lines")

    monitor(f"cache clean {SLOT1:x}")
    assert f"bfe01000  {frame * PAGE:08x}  -" in monitor("cache lines")
    monitor(f"poke {SLOT1:x} 99")
    monitor(f"cache inv {SLOT1:x}")
    assert monitor.peek(SLOT1, 5) == [1, 5, POISON, POISON, 0x12345678]
    for at in ("", f" {SLOT1:x}", f" {frame * PAGE:x}"):
        assert re.search(rf"^  bfe01000-bfe0101f  {frame * PAGE:08x} +1 +16  main in \w+$",
                         monitor(f"cache discards{at}"), re.MULTILINE)
    assert re.search(r"halves discarded +1$", monitor("cache"), re.MULTILINE)


def test_long_lists_of_lines_are_cut(monitor):
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    monitor.peek(SLOT1, 1024)
    text = monitor("cache lines")
    assert text.count("  bfe01") == 64
    assert text.endswith("  ... 64 more\nvalid lines: 128, of them dirty: 0\n")
    assert re.search(r"valid lines +128 ", monitor("cache"))


@pytest.mark.parametrize("monitor, pkmap", [("", "pkmap=8"), ("pkmap=8", "")],
                         ids=["pages-unmapped", "pages-mapped"], indirect=["monitor"])
def test_discards_name_page_task_and_function(monitor, pkmap):
    for _ in range(2):  # what is listed is of the last run
        monitor(f"run kmap-race trace=on {pkmap}".strip())
    text = monitor("cache discards")
    found = re.findall(r"^  ([0-9a-f]{8})-([0-9a-f]{8})  [0-9a-f]{8} +(\d+) +(\d+)  (\S+) in (\w+)$",
                       text, re.MULTILINE)
    # The slot depends on what was mapped before; the two ranges are of one page, end to end.
    page = min(first for first, *_ in found)[:5]
    assert sorted((first, last, lines, size, task) for first, last, lines, size, task, _ in found
                  ) == [(f"{page}000", f"{page}51f", "41", "1312", "T1-driver"),
                        (f"{page}520", f"{page}fff", "87", "2784", "T1-driver")]
    assert text.endswith("lines with discarded bytes: 128; discards in all: 128\n")


def free_pages(monitor):
    return [row[:3] for row in map(str.split, monitor("mem").splitlines()) if row[0] in ("lowmem", "highmem")]


@pytest.mark.parametrize("monitor", ["pkmap=8"], indirect=True)
def test_another_model_at_run_time(monitor):
    free = free_pages(monitor)
    page, = monitor.take_pages(1)
    monitor(f"kmap {page}")
    assert "some pages are still mapped by a user" in monitor("set cache vipt,16k,4way,32b")
    monitor.peek(SLOT1)
    monitor(f"poke {SLOT1:x} 0x600d")
    monitor(f"kunmap {page}")
    assert monitor("set cache vivt,1m,4way,32b,wa") == ""
    assert monitor("cache").startswith("vivt,1m,4way,32b,wa: 8192 sets of 4 ways, 262144 bytes")
    assert monitor("set cache vipt,32k,8way,32b") == ""  # "wa" does not stick
    monitor(f"kmap {page}")
    assert monitor.peek(SLOT1) == [0x600D]  # the dirty line went to memory with the old model
    monitor(f"poke {SLOT1:x} 0xbee")
    monitor(f"kunmap {page}")
    assert monitor("set cache vivt,16k,4way,32b") == ""  # ... also from one that no wrap flushes
    monitor(f"kmap {page}")
    assert monitor.peek(SLOT1) == [0xBEE]
    monitor(f"kunmap {page}")
    monitor("pages 0")
    assert free_pages(monitor) == free  # (in blocks of other sizes, it may be)
    for shape in ("vipt,16k,4way,32b", "vivt,16k,4way,32b"):
        verdict, = qemu.parse_lines(monitor(f"run kmap-race cache={shape}"), "verdict")
        assert (verdict["cache"], verdict["lost_lines"]) == (shape, "87")


@pytest.mark.parametrize("monitor, value, wrong", [
    ("", "auto", "auto and native can be chosen on the boot command line only"),
    ("", "native", "auto and native can be chosen on the boot command line only"),
    ("", "vivt,16k,4way,16b", "lines are 32 bytes on every core"),
    ("", "vivt,17k,4way,32b", "cache size must be a power of two"),
    ("lowmem=4M cache=vivt,1m,4way,32b", "pipt,1m,4way,32b", "no lowmem for a model of that"),
    ("cache=native", "vivt,16k,4way,32b", "turned off by cache=native"),
], indirect=["monitor"])
def test_a_model_that_cannot_be(monitor, value, wrong):
    before = monitor("set cache")
    assert wrong in monitor(f"set cache {value}")
    assert monitor("set cache") == before


@pytest.mark.parametrize("monitor, buffered", [("skip=none", 0), ("skip=drain", 1)],
                         indirect=["monitor"])
def test_another_model_leaves_the_operations_as_they_are(monitor, buffered):
    """skip= takes one out at boot; it stays out."""
    monitor("set cache vivt,8k,4way,32b")
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    monitor.peek(SLOT1)  # the fill waits for what was written there before
    monitor(f"poke {SLOT1 + 0x100:x} 1")
    monitor(f"cache clean {SLOT1 + 0x100:x}")
    text = monitor("cache")
    assert (int(re.search(r"in buffers +(\d+) ", text).group(1)) > 0) == buffered


@pytest.mark.parametrize("monitor", ["cache=native"], indirect=True)
def test_without_the_model_there_are_no_lines(monitor):
    assert monitor("cache").endswith(
        "the D-cache holds nothing and the model is off: nothing to list\n")
    assert monitor("cache lines").startswith("cache: only the model's lines can be listed")
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    assert rows(monitor("pkmap"))[1][4] == "mapped"
    monitor(f"poke {SLOT1:x} 77")
    assert monitor.peek(SLOT1) == [0x77]
    monitor(f"kunmap {frame}")
    assert "no verdict is possible" in monitor("run kmap-race")
