# SPDX-License-Identifier: MIT
"""The kernel on the emulated Raspberry Pi: every start, hunter mode, a bus alias that is not its
own, and a cache that fills by itself."""
import os
import re
import sys

import pytest

import kernelimage as k

sys.path.insert(0, os.path.join(k.TOP, "tests", "system"))
import devicetree  # noqa: E402

FILLS = ["--mutant", "prefetch"]


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")), board="raspi")


@pytest.fixture(scope="module")
def boot(stem, run_sim):
    """boot(parameters, *options) -> (status, output, stderr)"""
    def run(parameters, *options, path=stem + ".bin"):
        r = run_sim(path, "--board", "raspi", "--append", parameters + " exit=semihost", "--symbols", stem + ".elf",
                    "--max-insns", "600M", *options)
        return r.returncode, r.stdout.decode().replace("\r", ""), r.stderr.decode()
    return run


@pytest.mark.parametrize("options", [["--entry", "on"], ["--entry", "on", "--seed", "2"], ["--entry", "dirty"],
                                     ["--load-at", "0x3000000"], ["--mem", "256M"]])
@pytest.mark.parametrize("parameters", ["selftest=control", "selftest=sched", "selftest=dmatest runs=20"])
def test_starts_from(boot, parameters, options):
    """Every line asserted and one routed to FIQ, compares that match at once, channels that end; lines
    and TLB entries of a loader; elsewhere; half the RAM."""
    status, out, _ = boot(parameters, *options)
    assert status == 0 and out.rstrip().endswith("status=OK"), out[-600:]
    assert not re.search("irq: (line|no|spurious)", out)


@pytest.mark.parametrize("size, at", [(0, "00000100"), (60000, "1bdf")])
def test_starts_with_a_device_tree(stem, run_sim, tmp_path, size, at):
    tree = devicetree.machine("selftest=irq exit=semihost", reg=(0, 0x1C000000))
    (tmp_path / "pi.dtb").write_bytes(devicetree.blob(tree, size))
    r = run_sim(stem + ".bin", "--board", "raspi", "--dtb", tmp_path / "pi.dtb", "--max-insns", "300M")
    out = r.stdout.decode()
    assert r.returncode == 0 and f"loader   device tree at {at}" in out, out[-600:]
    assert "442368 KiB highmem" in out


def test_without_a_word_of_memory_the_firmware_is_asked(stem, run_sim, tmp_path):
    """A tree that has parameters and no bank; --mem is what the board has, less the GPU's 64 MiB."""
    tree = devicetree.machine("selftest=irq exit=semihost", reg=())
    (tmp_path / "pi.dtb").write_bytes(devicetree.blob(tree))
    for mem, highmem in ("512M", 448 - 16), ("256M", 192 - 16):
        r = run_sim(stem + ".bin", "--board", "raspi", "--mem", mem, "--dtb", tmp_path / "pi.dtb", "--max-insns", "300M")
        out = r.stdout.decode()
        assert r.returncode == 0 and f" {highmem * 1024} KiB highmem" in out, out[-800:]


def test_hunter_finds_nothing(boot):
    for parameters in ["selftest=dmatest runs=30", "exhibit=kmap-race fix=auto preempt=at:41"]:
        status, out, err = boot(parameters, "--check")
        assert status == 0 and "check: 0 findings" in err, out[-300:] + err


def test_another_alias_stops_at_the_boots_copy(boot):
    """What QEMU cannot show: the engine does not see what the CPU wrote."""
    status, out, err = boot("selftest=dmatest runs=3", "--alias", "c")
    assert status != 0 and "status=OK" not in out
    assert "0x40000000" in out and "alias 0x40000000 is not the ARM's view" in err


@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_cache_that_fills_by_itself(boot, seed):
    """The invalidate when a mapping ends is needed there, and only there."""
    test = "selftest=dmatest runs=60"
    assert boot(test, *FILLS, "--seed", seed)[0] == 0
    assert boot(test + " skip=unmap-from")[0] == 0
    status, out, _ = boot(test + " skip=unmap-from", *FILLS, "--seed", seed)
    assert status == 1 and "dmatest: in all dstbuf mismatch: before=0 inside=" in out
    status, _, err = boot(test + " skip=unmap-from", *FILLS, "--seed", seed, "--check")
    assert status == 1 and "check stale-read: " in err
    _, _, err = boot(test, *FILLS, "--seed", seed, "--check")
    assert "check: 0 findings" in err


def test_answers_that_change_places(boot):
    for parameters in ["selftest=irq", "selftest=sched", "selftest=dmatest runs=20"]:
        status, out, err = boot(parameters, "--mutant", "reorder")
        assert status == 0 and "misuse" not in err, out[-300:] + err
