# SPDX-License-Identifier: MIT
"""--entry on: the image starts from a loader that is manager of a domain of its own, lives in an
FCSE process, has set SCTLR's L4, S and R, and has left its interrupt handler in the middle: four
priorities in service, a line routed to FIQ, every device asserted."""
import re

import pytest

import kernelimage as k


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")))


@pytest.fixture(scope="module")
def boot(stem, run_sim):
    def run(parameters, seed, entry="on", path=stem + ".bin"):
        r = run_sim(path, "--append", parameters + " exit=semihost", "--entry", entry, "--seed", str(seed),
                    "--max-insns", "100M", timeout=300)
        return r.returncode, r.stdout.decode().replace("\r", "")
    return run


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("parameters", ["selftest=control", "selftest=sched", "selftest=irq", "selftest=dmatest runs=30"])
def test_everything_is_the_kernels_own(boot, parameters, seed):
    """Control registers; both timers' interrupts; every priority; DMA interrupts."""
    status, out = boot(parameters, seed)
    assert status == 0, out[-600:]
    sctlr = int(re.search(r"(?m)^  entered  at 00010000, CPSR \w+, SCTLR (\w{8}) ", out).group(1), 16)
    assert sctlr & 0x9305 == 0x9305  # L4, I, R, S, C, M: it was entered as said
    assert out.rstrip().endswith("status=OK")
    assert not re.search("irq: (line|no|spurious)", out)  # none that nobody had registered


@pytest.mark.parametrize("entry", ["cold", "dirty"])
def test_control_registers_from_reset(boot, entry):
    status, out = boot("selftest=control", 1, entry)
    assert status == 0 and out.rstrip().endswith("status=OK"), out


@pytest.mark.parametrize("function, callee, parameters", [
    ("board_irq_init", "pl190_init", "selftest=sched"),
    ("board_irq_init", "sic_init", "selftest=sched"),
])
def test_a_controller_left_as_it_was(boot, stem, tmp_path, function, callee, parameters):
    """Without its initialization no interrupt comes through, or one that is nobody's."""
    path = str(tmp_path / "image.bin")
    k.without_call(stem, function, callee, -1, path)
    assert boot(parameters, 1, "cold", path=path)[0] == 0
    status, out = boot(parameters, 1, path=path)
    assert status != 0 or re.search("irq: (line|no|spurious)", out)
