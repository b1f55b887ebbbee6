# SPDX-License-Identifier: MIT
"""The benchmark's program computes the same in every emulator. (Its speed is a benchmark's
business: make bench.)"""
import speed


def test_the_program_is_right_in_every_emulator():
    """measure() ends with an error if one of them gets another result than the host."""
    insns, rows = speed.measure(5)
    assert insns > 1_000_000
    assert [name for name, _, _ in rows][:3] == ["murphy-sim, caches on", "murphy-sim --check",
                                                "QEMU (no caches)"]
