# SPDX-License-Identifier: MIT
"""The losses in QEMU against a second cache model, written from the rules and not from cache/: how
many lines are lost or stale at each place, and that expect= holds what must happen."""

import os
import random

import pytest

import qemu

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu", reason="high memory has the cache for itself")
SEED = int(os.environ.get("MURPHY_SEED") or random.randrange(1, 10**6))
LINES = 128


class Cache:
    """Lines by (page, number); page P and Q are one page to a VIVT cache, which knows their address only."""

    def __init__(self, size, ways, allocates):
        self.ways, self.allocates = ways, allocates
        self.sets = size // 32 // ways
        self.lines = [[None] * ways for _ in range(self.sets)]
        self.next = [0] * self.sets
        self.dirty = set()

    def holds(self, key):
        return key in self.lines[key[1] % self.sets]

    def fill(self, key):
        ways = self.lines[key[1] % self.sets]
        if None in ways:
            way = ways.index(None)
        else:
            way = self.next[key[1] % self.sets]
            self.next[key[1] % self.sets] = (way + 1) % self.ways
            self.dirty.discard(ways[way])
        ways[way] = key

    def use(self, page, reads, writes):
        for n in range(LINES if reads else 0):
            if not self.holds((page, n)):
                self.fill((page, n))
        for n in range(LINES if writes else 0):
            if not self.holds((page, n)) and self.allocates:
                self.fill((page, n))
            if self.holds((page, n)):
                self.dirty.add((page, n))

    def invalidate(self, page, n):
        """True if dirty bytes are thrown away."""
        ways = self.lines[n % self.sets]
        if (page, n) in ways:
            ways[ways.index((page, n))] = None
        lost = (page, n) in self.dirty
        self.dirty.discard((page, n))
        return lost

    def flush(self):
        self.lines = [[None] * self.ways for _ in range(self.sets)]
        self.dirty = set()


def predict(index, size, ways, allocates, fix, victim, at):
    """(lost lines of Q, stale lines of P) when the loop is interrupted before line `at`."""
    c = Cache(size, ways, allocates)
    c.use("P", True, True)
    for n in range(at):
        c.invalidate("P", n)
    if index == "vivt":
        c.flush()  # at the wrap
    c.use("Q", victim in ("rw", "r"), victim in ("rw", "w"))
    # percheck sees after one line that the address has changed
    lost = sum(c.invalidate("Q", n) for n in range(at, LINES if fix == "none" else min(at + 1, LINES)))
    # P's lines that are still there, all of them dirty: the device's data is not seen
    return lost, sum(c.holds(("P", n)) for n in range(LINES))


def shape_of(r):
    while True:
        index, size, ways = r.choice(["vivt", "vipt", "pipt"]), 1024 << r.randrange(6), 1 << r.randrange(6)
        if size >= ways * 32 and size // ways <= 4096:
            return index, size, ways, r.random() < 0.4


@pytest.mark.parametrize("n", range(6))
def test_every_position_loses_what_the_rules_say(n):
    r = random.Random(f"{SEED} {n}")
    index, size, ways, allocates = shape_of(r)
    fix, victim = r.choice(["none", "none", "percheck"]), r.choice(["rw", "rw", "w", "r"])
    shape = f"{index},{size // 1024}k,{ways}way,32b" + ",wa" * allocates
    print(f"MURPHY_SEED={SEED}: {shape} {fix} {victim}")
    result = qemu.boot(f"exhibit=kmap-race sweep=at list=on trace=off cache={shape} fix={fix} victim={victim} pkmap=4",
                       timeout=300)
    *each, whole = [v for v in result.verdicts if v.get("exhibit")]
    assert len(each) == 129 and result.exit == 0 and whole["unexpected"] == "0"
    want = [predict(index, size, ways, allocates, fix, victim, at) for at in range(129)]
    assert int(whole["lost_lines"]) == sum(lost for lost, _ in want)
    assert int(whole["stale_dma"]) == sum(stale for _, stale in want)
    for v in each:
        lost, stale = want[int(v["preempt"][3:])]
        assert (int(v["lost_lines"]), int(v["stale_dma"])) == (lost, stale), v
        assert ("LOST" if lost else "STALE" if stale else "OK") in v["expect"].split("|")
