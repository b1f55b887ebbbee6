# SPDX-License-Identifier: MIT
"""The same board with another core in its socket: the ARM11 image on each ARM11 core that QEMU has, from
every state, and images on a core that they are not for."""

import re
import subprocess

import pytest

import emulators
import qemu
import shim

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="-cpu is QEMU's; tests/sim/test_sim_core.py has the emulator's")

ARM11 = "arm1176jzf-s"
CORES = {"arm1136": "arm1136jf-s", "arm1176": "arm1176jzf-s", "arm11mpcore": "arm11mpcore"}
RACE = "exhibit=kmap-race pkmap=8 fix=none preempt=at:41"
# SCTLR after an ARMv6 loader: MMU, caches, XP; and what the kernel does not want set: L4, Z kept,
# FI, U, VE, AFE.
V6_LOADER = 0x0005107D | 1 << 23 | 1 << 15 | 1 << 11 | 1 << 21 | 1 << 22 | 1 << 24 | 1 << 29


def image(suffix="bin"):
    return emulators.image(suffix, cpu=ARM11)


def boot(append, cpu="arm1176", **how):
    return qemu.boot(append, kernel=image(), extra=["-cpu", cpu], **how)


@pytest.mark.parametrize("cpu", CORES)
def test_the_race_on_each_arm11(cpu):
    """On tags that are physical the rest of the loop hits the other page's lines, and leaves its own."""
    result = boot(RACE, cpu)
    v = result.verdict
    assert f"  core     {CORES[cpu]}, MIDR 41" in result.out
    assert (result.exit, v["cpu"], v["truth"], v["cache"].split(",")[0]) == (
        0, CORES[cpu], "modelled", "pipt" if cpu == "arm11mpcore" else "vipt")
    assert (v["lost_lines"], v["stale_dma"], v["status"]) == ("87", "87", "LOST")


@pytest.mark.parametrize("test", ["control", "ldst", "pkmap", "sched", "irq", "preempt", "consistent"])
def test_self_tests_on_an_arm1176(test):
    """ldst: 100,000 random loads and stores, each written as code just before it runs."""
    result = boot(f"selftest={test}")
    assert (result.exit, result.verdict["status"]) == (0, "OK"), result.out[-800:]


@pytest.mark.parametrize("state", [
    dict(mmu=True, dcache=True, icache=True, align=True),
    dict(dcache=True),
    dict(icache=True, mode=shim.FIQ, irq_off=False, fiq_off=False),
    dict(sctlr=shim.UBOOT_GO, load=0x1000000),
    dict(sctlr=V6_LOADER, v6=True),
], ids=["mmu+caches", "dcache", "icache-fiq", "uboot-go", "v6-loader"])
def test_entry_states(tmp_path, state):
    elf = shim.entry_shim(tmp_path, image(), copy=True, tags=shim.atags(f"{RACE} exit=semihost"), **state)
    result = qemu.boot(kernel=elf, extra=["-cpu", "arm1176"])
    assert (result.exit, result.verdict["lost_lines"]) == (0, "87"), result.out
    if "sctlr" in state:
        assert f"SCTLR {state['sctlr']:08x} (MMU on, D-cache on, I-cache on)" in result.out


def test_control_registers_after_an_armv6_loader(tmp_path):
    elf = shim.entry_shim(tmp_path, image(), copy=True, sctlr=V6_LOADER, v6=True,
                          tags=shim.atags("selftest=control exit=semihost"))
    result = qemu.boot(kernel=elf, extra=["-cpu", "arm1176"])
    assert (result.exit, result.verdict["status"]) == (0, "OK"), result.out


@pytest.mark.parametrize("dcache", [False, True], ids=["off", "on"])
@pytest.mark.parametrize("built_for, cpu", [
    ("arm926ej-s", "arm1136"), ("arm926ej-s", "arm1176"), ("arm926ej-s", "arm11mpcore"),
    ("arm1176jzf-s", "arm926"), ("arm1176jzf-s", "arm1026")])
def test_an_image_for_another_family_names_the_core(tmp_path, built_for, cpu, dcache):
    """With the D-cache on, the first thing to do is to clean it, which each family does in its own
    way: it must not be the wrong one's, which is undefined there."""
    elf = shim.entry_shim(tmp_path, emulators.image("bin", cpu=ARM11 if built_for == ARM11 else None),
                          mmu=dcache, dcache=dcache, copy=True)
    with qemu.Console(kernel=elf, extra=["-cpu", cpu]) as console:
        console.expect(rf"panic: .*core with MIDR [0-9a-f]{{8}}: this image is for .*{built_for} \(MIDR 0x41")
        console.expect(r"verdict reason=.* status=ERROR")


def listing(*options):
    done = subprocess.run([shim.CROSS + "objdump", "-d", *options, image("elf")], capture_output=True, text=True, check=True)
    return re.findall(r"(?m)^c[0-9a-f]{7}:\s+[0-9a-f]{8}\s+(.*?)\s*(?:@.*|;.*)?$", done.stdout)


def test_new_code_on_an_arm11_as_erratum_411920_wants_it():
    """Nothing models an I-cache that keeps what was invalidated, a branch predictor or a prefetch buffer:
    so the instructions themselves are looked at."""
    code = [re.sub(r"\s+", " ", insn) for insn in listing("--disassemble=arm11_code_changed")]
    whole = "mcr 15, 0, r0, cr7, cr5, {0}"
    at = code.index(whole)
    assert code[at - 1] == "msr CPSR_c, r2" and code[at - 2] == "orr r2, r1, #192"  # IRQ and FIQ masked
    assert code[at:at + 4] == [whole] * 4
    assert all(insn.startswith("nop") for insn in code[at + 4:at + 15])
    # branch predictor, prefetch buffer
    assert code[at + 15:at + 17] == ["mcr 15, 0, r0, cr7, cr5, {6}", "mcr 15, 0, r0, cr7, cr5, {4}"]


def test_an_arm11_image_has_no_instruction_that_an_arm926_lacks():
    """Or it would end in one there before it can say that it is the wrong image."""
    words = {insn.split()[0] for insn in listing() if insn}
    assert len(words) > 50
    later = re.compile(r"(u|s)xt[abh]|rev|ldrex|strex|cps|srs|rfe|u?maal|pkh|(u|s)sat|sel|setend|(movw|movt|bfi|bfc|ubfx)")
    assert {word for word in words if later.match(word)} - {"cpsid"} == set()


def test_no_operation_that_depends_on_the_core_is_outside_its_folder():
    """head.S, page tables and kmain name no core."""
    for path in ("boot/head.S", "boot/kmain.c", "mm/pgtable.c", "mm/pgtable.h"):
        with open(f"{emulators.TOP}/{path}", encoding="utf-8") as f:
            assert not re.search(r"(?i)\barm(926|1136|1176|11)\w*[_.]", f.read()), path
