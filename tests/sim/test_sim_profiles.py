# SPDX-License-Identifier: MIT
"""The core profiles of --cpu, each against QEMU's: random instructions, unaligned accesses,
which instructions exist, extended page tables."""
import os
import re
import struct

import pytest

from randinsn import make_blob
from test_sim_cpu import NAMES, RECORD, disassemble

V6 = ["arm1136", "arm1176", "arm11mpcore"]
CPUS = ["arm926", *V6]
SEED = int(os.environ["MURPHY_SEED"])
INSNS = 200000


@pytest.mark.parametrize("cpu, nth", [("arm1136", 0), ("arm11mpcore", 1)])
def test_random_instructions_on_the_other_cores(guests, run_sim, run_qemu, tmp_path, cpu, nth):
    seed = SEED + 11 + nth
    blob, blocks, total = make_blob(seed, INSNS, True)
    (tmp_path / "blob.bin").write_bytes(blob)
    elf = guests.bare(f"harness-{cpu}", "harness.S", "harness.c", start=None,
                      defines=[f'BLOB="{tmp_path}/blob.bin"'])
    want, have = run_qemu(elf, "-cpu", cpu), run_sim(elf, "--cpu", cpu)
    print(f"seed {seed}, {cpu}: {total} instructions in {len(blocks)} blocks")
    assert len(want.stdout) == len(have.stdout) == len(blocks) * RECORD * 4, have.stderr[-500:]
    for n, (thumb, code) in enumerate(blocks):
        a, b = (struct.unpack_from(f"<{RECORD}I", r.stdout, n * RECORD * 4) for r in (want, have))
        diff = [f"{NAMES[i]}: qemu {a[i]:08x} sim {b[i]:08x}" for i in range(RECORD) if a[i] != b[i]]
        assert not diff, f"seed {seed} block {n}: {diff}\n" + disassemble(tmp_path, thumb, code)


@pytest.mark.parametrize("cpu", ["arm1136", "arm11mpcore"])
def test_extended_pages_on_the_other_cores(guests, run_sim, run_qemu, cpu):
    elf = guests.bare("v6-" + cpu, "abort.S", "v6_table.c")
    want, have = run_qemu(elf, "-cpu", cpu).stderr.decode(), run_sim(elf, "--cpu", cpu)
    assert want.count("\n") > 200 and have.returncode == 0
    assert have.stdout.decode().splitlines() == want.splitlines()


def rotate(value, by):
    return (value >> by | value << (32 - by)) & 0xFFFFFFFF


def legacy_lines():
    """SCTLR.U = A = 0, in bytes 0, 1, 2...: a word load is rotated, all else ignores the low
    address bits (DDI0100I A2.8, and the ARM926 as well). QEMU 7.2 does true unaligned accesses."""
    first, second, new = 0x03020100, 0x07060504, 0xAABBCCDD
    for off in range(4):
        yield f"ldr+{off} {rotate(first, 8 * off):08x} 00000000"
        yield f"ldm+{off} {first:08x} {second:08x}"
        yield f"swp+{off} 77777777 {rotate(first, 8 * off):08x}"
        yield f"str+{off} {new:08x} 00000000"
        yield f" left {new:08x} {second:08x}"
        yield f"stm+{off} {new:08x} 00000000"
        yield f" left {new:08x} 00000000"
        if off % 2 == 0:
            half = 0x0302 if off else 0x0100
            yield f"ldrh+{off} {half:08x} 00000000"
            yield f"ldrsh+{off} {half:08x} 00000000"
            yield f"strh+{off} 0000aabb 00000000"
            yield f" left {0xaabb0100 if off else 0x0302aabb:08x} {second:08x}"


@pytest.mark.parametrize("cpu", CPUS)
def test_unaligned_accesses_and_instruction_set(guests, run_sim, run_qemu, cpu):
    elf = guests.bare("profile-" + cpu, "abort.S", "profile.c", defines=["V6"] if cpu in V6 else [])
    want = run_qemu(elf, "-cpu", cpu).stderr.decode()
    r = run_sim(elf, "--cpu", cpu)
    assert r.returncode == 0
    have = r.stdout.decode()
    compared, legacy = have.split("legacy\n")
    assert compared.splitlines() == want.split("legacy\n")[0].splitlines()
    assert legacy.splitlines() == list(legacy_lines())
    # so that all cores failing alike cannot pass
    assert re.search(r"^ldr\+1 abort 1 fsr 001$", have, re.M)
    assert (("ldrex+0 abort 4" in have), ("clrex+0 abort 4" in have)) == ((cpu == "arm926",) * 2)


@pytest.mark.parametrize("cpu, midr", [("arm926ej-s", 0x41069265), ("arm1136jf-s", 0x4117B363),
                                       ("arm1176jzf-s", 0x410FB767), ("arm11mpcore", 0x410FB022)])
def test_full_names_are_accepted(guests, run_sim, cpu, midr):
    elf = guests.bare("midr", "abort.S", "profile.c")
    assert f"midr+0 00000000 {midr:08x}" in run_sim(elf, "--cpu", cpu).stdout.decode()


def test_corners_of_the_mmu(guests, run_sim, run_qemu):
    """Domains above 7, the second table base, all of a supersection, user mode after privileged use, the end
    of an FCSE process; for each as QEMU has it."""
    elf = guests.bare("mmu-corners", "abort.S", "mmu_corners.c")
    assert run_qemu(elf, "-cpu", "arm1176").returncode == 0
    assert run_sim(elf, "--cpu", "arm1176").returncode == 0
