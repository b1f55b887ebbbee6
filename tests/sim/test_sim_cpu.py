# SPDX-License-Identifier: MIT
"""Random instructions leave the same registers, flags and memory as in QEMU."""
import os
import struct
import subprocess

import pytest

from randinsn import make_blob

RECORD = 18  # words: r0-r14, cpsr, memory checksum, block number
NAMES = [f"r{n}" for n in range(15)] + ["cpsr", "memory", "block"]
LONG = os.environ.get("MURPHY_LONG")
SEED = int(os.environ["MURPHY_SEED"])
INSNS = int(os.environ.get("MURPHY_INSNS", "1000000" if LONG else "400000"))


def disassemble(tmp_path, thumb, code):
    path = tmp_path / "block.bin"
    path.write_bytes(code)
    return subprocess.run(["arm-none-eabi-objdump", "-D", "-b", "binary", "-marm",
                           *(["-Mforce-thumb"] if thumb else []), str(path)],
                          capture_output=True, text=True).stdout


@pytest.mark.parametrize("cpu, v6", [("arm926", False), ("arm1176", True)])
@pytest.mark.parametrize("nth", range(10 if LONG else 1))
def test_random_instructions_match_qemu(guests, run_sim, run_qemu, tmp_path, cpu, v6, nth):
    seed = SEED + nth
    blob, blocks, total = make_blob(seed, INSNS, v6)
    (tmp_path / "blob.bin").write_bytes(blob)
    elf = guests.bare(f"harness-{cpu}-{seed}", "harness.S", "harness.c", start=None,
                      defines=[f'BLOB="{tmp_path}/blob.bin"'])
    want, have = run_qemu(elf, "-cpu", cpu), run_sim(elf, "--cpu", cpu)
    print(f"seed {seed}, {cpu}: {total} instructions in {len(blocks)} blocks")
    assert total >= INSNS
    assert len(want.stdout) == len(blocks) * RECORD * 4, want.stderr[-500:]
    assert len(have.stdout) == len(want.stdout), have.stderr[-500:]
    for n, (thumb, code) in enumerate(blocks):
        a = struct.unpack_from(f"<{RECORD}I", want.stdout, n * RECORD * 4)
        b = struct.unpack_from(f"<{RECORD}I", have.stdout, n * RECORD * 4)
        if a != b:
            diff = [f"{NAMES[k]}: qemu {a[k]:08x} sim {b[k]:08x}" for k in range(RECORD) if a[k] != b[k]]
            pytest.fail(f"seed {seed} block {n} {'thumb' if thumb else 'arm'}: {', '.join(diff)}\n"
                        + disassemble(tmp_path, thumb, code))


def test_mmu_and_aborts_match_qemu(guests, run_sim, run_qemu):
    """Every page kind, permission, S and R, domain and access; faults; FCSE: line by line."""
    elf = guests.bare("mmu", "abort.S", "mmu_table.c")
    want = run_qemu(elf).stderr.decode()
    have = run_sim(elf)
    assert want.count("\n") > 2000
    assert have.returncode == 0
    assert have.stdout.decode().splitlines() == want.splitlines()


def test_v6_unaligned_and_extended_pages_match_qemu(guests, run_sim, run_qemu):
    elf = guests.bare("v6", "abort.S", "v6_table.c")
    want = run_qemu(elf, "-cpu", "arm1176").stderr.decode()
    have = run_sim(elf, "--cpu", "arm1176")
    assert want.count("\n") > 200
    assert have.returncode == 0
    assert have.stdout.decode().splitlines() == want.splitlines()


@pytest.mark.parametrize("state", ["-marm", "-mthumb"])
def test_newlib_prints_the_same(guests, run_sim, run_qemu, state):
    elf = guests.newlib("newlib" + state, "newlib.c", state)
    want, have = run_qemu(elf), run_sim(elf)
    assert b"long jump taken" in want.stdout and b"malloc sum" in want.stdout
    assert have.stdout == want.stdout
    assert have.returncode == want.returncode == 7
