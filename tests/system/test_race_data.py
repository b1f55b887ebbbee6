# SPDX-License-Identifier: MIT
"""Each run of the race has data of its own: a page of one run never passes for another run's."""

import qemu

# Every line of the DMA buffer is stale, and so listed with what it must hold and what it holds.
STALE = "exhibit=kmap-race fix=atomic preempt=off list=on pkmap=8"


def words(append):
    """{(line, run): (want, got)} of the stale lines."""
    result = qemu.boot(append)
    at = {}
    for text in result.out.splitlines():
        if text.startswith("stale "):
            fields = dict(pair.split("=", 1) for pair in text.split()[1:])
            line = int(fields["line"])
            at.setdefault(line, []).append((fields["want"], fields["got"]))
    assert sorted(at) == list(range(128)), result.out[-500:]
    return at


def test_each_run_has_its_own_data():
    at = words(f"{STALE} runs=4 seed=7")
    for line, runs in at.items():
        assert len(runs) == 4
        # What the device brings and what the CPU had there: eight different words.
        assert len({word for pair in runs for word in pair}) == 8, (line, runs)


def test_each_seed_has_its_own_data_and_keeps_it():
    first, again, other = (words(f"{STALE} seed={seed}") for seed in (7, 7, 8))
    assert first == again
    assert not {r[0][0] for r in first.values()} & {r[0][0] for r in other.values()}
