# SPDX-License-Identifier: MIT
"""Consistent memory in the running kernel."""

import qemu


def test_zeroed_and_gone_at_its_end():
    result = qemu.boot("selftest=consistent")
    assert result.exit == 0, result.out
    assert "consistent: 9 lives of blocks of 1, 2 and 4 pages; 0 faults" in result.out.splitlines()
    assert result.verdict["status"] == "OK"
