# SPDX-License-Identifier: MIT
"""The monitor's peek and poke, zones, tasks, DMA mappings and trace."""

import re

import pytest

from monitor import SLOT1, with_model

pytestmark = with_model


@pytest.mark.parametrize("address, wrong", [
    ("0", "00000000 is neither lowmem (c0000000..c0ffffff) nor a mapped page of the pkmap window "
     "(bfe00000..bfffffff)"),
    ("c1000000", "c1000000 is neither lowmem"),
    ("f0000000", "f0000000 is neither lowmem"),
    ("bfe01000", "no page is mapped at bfe01000; pkmap lists those that are"),
])
def test_addresses_that_would_fault_are_refused(monitor, address, wrong):
    assert monitor(f"peek {address}").startswith(f"peek: {wrong}")
    assert monitor(f"poke {address} 1").startswith(f"poke: {wrong}")


def test_peek_and_poke_refuse_the_rest(monitor):
    assert monitor("peek c0fffff0").count(" ") >= 4
    assert "c1000000 is neither" in monitor("peek c0fffff0 5")
    assert "the range ends beyond" in monitor("peek fffffff0 16")
    for line in ("peek", "peek c0008002", "peek fred", "peek 100000000", "peek c0008000 0",
                 "peek c0008000 1025"):
        assert monitor(line) == ("peek: a word's address (a multiple of 4) expected, and how many "
                                 "words, 1..1024\n")
    for line in ("poke c0008000", "poke c0008001 1", "poke x 1"):
        assert monitor(line) == ("poke: a word's address (a multiple of 4) and the "
                                 "word to write expected\n")
    kernel = monitor.peek(0xC0008000)
    assert "c0008000 is the kernel's own or free" in monitor("poke c0008000 1")
    assert monitor.peek(0xC0008000) == kernel
    frame, = monitor.take_pages(1)
    monitor(f"kmap {frame}")
    for value in ("0x100000000", "-1", "1x", "fg"):
        assert monitor(f"poke {SLOT1:x} {value}") == (
            f"poke: a word of 32 bits expected, in hexadecimal as peek shows it, not {value}\n")
    # As peek prints it, with 0x or without: 10 is sixteen, in the address and in the word.
    for typed, word in (("0xffffffff", 0xFFFFFFFF), ("a7a70010", 0xA7A70010), ("10", 0x10)):
        assert monitor(f"poke {SLOT1:x} {typed}") == ""
        assert monitor.peek(SLOT1) == [word]


def test_mem_counts_what_is_taken(monitor):
    def free(zone):
        return re.search(rf"^  {zone} +(\d+) +(\d+)", monitor("mem"), re.MULTILINE).groups()

    total, before = free("highmem")
    assert total == before == str((256 - 16) * 256)
    monitor("pages 5")
    assert free("highmem") == (total, str(int(before) - 5))
    row = next(r for r in monitor("mem").splitlines() if r.startswith("  highmem")).split()
    blocks = [int(n) for n in row[4:]]
    assert len(blocks) == 11
    assert sum(n << order for order, n in enumerate(blocks)) == int(before) - 5
    assert free("consistent") == ("512", "511")  # the DMA engine's descriptors


def test_tasks_knows_itself(monitor):
    line = next(r for r in monitor("tasks").splitlines() if " main " in r).split()
    assert line[:3] == ["0", "main", "running"] and line[5:] == ["1", "-"]
    assert 1024 < int(line[3]) < 8192
    switches = int(line[4])
    monitor("run kmap-race pkmap=8")
    text = monitor("tasks")
    assert int(next(r for r in text.splitlines() if " main " in r).split()[4]) > switches
    assert "1 of 32 tasks in use" in text


def test_dma_says_when_it_does_not_know(monitor):
    text = monitor("dma")
    assert text.startswith("fix=auto: ")
    assert "dma_debug=off: mappings are not recorded (set dma_debug on)\n" in text
    monitor("set dma_debug on")
    monitor("set fix pin")
    monitor("run kmap-race pkmap=8")
    text = monitor("dma")
    assert text.startswith("fix=pin: ") and "not recorded" not in text
    maps, unmaps, live = re.search(r"maps=(\d+) unmaps=(\d+) .*live=(\d+)", text).groups()
    assert int(maps) > 10 and int(maps) - int(unmaps) == int(live) == 0


@pytest.mark.parametrize("monitor", ["dma_debug=on"], indirect=True)
def test_dma_lists_live_mappings(monitor):
    assert re.search(r"^dma-debug: live #1 4096 bytes at [0-9a-f]{8}, coherent BIDIRECTIONAL",
                     monitor("dma"), re.MULTILINE)


def test_trace_tells_the_last_run_and_what_is_done_by_hand(monitor):
    assert monitor("trace").startswith("nothing is recorded; ")
    monitor("run kmap-race pkmap=8 trace=on")
    text = monitor("trace")
    target, = re.findall(r"dma_map_page\((frame \d+), FROM_DEVICE\): its kernel address is bfe01000", text)
    victim, = re.findall(r"87 dirty lines of page (frame \d+) \(lines 41 to 127", text)
    assert target != victim
    assert f"kmap({victim}): a fresh pkmap entry, slot 1, vaddr bfe01000" in text
    monitor("run kmap-race pkmap=8 trace=on fix=pin")
    assert "87 dirty lines" not in monitor("trace")
    monitor("trace clear")
    monitor("trace on")
    frame = monitor.take_pages(1)[0]
    monitor("set pkmap 512")
    monitor(f"kmap {frame}")
    text = monitor("trace")
    assert text.startswith("  main ") and "kmap() of another page: slot 1" in text
    monitor("trace off")
    monitor("trace clear")
    monitor(f"kunmap {frame}")
    monitor("set pkmap 8")
    assert monitor("trace").startswith("nothing is recorded; ")
