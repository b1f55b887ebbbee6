# SPDX-License-Identifier: MIT
"""The ARM11 image on the emulated ARM11 cores: from every state, and with single operations left out.

What is not modelled, and so not shown by any test: a missing flush of the branch predictor (c7,c5,6),
of the prefetch buffer (c7,c5,4), and erratum 411920 (an I-cache that keeps lines which were
invalidated). Code is changed at run time by selftest=ldst alone, which needs trapped windows: so
arm11_code_changed() runs in QEMU only, whose fetches need nothing."""
import pytest

import kernelimage as k

PIN = "exhibit=kmap-race fix=pin preempt=at:41"
CONTROL = "selftest=control"


@pytest.fixture(scope="module")
def stem(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image")), "arm1176jzf-s")


@pytest.fixture(scope="module")
def stem926(tmp_path_factory):
    return k.build(str(tmp_path_factory.mktemp("image926")))


@pytest.fixture(scope="module")
def boot(stem, run_sim):
    """boot(parameters, *options) -> (exit status, what it wrote)"""
    def run(parameters, *options, cpu="arm1176", path=stem + ".bin"):
        r = run_sim(path, "--cpu", cpu, "--append", parameters + " exit=semihost", *options, "--max-insns", "300M")
        return r.returncode, r.stdout.decode(errors="replace").replace("\r", "")
    return run


@pytest.mark.parametrize("cpu", ["arm1136", "arm1176", "arm11mpcore"])
@pytest.mark.parametrize("entry", ["cold", "dirty", "on"])
@pytest.mark.parametrize("parameters", [CONTROL, PIN])
def test_starts_from_what_a_loader_leaves(boot, cpu, entry, parameters):
    status, out = boot(parameters, "--entry", entry, cpu=cpu)
    assert status == 0 and out.rstrip().endswith("status=OK"), out[-600:]
    assert f"  core     {cpu}" in out and "truth=simulated" in out


def test_the_caches_of_an_arm1176_lose_what_the_model_loses(boot, run_qemu, stem):
    """All 129 positions: what QEMU's modelled run says of the 16 KiB of physical tags."""
    sweep = "exhibit=kmap-race fix=none sweep=at list=verdicts"
    # 128 KiB would alias: 4 KiB a way, but so many ways that the kernel's own data evicts no line.
    status, out = boot(sweep, "--cache", "vipt,128k,32way,32b")
    want = run_qemu(stem + ".bin", "-cpu", "arm1176", "-append", sweep + " exit=semihost")
    says = ["preempt", "bad", "lost_lines", "stale_dma", "why", "status"]
    have, want = ([{key: v.get(key) for key in says} for v in k.verdicts(text)]
                  for text in (out.encode(), want.stdout))
    assert len(have) >= 129 and have == want
    assert status == 0


# operation left out -> emulator options and the run that shows it
REMOVED = [
    ("entry", "c7,c14,0", ["--entry", "on"], PIN),
    ("entry", "c7,c6,0", ["--entry", "dirty"], PIN),
    (("entry", "copy_words", "after_move", "start_virtual"), "c7,c5,0", ["--entry", "dirty"], PIN),
    (("entry", "after_move"), "c8,c7,0", ["--entry", "dirty"], PIN),
    ("kmap_new", "c7,c10,1", [], PIN),
    ("kmap_new", "c7,c10,4", [], PIN),
    ("tlb_flush_range", "c8,c7,1", [], "exhibit=kmap-race fix=pin preempt=irq runs=30 pkmap=4"),
    ("arm11_inv_lines", "c7,c6,1", [], PIN),
    ("arm11_clean_lines", "c7,c10,1", [], "selftest=dmatest fix=atomic runs=300"),
    ("arm11_clean_inv_lines", "c7,c14,1", [], "selftest=dmatest fix=atomic runs=300"),
]


@pytest.mark.parametrize("function, operation, options, parameters", REMOVED,
                         ids=[f"{f if isinstance(f, str) else 'head'}-{o}" for f, o, _, _ in REMOVED])
def test_without_an_operation(boot, stem, tmp_path, function, operation, options, parameters):
    path = str(tmp_path / "image.bin")
    k.without(stem, function, operation, path)
    sound, broken = (boot(parameters, *options, path=p) for p in (stem + ".bin", path))
    assert sound[0] == 0, sound[1][-600:]
    last = [out.rstrip().splitlines()[-1:] for _, out in (sound, broken)]
    assert (sound[0], last[0]) != (broken[0], last[1]), "not noticed"


@pytest.mark.parametrize("entry", ["cold", "dirty", "on"])
@pytest.mark.parametrize("built_for, cpu", [("arm926ej-s", "arm1176"), ("arm1176jzf-s", "arm926")])
def test_an_image_for_another_family_names_the_core(boot, stem, stem926, built_for, cpu, entry):
    path = (stem926 if built_for == "arm926ej-s" else stem) + ".bin"
    _, out = boot("", "--entry", entry, cpu=cpu, path=path)
    assert f"core with MIDR 41" in out and f"this image is for {built_for} (MIDR 0x41" in out, out[-600:]
