# SPDX-License-Identifier: MIT
"""The emulator's cache against the modelled run in QEMU, lost line for lost line.

At the default size the kernel's own data shares the cache, so a line of the victim page Q can have
left it before the driver's invalidate comes, and is then saved:
  - evicted after T2's write: dirty, so written back;
  - evicted between T2's read and its write, which missed and went to memory.
Nothing else may make a difference, and the event log must show it: within this position's
stretch of the run, before the device's transfer, and before the invalidate passed the line.
"""
import bisect
import re

import pytest

import kernelimage as k

POSITIONS = [f"at:{n}" for n in range(129)]
# what a difference in lost lines may change in a verdict, and what only tells where it ran
COUNTS = {"bad", "lost_lines", "lost_bytes", "why", "saved_lines", "status"}
WHERE = {"cache", "truth", "expect"}
LINE = 32


def slots(fix):
    """A wrap of 64 slots is as good as one of all 512, and comes eight times sooner. But percheck has
    one line at risk, and only a busier cache evicts some of those."""
    return 512 if fix == "percheck" else 64


class Lost(dict):
    """One position: {(page, line, va, pa): (want, got)} and the verdict's keys."""

    def __init__(self, verdict):
        super().__init__()
        self.verdict = verdict
        self.stale = []


def positions(output):
    """{at:N: Lost}: the lists come before the verdict that they belong to."""
    found, lost, stale = {}, {}, []
    for text in output.decode(errors="replace").replace("\r", "").splitlines():
        m = re.match(r"(lost|stale) page=(\S+) line=(\d+) va=(\w+) pa=(\w+) want=(\w+) got=(\w+)", text)
        if m and m.group(1) == "lost":
            lost[m.group(2), int(m.group(3)), m.group(4), m.group(5)] = m.group(6, 7)
        elif m:
            stale.append(text)
        elif text.startswith("verdict"):
            p = Lost(dict(re.findall(r"(\w+)=(\S+)", text)))
            p.update(lost)
            p.stale = stale
            found[p.verdict["preempt"]] = p
            lost, stale = {}, []
    return found


class Log:
    """The event log, cut at the verdict lines that the image printed."""

    def __init__(self, text, pages):
        """text: an iterable of lines; pages: the physical pages (hex) that matter."""
        self.stretch, events, copies = {}, {}, []
        for row in text:
            when, kind, rest = row.split(" ", 2)
            if kind == "console":
                m = re.match(r"verdict exhibit=.* preempt=(\S+)", rest)
                if m:
                    self.stretch[m.group(1)] = events, copies
                    events, copies = {}, []
            elif kind == "dma":
                copies.append((int(when), rest.split("to=")[1][:8]))
            else:
                at = rest.index(" pa=") + 4
                if rest[at:at + 5] in pages:
                    op, va, pa, dirty, _, by = (word.split("=")[1] for word in rest.split())
                    events.setdefault((va, pa), []).append((int(when), kind, op, int(dirty), by))


def why_saved(log, position, key, first_copy_after, discards):
    """None if the log shows that the line was saved by an eviction; else what is wrong."""
    page, line, va, pa = key
    events, _ = log.stretch[position]
    mine = events.get((va, pa), [])
    # the invalidate goes line by line: it passed this one before the next that it discarded
    n = bisect.bisect([l for l, _ in discards], line)
    end = min([first_copy_after] + ([discards[n][1]] if n < len(discards) else []))
    before = [e for e in mine if e[0] < end]
    kinds = [e[1] for e in before]
    if any(e[1] == "discard" for e in before):
        return f"discarded, and yet not lost: {before}"
    # Whatever came earlier in this stretch (page_give_contents after a loss), the last visit
    # of the line begins with T2's fill and ends with its eviction.
    if kinds[-2:] == ["fill", "evict"] and before[-1][3] == 0 and before[-2][4].startswith("copy_"):
        return None
    if kinds[-3:] == ["fill", "writeback", "evict"] and before[-1][2] == "load":
        return None
    return f"no eviction before {end}: {mine}"


def compare(want, have, log):
    """The findings, as texts: every difference that is not an eviction."""
    findings, saved = [], 0
    for at in POSITIONS:
        q, s = want[at], have[at]
        events, copies = log.stretch[at]
        for key in s:
            if key not in q:
                findings.append(f"{at}: lost here and not in QEMU: {key}")
            elif s[key] != q[key]:
                findings.append(f"{at}: {key} has {s[key]}, in QEMU {q[key]}")
            # what is lost must be seen to be thrown away, dirty, by an invalidate
            if not [e for e in events.get(key[2:], []) if e[1:3] == ("discard", "inv-mva") and e[3]]:
                findings.append(f"{at}: lost without a discard: {key}")
        if s.stale != q.stale:
            findings.append(f"{at}: stale lines differ: {q.stale} {s.stale}")
        missing = sorted(set(q) - set(s), key=lambda key: key[1])
        saved += len(missing)
        discards = sorted((int(pa, 16) % 4096 // LINE, e[0]) for (va, pa), l in events.items() for e in l
                          if e[1:3] == ("discard", "inv-mva") and missing and pa[:5] == missing[0][3][:5])
        for key in missing:
            fills = [e[0] for e in events.get(key[2:], []) if e[1] == "fill" and e[4].startswith("copy_")]
            # P's transfer ends the loop for sure: the first copy after T2 read the line
            after = [when for when, to in copies if fills and when > fills[0]]
            wrong = why_saved(log, at, key, after[0], discards) if after else "T2 never read it"
            if wrong:
                findings.append(f"{at}: {key}: {wrong}")
        findings += verdict_differs(at, q, s, len(missing))
    return findings, saved


def verdict_differs(at, q, s, lines_differ):
    a, b = dict(q.verdict), dict(s.verdict)
    may = WHERE | (COUNTS if lines_differ else set())
    bad = [f"{at}: {key}={b.get(key)}, in QEMU {a.get(key)}" for key in sorted(a.keys() | b.keys())
           if key not in may and a.get(key) != b.get(key)]
    sound = {"lost_lines": str(len(s)), "lost_bytes": str(LINE * len(s)), "bad": "1" if s else "0",
             "why": "dirty-lines-discarded" if s else "-", "saved_lines": str(lines_differ),
             "status": "LOST" if s else "OK"}
    if lines_differ:
        bad += [f"{at}: {key}={b[key]}, its lines say {sound[key]}" for key in sound if b[key] != sound[key]]
    return bad


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
    assert out.count("\n") < 60  # a single bad run prints its timeline


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_invalidate_that_writes_a_loaders_lines_back_ends_too(stem, run_sim, seed):
    """--entry dirty leaves random dirty lines; written back, they destroy the image before it can
    say anything. What its remains then do is chance (it depends on where each function lies);
    the emulator says how it ended."""
    r = run_sim(stem + ".bin", "--append", "exhibit=kmap-race exit=semihost", "--mutant", "inv-writes-back",
                "--entry", "dirty", "--max-insns", "5M", "--seed", str(seed))
    assert b"verdict" not in r.stdout
    assert (r.returncode, r.stderr.startswith(b"murphy-sim: the ")) in [(1, True), (124, True)]
