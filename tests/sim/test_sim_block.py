# SPDX-License-Identifier: MIT
"""leaf=block: the ARM1136's and 1176's operations on a range are one instruction each. An interrupt does
not wait for its end, and afterwards it runs again from the start: the race then loses all lines of the
other page, wherever it was interrupted."""
import re
import subprocess

import pytest

import kernelimage as k

RACE = "exhibit=kmap-race fix=none preempt=irq runs=60 pkmap=8"
# So many ways that the kernel's own data evicts no line of the two pages.
ROOMY = ["--cache", "vipt,128k,32way,32b"]


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")), "arm1176jzf-s")


@pytest.fixture(scope="module")
def boot(stem, run_sim):
    def run(parameters, *options, cpu="arm1176"):
        r = run_sim(stem + ".bin", "--cpu", cpu, "--symbols", stem + ".elf", "--append", parameters + " exit=semihost",
                    *options)
        return r.returncode, r.stdout.decode(errors="replace").replace("\r", "")
    return run


def discards(log):
    """(virtual page, physical page, line) of each line that an invalidate of a block threw away."""
    return [(va & ~0xFFF, pa & ~0xFFF, (va & 0xFFF) // 32) for va, pa in
            ((int(va, 16), int(pa, 16)) for va, pa in re.findall(
                r"^\d+ discard op=inv-mva va=(\w+) pa=(\w+) .* in=arm1136_inv_block", log, re.M))]


def restarts(found):
    """At which line each operation was that began again and met another page at its address."""
    return [line + 1 for (va, pa, line), (next_va, next_pa, next_line) in zip(found, found[1:])
            if next_va == va and next_pa != pa and next_line == 0 and line < 127]


def test_an_interrupted_block_runs_again_from_its_start(boot, tmp_path):
    log = tmp_path / "events"
    status, out = boot(f"{RACE} leaf=block", *ROOMY, "--events", str(log))
    verdict = k.verdicts(out.encode())[-1]
    lost, found = int(verdict["lost_lines"]), discards(log.read_text())
    again = restarts(found)
    # Somewhere in P it was interrupted; in Q it began at line 0 and took all of them.
    assert again and lost == 128 * len(again), (again, verdict)
    assert (status, verdict["status"]) == (0, "LOST")


def test_a_loop_goes_on_where_it_was(boot):
    """The same run by the loop of line operations: never a whole page."""
    _, out = boot(RACE, *ROOMY)
    verdict = k.verdicts(out.encode())[-1]
    assert 0 < int(verdict["lost_lines"]) < 128 * int(verdict["bad"])


@pytest.mark.parametrize("parameters", [
    "exhibit=kmap-race fix=pin preempt=irq runs=20 pkmap=8", "selftest=pkmap", "selftest=dmatest runs=300"])
def test_what_is_right_is_right_with_blocks(boot, parameters):
    status, out = boot(f"{parameters} leaf=block")
    assert status == 0 and out.rstrip().endswith("status=OK"), out[-600:]


@pytest.mark.parametrize("cpu, parameters, says", [
    ("arm11mpcore", "leaf=block", "parameter leaf=block: this core has no block operations; valid: line"),
    ("arm1176", "leaf=both", "parameter leaf=both: no such leaf; valid: line|block"),
    ("arm1176", "leaf=block exhibit=kmap-race preempt=at:41", "so there is no line N to stop before; use preempt=irq"),
    ("arm1176", "leaf=block exhibit=kmap-race sweep=at", "so there is no line N to stop before; use preempt=irq"),
    ("arm1176", "leaf=block demo=on", "parameter leaf=block: cannot go with demo=on"),
])
def test_where_there_are_no_blocks(boot, cpu, parameters, says):
    status, out = boot(parameters, cpu=cpu)
    assert status == 2 and says in out, out[-600:]


def test_the_monitor_says_whether_a_line_is_dirty(stem, sim):
    """c7,c10,6: of the whole cache; MPCore has no such register."""
    def cache(cpu):
        command = [sim, "--kernel", stem + ".bin", "--cpu", cpu, "--semihosting", "--append", "exit=semihost"]
        return subprocess.run(command, input=b"cache\nexit\n", capture_output=True, timeout=300).stdout.decode()
    assert "dirty status (c7,c10,6): there are dirty lines" in cache("arm1176")
    assert "dirty status" not in cache("arm11mpcore")
