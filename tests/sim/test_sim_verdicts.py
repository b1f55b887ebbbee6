# SPDX-License-Identifier: MIT
"""The emulator's cache against the modelled run in QEMU, lost line for lost line.

At the default size the kernel's own data shares the cache, so a line of the victim page Q can have
left it before the driver's invalidate comes, and is then saved:
  - evicted after T2's write: dirty, so written back;
  - evicted between T2's read and its write, which missed and went to memory.
Nothing else may make a difference, and the event log must show it: within this position's
stretch of the run, before the device's transfer, and before the invalidate passed the line.
"""
import re

import pytest

import kernelimage as k
from lostlines import POSITIONS, Log, Lost, compare, positions


def slots(fix):
    """A wrap of 64 slots is as good as one of all 512, and comes eight times sooner. But percheck has
    one line at risk, and only a busier cache evicts some of those."""
    return 512 if fix == "percheck" else 64


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def both(stem, run_sim, run_qemu, tmp_path_factory):
    """both(fix) -> QEMU's positions, the emulator's, path of the event log. Each is run once."""
    done = {}
    where = tmp_path_factory.mktemp("events")

    def run(fix):
        if fix not in done:
            log = where / fix
            parameters = f"exhibit=kmap-race fix={fix} sweep=at list=on pkmap={slots(fix)} exit=semihost"
            want = run_qemu(stem + ".bin", "-append", parameters, timeout=300)
            have = run_sim(stem + ".bin", "--append", parameters, "--symbols", stem + ".elf",
                           "--events", str(log), timeout=300)
            assert b"truth=modelled" in want.stdout and b"truth=simulated" in have.stdout
            assert have.returncode == want.returncode == 0
            assert b"cache=vivt,16k,4way,32b" in have.stdout and b"cache=vivt,16k,4way,32b" in want.stdout
            done[fix] = positions(want.stdout), positions(have.stdout), log
        return done[fix]
    yield run
    for _, _, log in done.values():
        log.unlink()


def pages_of(want):
    return {key[3][:5] for p in want.values() for key in p}


# lost lines in QEMU, over all positions
LOSES = {"none": 129 * 128 // 2, "recheck": 129 * 128 // 2, "percheck": 128}


@pytest.mark.parametrize("fix", k.STRATEGIES)
def test_lost_line_for_lost_line(both, fix):
    want, have, path = both(fix)
    assert set(POSITIONS) <= set(want) and set(POSITIONS) <= set(have)
    with open(path) as f:
        log = Log(f, pages_of(want))
    assert set(POSITIONS) <= set(log.stretch)
    findings, saved = compare(want, have, log)
    total = sum(len(p) for p in want.values())
    print(f"fix={fix}: {total} lines lost in QEMU, {saved} of them saved here by an eviction")
    assert not findings, "\n".join(findings[:20])
    assert total == LOSES.get(fix, 0)
    assert saved < total / 5 or not total, "more saved than the kernel's own data can explain"


@pytest.fixture(scope="module")
def race(both):
    """A small sound case to break: the log's rows and both runs of fix=percheck."""
    want, have, path = both("percheck")
    with open(path) as f:
        pages = pages_of(want)
        rows = [row for row in f if " console " in row or " dma " in row or
                row[row.index(" pa=") + 4:][:5] in pages]
    return want, have, rows, pages


def saved_at(want, have):
    return [(at, key) for at in POSITIONS for key in want[at] if key not in have[at]]


@pytest.mark.parametrize("break_it", ["no-eviction", "late-eviction", "other-position", "no-discard",
                                      "kept", "extra", "other-value", "verdict"])
def test_comparison_can_fail(race, break_it):
    """A log or a list that does not show the eviction is a finding."""
    want, have, rows, pages = race
    at, key = saved_at(want, have)[0]
    va_pa = f"va={key[2]} pa={key[3]} "
    lost_at = next(p for p in POSITIONS if have[p])
    lost_key = next(iter(have[lost_at]))
    have = {p: Lost(dict(have[p].verdict)) for p in have}
    for p, v in race[1].items():
        have[p].update(v)
    rows = list(rows)
    if break_it == "no-eviction":
        rows = [r for r in rows if not (va_pa in r and (" evict " in r or " writeback " in r))]
    elif break_it == "late-eviction":
        n = max(i for i, r in enumerate(rows) if re.search(rf"console verdict .*preempt={at} ", r))
        moved = [r for r in rows[:n] if va_pa in r and (" evict " in r or " writeback " in r)]
        rows = [r for r in rows[:n] if r not in moved] + [re.sub(r"^\d+", rows[n].split()[0], r) for r in moved] + rows[n:]
    elif break_it == "other-position":
        other = POSITIONS[(POSITIONS.index(at) + 64) % 129]
        rows = [r.replace(f"preempt={at} ", "preempt=x ").replace(f"preempt={other} ", f"preempt={at} ")
                .replace("preempt=x ", f"preempt={other} ") for r in rows]
    elif break_it == "no-discard":
        rows = [r for r in rows if not (f"va={lost_key[2]} pa={lost_key[3]} " in r and " discard " in r)]
    elif break_it == "kept":
        del have[lost_at][lost_key]
        have[lost_at].verdict.update(bad="0", lost_lines="0", lost_bytes="0", why="-", status="OK")
    elif break_it == "extra":
        have[at]["P", 3, "bfe00060", "07c00060"] = "00000001", "00000002"
    elif break_it == "other-value":
        have[lost_at][lost_key] = "00000001", "00000002"
    else:
        have["at:128"].verdict["stale_dma"] = "1"
    assert compare(want, race[1], Log(race[2], pages))[0] == []
    findings, _ = compare(want, have, Log(rows, pages))
    assert findings


@pytest.mark.parametrize("mutant", ["inv-writes-back", "no-allocate", "coherent"])
def test_a_wrong_cache_is_no_eviction(both, stem, run_sim, tmp_path, mutant):
    """What a mutant saves, no eviction saved: the comparison says so."""
    want, _, _ = both("percheck")
    log = tmp_path / "events"
    r = run_sim(stem + ".bin", "--append", "exhibit=kmap-race fix=percheck sweep=at list=on exit=semihost",
                "--symbols", stem + ".elf", "--events", str(log), "--mutant", mutant,
                "--mutant-after", "truth=simulated", timeout=300)
    have = positions(r.stdout)
    assert set(POSITIONS) <= set(have)
    with open(log) as f:
        findings, saved = compare(want, have, Log(f, pages_of(want)))
    log.unlink()
    assert saved > 100 and len(findings) > 100


# --mutant from the first instruction on: what the image says in the end
FROM_THE_START = {
    "coherent": ("grow stale behind a device", "status=ERROR"),
    "inv-writes-back": ("an invalidate writes it back", "status=ERROR"),
    "no-drain": ("data abort: address ffc00000", "status=FAULT"),
    "no-allocate": ("truth=modelled", "status=LOST"),  # it holds nothing: as in QEMU
    "inv-keeps-dirty": ("truth=simulated", "status=LOST"),  # the 80200 erratum: an invalidate still loses
    "walk-in-cache": ("truth=simulated", "status=LOST"),  # harmless to a kernel that cleans its tables
}


@pytest.mark.parametrize("mutant", FROM_THE_START)
def test_every_mutant_ends_in_a_refusal_or_a_verdict(stem, run_sim, mutant):
    says, status = FROM_THE_START[mutant]
    r = run_sim(stem + ".bin", "--append", "exhibit=kmap-race cache=auto exit=semihost",
                "--mutant", mutant, "--max-insns", "600M", "--quiet")
    out = r.stdout.decode()
    last = [line for line in out.splitlines() if line.startswith("verdict")]
    assert r.returncode == (0 if status == "status=LOST" else 3)
    assert len(last) == 1 and last[0].endswith(status) and says in out
    assert out.count("\n") < 64  # a single bad run prints its timeline


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_invalidate_that_writes_a_loaders_lines_back_ends_too(stem, run_sim, seed):
    """--entry dirty leaves random dirty lines; written back, they destroy the image before it can
    say anything. What its remains then do is chance (it depends on where each function lies);
    the emulator says how it ended."""
    r = run_sim(stem + ".bin", "--append", "exhibit=kmap-race exit=semihost", "--mutant", "inv-writes-back",
                "--entry", "dirty", "--max-insns", "5M", "--seed", str(seed))
    assert b"verdict" not in r.stdout
    assert (r.returncode, r.stderr.startswith(b"murphy-sim: the ")) in [(1, True), (124, True)]
