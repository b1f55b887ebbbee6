# SPDX-License-Identifier: MIT
"""Interrupts in the running kernel."""

import qemu


def test_the_handlers_stack_is_aligned_whatever_was_interrupted():
    result = qemu.boot("selftest=irq")
    assert result.exit == 0, result.out
    assert "irq: 4 interrupts, at stacks of both alignments" in result.out.splitlines()
