# SPDX-License-Identifier: MIT
"""The second table of docs/strategies.md, on an ARM1176, in the Versatile's socket and in a Raspberry Pi:
physically tagged. The emulator's cache
against the modelled run in QEMU, lost and stale line for line.

A wrap flushes nothing there, so a strategy that misses P's lines leaves them in the cache, dirty.
In the emulator the kernel's own data may push some of them out before the device has written: they
are written back in time, and not stale. Nothing else may make a difference, and the event log must
show it. (What is pushed out later is written over the device's data: stale in either way.)
"""
import copy
import os
import re

import pytest

import kernelimage as k
from lostlines import LINE, POSITIONS, Log, positions

# How an ARM1176 comes to each: build's, QEMU's and the emulator's words.
BOARDS = {
    "versatilepb": {"build": ["arm1176jzf-s"], "qemu": ["-cpu", "arm1176"], "sim": ["--cpu", "arm1176"]},
    "raspi": {"build": [], "qemu": [], "sim": ["--board", "raspi"]},
}
KEPT = "fix=none sweep=at", "raspi"  # for more than one test
ALL = 129 * 128 // 2  # lines from N on, N = 0..128
BEFORE = "before"     # the interrupt comes before there is a loop
# Lines lost and lines stale, over all positions; and those stale after an interrupt before the loop.
TABLE = {
    "none": (ALL, ALL, 128),
    "recheck": (ALL, ALL, 128),
    "percheck": (128, ALL, 128),
    "cleaninv": (0, ALL, 128),
    "irqoff": (0, 0, 128),
    "lock": (0, 0, 128),
    "pin": (0, 0, 0),
    "auto": (0, 0, 0),
    "atomic": (0, 0, 0),
    "kunmapflush": (0, 0, 0),
}


@pytest.fixture(scope="module")
def both(run_sim, run_qemu, tmp_path_factory):
    """both(words, board) -> QEMU's positions, the emulator's, the emulator's log."""
    where = tmp_path_factory.mktemp("tagged")
    stems, done = {}, {}

    def run(words, board="raspi"):
        if board not in stems:
            os.mkdir(where / board)
            stems[board] = k.build(str(where / board), *BOARDS[board]["build"], board=board)
        if (words, board) not in done:
            done[words, board] = compared(words, board, stems[board])
        if (words, board) == KEPT:
            return copy.deepcopy(done[words, board])
        return done.pop((words, board))

    def compared(words, board, stem):
        parameters = f"exhibit=kmap-race {words} pkmap=8 list=on trace=off exit=semihost"
        want = run_qemu(stem + ".bin", *BOARDS[board]["qemu"], "-append", parameters, board=board)
        have = run_sim(stem + ".bin", *BOARDS[board]["sim"], "--append", parameters, "--symbols", stem + ".elf",
                       "--events", str(where / "events"))
        for r, truth in (want, b"modelled"), (have, b"simulated"):
            assert b"cache=vipt,16k,4way,32b truth=" + truth in r.stdout and r.returncode == 0, r.stdout[-800:]
        found = [stale_keys(positions(r.stdout)) for r in (want, have)]
        pages = {key[3][:5] for p in found[0].values() for key in [*p, *p.stale]}
        with open(where / "events") as f:
            return *found, Log(f, pages)
    return run


def stale_keys(found):
    """Each position's stale lines as {(page, line, va, pa): (want, got)}."""
    for p in found.values():
        rows = [re.match(r"stale page=(\S+) line=(\d+) va=(\w+) pa=(\w+) want=(\w+) got=(\w+) by=", text)
                for text in p.stale]
        p.stale = {(m[1], int(m[2]), m[3], m[4]): (m[5], m[6]) for m in rows}
    return found


def line_events(log, at, pa):
    line = int(pa, 16) & ~(LINE - 1)
    return sorted((e for (_, epa), events in log.stretch[at][0].items() if int(epa, 16) == line for e in events),
                  key=lambda e: e[0])  # those of one instruction stay in their order


def device_wrote(log, at, pa):
    """When the device had written the page of pa: the last transfer of this position into it."""
    return max((when for when, to in log.stretch[at][1] if to[:5] == pa[:5]), default=None)


def was_evicted_in_time(log, at, pa):
    """The line's last event before the device wrote was to leave the cache, by somebody's fill."""
    wrote = device_wrote(log, at, pa)
    before = [e for e in line_events(log, at, pa) if wrote and e[0] < wrote]
    return bool(before) and before[-1][1] == "evict"


def discarded_dirty(log, at, pa):
    return any(e[1:3] == ("discard", "inv-mva") and e[3] for e in line_events(log, at, pa))


def compare(want, have, log, places):
    """The findings, as texts: every difference that is not an eviction."""
    findings = []
    # A page that has lost something is given its contents anew, the complement of the last ones. So
    # in one that an eviction has saved from that, old and new are the other way round from then on.
    turned = set()
    for at in places:
        q, s = want[at], have[at]
        for name, more, less in ("lost", s, q), ("stale", s.stale, q.stale):
            findings += [f"{at}: {name} here, and not the same in QEMU: {key} {value}"
                         for key, value in more.items() if less.get(key) != value
                         and not (key[3][:5] in turned and less.get(key) == value[::-1])]
        turned |= {key[3][:5] for key in q if not any(other[3][:5] == key[3][:5] for other in s)}
        findings += [f"{at}: lost without a discard: {key}" for key in s if not discarded_dirty(log, at, key[3])]
        findings += [f"{at}: in QEMU {key} is lost; discarded here, or not evicted"
                     for key in q if key not in s and discarded_dirty(log, at, key[3])]
        findings += [f"{at}: in QEMU {key} is stale; no eviction before the device wrote"
                     for key in q.stale if key not in s.stale and not was_evicted_in_time(log, at, key[3])]
        v = s.verdict
        status = "LOST" if s else "STALE" if s.stale else "OK"
        for key, value in {"lost_lines": len(s), "stale_dma": len(s.stale), "status": status,
                           "saved_lines": len(set(q) - set(s)), "unexpected": 0, "other_lines": 0}.items():
            if v[key] != str(value):
                findings.append(f"{at}: {key}={v[key]}, its lines say {value}")
        if status not in v["expect"].split("|"):
            findings.append(f"{at}: {status} is not in expect={v['expect']}")
    return findings


def totals(found, places):
    return sum(len(found[at]) for at in places), sum(len(found[at].stale) for at in places)


@pytest.mark.parametrize("board", BOARDS if os.environ.get("MURPHY_LONG") else ["raspi"])
@pytest.mark.parametrize("fix", TABLE)
def test_every_place_line_for_line(both, fix, board):
    lost, stale, stale_before = TABLE[fix]
    want, have, log = both(f"fix={fix} sweep=at", board)
    assert set(POSITIONS) <= set(want) and set(POSITIONS) <= set(have) and set(POSITIONS) <= set(log.stretch)
    assert totals(want, POSITIONS) == (lost, stale)
    findings = compare(want, have, log, POSITIONS)
    assert not findings, "\n".join(findings[:20])
    print(f"fix={fix}: lost and stale in QEMU {totals(want, POSITIONS)}, here {totals(have, POSITIONS)}")
    assert totals(have, POSITIONS)[1] >= stale / 2, "more evicted than the kernel's own data can explain"
    want, have, log = both(f"fix={fix} preempt=before", board)
    assert totals(want, [BEFORE]) == (0, stale_before)
    findings = compare(want, have, log, [BEFORE])
    assert not findings, "\n".join(findings[:20])
    assert len(have[BEFORE].stale) >= stale_before / 2


@pytest.mark.parametrize("broken", ["late-eviction", "no-discard", "extra-stale", "verdict"])
def test_the_comparison_can_fail(both, broken):
    want, have, log = both("fix=none sweep=at")
    assert not compare(want, have, log, POSITIONS)
    at, key = next((at, key) for at in POSITIONS for key in want[at].stale if key not in have[at].stale)
    events, copies = log.stretch[at]
    if broken == "late-eviction":
        log.stretch[at] = events, [(0, to) for _, to in copies]
    elif broken == "no-discard":
        lost = next(iter(have["at:0"]))
        log.stretch["at:0"][0].pop(lost[2:])
    elif broken == "extra-stale":
        have[at].stale["P", 3, "bfe00060", "07c00060"] = "00000001", "00000002"
    else:
        have["at:7"].verdict["stale_dma"] = "1"
    assert compare(want, have, log, POSITIONS)
