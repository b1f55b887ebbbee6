# SPDX-License-Identifier: MIT
"""Sweeps of kmap-race compared lost line for lost line, and what an event log says of a line."""
import bisect
import re

POSITIONS = [f"at:{n}" for n in range(129)]
# what a difference in lost lines may change in a verdict, and what only tells where it ran
COUNTS = {"bad", "lost_lines", "lost_bytes", "why", "saved_lines", "status"}
WHERE = {"cache", "truth", "expect"}
LINE = 32


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
            elif kind != "pin":
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
