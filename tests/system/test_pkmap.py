# SPDX-License-Identifier: MIT
"""kmap in the running kernel: its rules, more tasks than slots, and every slot pinned."""

import re

import pytest

import qemu

FIGURES = re.compile(r"(?m)^pkmap: (?P<slots>\d+) slots: (?P<steps>\d+) steps alone with "
                     r"(?P<wraps>\d+) wraps; (?P<tasks>\d+) tasks, (?P<rounds>\d+) rounds, .*, "
                     r"(?P<sleeps>\d+) sleeps for a slot; (?P<faults>\d+) faults "
                     r"\(seed (?P<seed>\d+)\)$")


@pytest.mark.parametrize("slots, seed", [
    (2, 1), (2, 2), (2, 4242), (4, 7), (8, 1), (8, 3), (8, 99), (64, 5), (512, 1), (512, 6)])
def test_rules_and_sleepers(slots, seed):
    result = qemu.boot(f"selftest=pkmap pkmap={slots} seed={seed} runs={800 if slots > 8 else 0}")
    assert result.exit == 0, result.out
    figures = {key: int(value) for key, value in FIGURES.search(result.out).groupdict().items()}
    assert figures["slots"] == slots and figures["seed"] == seed
    assert figures["faults"] == 0
    assert figures["sleeps"] > 50 and figures["tasks"] > 4  # they really waited for one another
    assert figures["wraps"] > 0 or slots == 512
    assert figures["rounds"] == figures["tasks"] * (figures["steps"] // 20 + 1)  # nobody is lost
    assert result.verdict["status"] == "OK"


def test_the_same_seed_is_the_same_run():
    """What a failure printed can be had again."""
    runs = [qemu.boot("selftest=pkmap pkmap=4 seed=11 runs=400").out for _ in range(2)]
    assert FIGURES.search(runs[0]).group() == FIGURES.search(runs[1]).group()


@pytest.mark.parametrize("slots", [2, 8, 512])
def test_exhaustion_is_diagnosed(slots):
    """A task that pins every slot and asks for one more sleeps for ever: who waits for what."""
    result = qemu.boot(f"selftest=pkmap-exhaust pkmap={slots}")
    assert result.exit == 3, result.out
    assert "deadlock: nobody can run and no interrupt is awaited" in result.out
    assert re.search(r"(?m)^task \d+ hog waits for a free pkmap slot \(all are pinned\)$",
                     result.out)
    assert re.search(r"(?m)^task 0 main waits for the end of hog$", result.out)
    assert re.search(r"(?m)^  \[\d\] [0-9a-f]{8} hog$", result.out)
    last = result.out.splitlines()[-1]
    assert last == 'verdict reason="all tasks wait for one another" status=DEADLOCK'
