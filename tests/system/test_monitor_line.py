# SPDX-License-Identifier: MIT
"""The monitor's `line`: one cache line step by step, in the model and in an emulated core's cache."""

import re

import pytest

from monitor import POISON, SLOT1, Monitor

EMULATORS = [("qemu", "the model's word"), ("sim", "the emulator's word")]


@pytest.fixture(params=EMULATORS, ids=[e for e, _ in EMULATORS])
def lines(request):
    """lines("read write"): the rows (step, CPU, memory, what the cache says of the line)."""
    emu, witness = request.param
    with Monitor("pkmap=4", emu=emu) as monitor:
        monitor("pages 1")
        monitor("kmap 1")

        def take(steps, address=SLOT1):
            text = monitor(f"line {address:x} {steps}")
            assert f"the line ({witness})\n" in text
            rows = re.findall(r"^  (\(before\)|[a-z]+) +([0-9a-f]{8}|-) +([0-9a-f]{8})  (\S.*)$",
                              text, re.MULTILINE)
            assert [r[0] for r in rows] == ["(before)"] + steps.split(), text
            return [(r[0], r[1] if r[1] == "-" else int(r[1], 16), int(r[2], 16), r[3])
                    for r in rows]
        yield take


def said(rows):
    """What moved and what memory holds."""
    return [row[:3] for row in rows]


def states(rows):
    return [row[3] for row in rows]


def test_an_invalidate_brings_the_old_data_back(lines):
    rows = lines("read write inv read")
    assert said(rows) == [("(before)", "-", POISON), ("read", POISON, POISON),
                          ("write", 0xC0000002, POISON), ("inv", "-", POISON),
                          ("read", POISON, POISON)]
    assert states(rows) == ["not in the cache", "clean", "dirty in its lower half",
                            "not in the cache", "clean"]


def test_a_write_that_misses_goes_to_memory(lines):
    rows = lines("write inv read")
    assert said(rows) == [("(before)", "-", POISON), ("write", 0xC0000001, 0xC0000001),
                          ("inv", "-", 0xC0000001), ("read", 0xC0000001, 0xC0000001)]
    assert states(rows) == ["not in the cache"] * 3 + ["clean"]


@pytest.mark.parametrize("clean, after", [("clean", "clean"), ("cleaninv", "not in the cache")])
def test_a_clean_saves_it(lines, clean, after):
    rows = lines(f"read write {clean} inv read")
    assert said(rows)[2:] == [("write", 0xC0000002, POISON), (clean, "-", 0xC0000002),
                              ("inv", "-", 0xC0000002), ("read", 0xC0000002, 0xC0000002)]
    assert states(rows)[2:4] == ["dirty in its lower half", after]


def test_a_device_writes_behind_the_cache(lines):
    rows = lines("read device read inv read")
    assert said(rows) == [("(before)", "-", POISON), ("read", POISON, POISON),
                          ("device", "-", 0xD0000002), ("read", POISON, 0xD0000002),
                          ("inv", "-", 0xD0000002), ("read", 0xD0000002, 0xD0000002)]


def test_a_dirty_line_is_written_over_what_a_device_wrote(lines):
    rows = lines("read write device clean")
    assert said(rows)[2:] == [("write", 0xC0000002, POISON), ("device", "-", 0xD0000003),
                              ("clean", "-", 0xC0000002)]


def test_the_upper_half_is_dirty_by_itself(lines):
    rows = lines("read write", address=SLOT1 + 0x30)
    assert said(rows)[2:] == [("write", 0xC0000002, POISON)]
    assert states(rows) == ["not in the cache", "clean", "dirty in its upper half"]


@pytest.mark.parametrize("line, wrong", [
    ("line", "a word's address (a multiple of 4) expected, and steps, as in: line bfe01000 read "
     "write inv read"),
    ("line bfe01000", "a word's address (a multiple of 4) expected, and steps"),
    ("line bfe01002 read", "a word's address (a multiple of 4) expected, and steps"),
    ("line bfe01000 read flush", "read, write, clean, inv, cleaninv or device expected, not flush"),
    ("line c0100000 read", "an address in the pkmap window expected; pkmap lists the pages there"),
    ("line bfe02000 read", "no page is mapped at bfe02000; pkmap lists those that are"),
])
def test_line_refuses(line, wrong):
    with Monitor("pkmap=4", emu="qemu") as monitor:
        monitor("pages 1")
        monitor("kmap 1")
        before = monitor.peek(SLOT1)
        assert monitor(line).startswith(f"line: {wrong}")
        assert monitor.peek(SLOT1) == before == [POISON]
