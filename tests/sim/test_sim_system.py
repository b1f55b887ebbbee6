# SPDX-License-Identifier: MIT
"""The system tests of the kernel once more, in the emulator: there its own cache operations act on
caches that hold data, with nothing modelled inside the kernel."""
import os
import subprocess
import sys

import pytest

SYSTEM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "system")


@pytest.mark.parametrize("name", ["race", "pkmap", "sched", "dmatest", "dma_debug"])
def test_system_tests_pass_in_the_emulator(sim, name):
    """sim: built before they look for it."""
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "--emu=sim", "-p", "no:cacheprovider",
                          os.path.join(SYSTEM, f"test_{name}.py")],
                         capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stdout[-3000:]
    assert " passed" in run.stdout
