# SPDX-License-Identifier: MIT
"""The scheduler in the running kernel, and the panics in which its guards must end."""

import re

import qemu


def test_selftest():
    result = qemu.boot("selftest=sched")
    assert result.exit == 0, result.out
    assert re.search(r"(?m)^sched: 3 rounds of .*; 0 faults$", result.out)
    assert result.verdict["status"] == "OK"


def test_switches_are_asked_for_and_allowed():
    result = qemu.boot("selftest=preempt")
    assert result.exit == 0, result.out
    assert re.search(r"(?m)^preempt: 0 faults$", result.out)


def test_a_stack_overflow_names_the_task():
    result = qemu.boot("selftest=sched-overflow")
    assert result.exit == 3, result.out
    assert re.search(r"(?m)^panic: sched/schedule\.c:\d+: schedule: stack of task glutton "
                     r"overflowed \(guard words at 0x[0-9a-f]+ changed\)$", result.out)
    assert re.search(r"(?m)^  \[\d\] [0-9a-f]{8} glutton$", result.out)
    assert result.out.splitlines()[-1].endswith(" status=ERROR")


def test_a_deadlock_says_who_waits_for_what():
    result = qemu.boot("selftest=sched-deadlock")
    assert result.exit == 3, result.out
    for line in ("task 0 main waits for the end of plato", "task 1 plato waits for the left fork",
                 "task 2 socrates waits for the right fork"):
        assert re.search(f"(?m)^{line}$", result.out), result.out
    assert result.out.splitlines()[-1].endswith(" status=DEADLOCK")
