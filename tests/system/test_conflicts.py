# SPDX-License-Identifier: MIT
"""Parameters that contradict each other: one line names them, and nothing is run."""
import pytest

import qemu

USAGE = 2

ONE_OF = "a boot does one of bench, demo, exhibit, selftest"
SWEEP = "sweep=at runs once at each position, so runs= cannot go with it; leave one out"


@pytest.mark.parametrize("words, said", [
    ("exhibit=kmap-race selftest=pkmap", f"selftest=pkmap: cannot go with exhibit=kmap-race; {ONE_OF}"),
    ("selftest=pkmap exhibit=kmap-race", f"selftest=pkmap: cannot go with exhibit=kmap-race; {ONE_OF}"),
    ("demo=on exhibit=kmap-race", f"exhibit=kmap-race: cannot go with demo=on; {ONE_OF}"),
    ("demo=on selftest=pkmap", f"selftest=pkmap: cannot go with demo=on; {ONE_OF}"),
    ("bench=counts demo=on", f"demo=on: cannot go with bench=counts; {ONE_OF}"),
    ("cache=native bench=marks exhibit=kmap-race", f"exhibit=kmap-race: cannot go with bench=marks; {ONE_OF}"),
    ("exhibit=kmap-race sweep=at runs=5", f"runs=5: {SWEEP}"),
    ("runs=2 sweep=at", f"runs=2: {SWEEP}"),
    ("demo=on runs=5", "runs=5: cannot go with demo=on, which has its own runs"),
    ("demo=on sweep=at", "sweep=at: cannot go with demo=on, which has its own runs"),
    ("cache=native bench=counts runs=3", "runs=3: cannot go with bench=counts, which has its own runs"),
    ("selftest=pkmap sweep=at", "sweep=at: cannot go with selftest=pkmap; it is for an exhibit"),
])
def test_conflict_is_named(words, said):
    r = qemu.boot(words)
    lines = [line for line in r.out.splitlines() if line.startswith("parameter ")]
    assert len(lines) == 1 and lines[0].startswith(f"parameter {said}")
    assert r.exit == USAGE and r.verdict == {"reason": "conflicting parameters", "status": "ERROR"}
    assert "Murphy on" not in r.out  # nothing was started


@pytest.mark.parametrize("words, status", [
    ("exhibit=kmap-race sweep=at runs=1 fix=pin", "OK"), ("exhibit=kmap-race sweep=off runs=2 fix=pin", "OK"),
    ("demo=off exhibit=kmap-race bench=off fix=pin", "OK"), ("selftest=pkmap pkmap=8 runs=800", "OK"),
])
def test_what_goes_together_is_run(words, status):
    r = qemu.boot(words)
    assert r.exit == 0 and r.verdicts[-1]["status"] == status


def test_conflict_in_the_monitor():
    with qemu.Console("exit=semihost") as console:
        console.expect("murphy> ")
        console.send("run kmap-race sweep=at runs=3\n")
        console.expect(SWEEP)
        console.send("run kmap-race runs=1\n")  # neither of the two has stayed
        console.expect(r"^verdict exhibit=kmap-race .* preempt=at:41 .* runs=1 .*\n")
        console.send("exit\n")
        assert console.wait().exit == 0
