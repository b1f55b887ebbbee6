# SPDX-License-Identifier: MIT
"""The second table of docs/strategies.md: kmap-race on physically tagged caches, row by row."""

import re

import pytest

import qemu
from test_demo import documented, printed

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu", reason="needs the model's geometry")
VIPT = "vipt,16k,4way,32b"
SECTION = 2  # of docs/strategies.md


def counts(cell):
    """What a documented cell says of the positions it is about: lines lost and lines stale, over N = 0..127
    where it depends on N."""
    def of(word):
        m = re.search(rf"{word}, (?:(\d+) lines?\b|128 - N)", cell)
        return 0 if not m else int(m[1]) * (128 if word == "LOST" else 1) if m[1] else 128 * 129 // 2
    return of("LOST"), of("STALE")


def shown(cell):
    """The same of a cell that the demo printed."""
    both = re.fullmatch(r"LOST (\d+), STALE (\d+) in 128 of 129", cell)
    if both:
        return int(both[1]), int(both[2])
    one = re.fullmatch(r"(LOST|STALE)(?: in 128 of 129)?, (\d+) lines", cell)
    assert one or cell.startswith("OK"), cell
    lines = int(one[2]) if one else 0
    return (lines, 0) if one and one[1] == "LOST" else (0, lines)


@pytest.fixture(scope="module")
def demo():
    return qemu.boot(f"demo=on cache={VIPT}", icount=True)


def test_the_table_is_the_documented_one(demo):
    docs, rows = documented(SECTION), printed(demo.out)
    first = {}
    for fix, *cells in rows:
        first.setdefault(fix, cells)
    assert set(first) == set(docs) and len(docs) == 9
    for fix, cells in docs.items():
        assert [shown(c) for c in first[fix]] == [counts(c) for c in cells], (fix, cells, first[fix])
        assert ("nothing to interrupt" in cells[2]) == ("no loop" in first[fix][2])
    assert demo.exit == 0 and demo.verdicts[-1]["status"] == "OK"
    assert max(map(len, demo.out[demo.out.index("5. Every strategy"):].split("verdict")[0].splitlines())) <= 80


def test_the_story_is_the_one_of_physical_tags(demo):
    """What is told was seen, and each figure is also the verdict's."""
    bug, cured, missed, cured_too = demo.verdicts[:4]
    stories = demo.out.split("verdict exhibit")[:4]
    assert [(v["lost_lines"], v["stale_dma"]) for v in demo.verdicts[:4]] == [
        ("87", "87"), ("0", "0"), ("0", "128"), ("0", "0")]
    assert (bug["fix"], cured["fix"], missed["fix"], cured_too["fix"]) == ("none", "pin", "irqoff", "auto")
    for story, left in zip(stories, (87, 0, 128, 0)):
        assert "wraps to zero: nothing is flushed" in story and "flush_cache_kmaps" not in story
        told = re.findall(r"dirty lines of page P that are left in the cache: (\d+)", story)
        assert told == ([str(left)] if left else [])
        assert f"the oracle reads page P: {left} lines are wrong" in story
    assert "page P (lines 41 to 127" not in stories[0] and "page P (lines 41 to 127" in stories[1]
    assert "kmap_atomic(P)" in stories[3] and not any("kmap_atomic" in s for s in stories[:3])
    assert stories[3].count("the loop invalidates: 128 dirty lines of page P") == 1
    # P's lines from N on, and no others, are the stale ones
    assert stories[0].count("#########XXXXXXXXXXXXXXXXXXXXXXX\n") == 2


def test_each_position(demo):
    """The sums of the table are those of exactly the lines from N on."""
    for fix, lost in ("none", lambda n: 128 - n), ("percheck", lambda n: int(n < 128)), ("cleaninv", lambda n: 0):
        result = qemu.boot(f"exhibit=kmap-race cache=pipt,16k,4way,32b fix={fix} sweep=at list=verdicts pkmap=8")
        *each, whole = result.verdicts
        assert [int(v["lost_lines"]) for v in each] == [lost(n) for n in range(129)]
        assert [int(v["stale_dma"]) for v in each] == [128 - n for n in range(129)]
        assert whole["unexpected"] == whole["other_lines"] == "0" and result.exit == 0
        assert {v["why"] for v in each[:-1]} == {
            "old-lines-hit" if fix == "cleaninv" else "dirty-lines-discarded+old-lines-hit"}


@pytest.mark.parametrize("fix", ["pin", "auto", "atomic"])
def test_a_timer_at_a_random_moment(fix):
    """Also before there is a loop. Nothing is left to luck: expect= is OK alone."""
    for icount in (True, False):
        v = qemu.boot(f"exhibit=kmap-race cache={VIPT} pkmap=8 fix={fix} preempt=irq runs=60", icount=icount).verdict
        assert (v["bad"], v["expect"], v["status"]) == ("0", "OK", "OK")
