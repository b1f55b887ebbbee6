# SPDX-License-Identifier: MIT
"""The demo: its table is the one of docs/strategies.md, its figures agree, and it can fail."""

import os
import re

import pytest

import qemu

STRATEGIES = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "strategies.md")
modelled_only = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu", reason="exact in the model only")


def documented(section=0):
    """{fix: its cells} as a table of docs/strategies.md has them: the first for VIVT, then physical tags."""
    with open(STRATEGIES, encoding="utf-8") as doc:
        part = doc.read().split("\n## ")[section]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in part.splitlines() if line.startswith("| `")]
    assert len(rows) > 1 and len(set(map(len, rows))) == 1
    return {row[0].strip("`"): tuple(row[1:-1]) for row in rows[1:]}  # the first names the columns


def printed(out):
    """[(fix, cell, ...)] as the demo prints them, by the columns' places."""
    lines = out.splitlines()
    head = next(n for n, line in enumerate(lines) if line.split()[:1] == ["fix="])
    starts = [m.start() for m in re.finditer(r"\S+(?: \S+)*", lines[head]) if m[0] != "victim="]
    rows = []
    for line in lines[head + 1:]:
        if not line.strip():
            break
        # the victim stands at the end, in a column of its own
        cells = line[:line.rindex(" ")]
        rows.append(tuple(cells[at:end].strip() for at, end in zip(starts, starts[1:] + [None])))
    return rows


def meaning(cell):
    """What a documented cell says of the positions 0..127: status, and lines lost in all."""
    status, _, rest = cell.partition(",")
    if cell.startswith("OK"):
        return "OK", 0
    assert status in ("LOST", "STALE"), cell
    if "128 - N" in rest:
        return status, sum(128 - n for n in range(128))
    lines = int(re.search(r"(\d+) lines?", rest).group(1))
    return status, lines


def seen(cell):
    """What a printed cell says: status, positions that went wrong, lines in all."""
    numbers = [int(n) for n in re.findall(r"\d+", cell)]
    return re.match(r"[A-Z]+", cell).group(), numbers[0] if len(numbers) > 1 else 0, numbers[-1] if numbers else 0


@pytest.fixture(scope="module")
def demo():
    return qemu.boot("demo=on")


def test_it_is_for_80_columns_and_without_escapes(demo):
    table = demo.out[demo.out.index("3. Every strategy"):demo.out.index("verdict demo=")]
    assert max(map(len, table.splitlines())) <= 80
    assert demo.exit == 0 and demo.verdicts[-1]["status"] == "OK"
    assert "\033[" not in demo.out


def test_colour_marks_what_is_lost():
    assert "\033[1;31m" in qemu.boot("exhibit=kmap-race fix=none preempt=at:41 color=on").out


@modelled_only
def test_the_table_is_the_documented_one(demo):
    docs, rows = documented(), printed(demo.out)
    first = {}
    for fix, off, at in rows:
        first.setdefault(fix, (off, at))
    assert set(first) == set(docs) and len(docs) == 9
    for fix, (off, at) in docs.items():
        status, lines = meaning(off)
        assert seen(first[fix][0])[::2] == (status, lines), (fix, off, first[fix][0])
        status, lines = meaning(at)
        if lines and "128 - N" not in at:
            lines *= 128  # as many at each of the positions 0..127
        assert seen(first[fix][1]) == (status, 128 if lines else 0, lines), (fix, at, first[fix][1])
        # Nothing was lost because nothing could be interrupted: both say so, or neither.
        assert ("nothing to interrupt" in at) == ("no loop" in first[fix][1]), (at, first[fix][1])
    assert demo.exit == 0 and demo.verdicts[-1]["status"] == "OK"


@modelled_only
def test_the_timeline_counts_as_the_verdict_does(demo):
    """Each figure of the story is also known from elsewhere: the verdict, or arithmetic."""
    bug = demo.verdicts[0]
    story = demo.out[:demo.out.index("verdict exhibit")]
    lines, first, last, size = map(int, re.search(
        r"(\d+) dirty lines of page Q \(lines (\d+) to (\d+), (\d+) bytes\)", story).groups())
    assert (lines, size) == (int(bug["lost_lines"]), int(bug["lost_bytes"])) == (87, 2784)
    assert (first, last) == (41, 127)
    pages, low, high = map(int, re.search(r"(\d+) other pages.*slots (\d+) to (\d+)", story).groups())
    assert pages == high - low + 1
    assert re.search(r"the oracle reads page Q: 87 lines", story)
    assert re.search(r"the device has written page P \(4096 bytes\)", story)
    assert re.search(r"before line 41\b", story)
    for page in "PQ":
        assert re.search(rf"reads and writes page {page} at vaddr \w+: 128 lines", story)


@modelled_only
def test_it_fails_when_a_strategy_does_not_do_what_it_should():
    """Without the invalidate every strategy leaves the device's data unseen."""
    result = qemu.boot("demo=on pkmap=16 skip=map-from")
    rows = {fix: off for fix, off, _ in printed(result.out)}
    assert seen(rows["pin"]) == ("STALE", 0, 128)
    assert result.verdicts[-1]["status"] == "UNEXPECTED" and result.exit == 1
