# SPDX-License-Identifier: MIT
"""Single instructions in every mode among pages that fault, against QEMU: exception entry,
restored bases, banked registers, fault status and address. And what QEMU cannot show."""
import os
import struct
import subprocess

import pytest

from oneinsn import cases

SEED = int(os.environ.get("MURPHY_SEED", "1"))
CASES = int(os.environ.get("MURPHY_CASES", "12000"))
RECORD = 64
FIELDS = (["type", "cpsr"] + [f"r{n}" for n in range(13)] + ["sp_usr", "lr_usr"]
          + [f"{r}_{m}" for m in ("svc", "abt", "irq", "fiq") for r in ("sp", "lr", "spsr")]
          + [f"r{n}_fiq" for n in range(8, 13)] + ["sp_und", "lr_und", "spsr_und", "-", "-", "-"]
          + ["memory", "dfsr", "ifsr", "far"])


def same(word, flags, a, b):
    """The indices of what differs, without what the two need not agree on."""
    diff = []
    at = {2: 18, 3: 21, 4: 21, 1: 35}  # LR and SPSR that the exception set
    for rec in (a, b):
        lr, spsr = rec[at[rec[0]]:at[rec[0]] + 2] if rec[0] in at else (0, 0)
        if lr >> 16 in (0, 0x5000) and (spsr & 0x20 or rec[0] in (1, 4)):
            return []  # it went on among data or vectors: nobody chose those instructions
        if rec[0] == 3 and not spsr & 0x20 and lr & 3 == 2:
            return []  # a branch to an address that ends in binary 10 is UNPREDICTABLE
    if b[0] == 4 and b[41] == 1 and b[43] & 7 == 4 and word & 0xE1000F0 == 0xD0:
        return []  # LDRD on ARMv5 is checked modulo 8; QEMU checks modulo 4
    loaded = []
    if b[0] == 4 and word & 0xE100000 == 0x8100000 and not flags & 0x20:
        # what an LDM that aborts has loaded is UNPREDICTABLE; its base is not, but QEMU
        # loses it in the form with the S bit
        loaded = [n + 2 for n in range(13) if word >> n & 1 and (n != word >> 16 & 15 or word >> 22 & 1)]
    if b[0] == 4 and word & 0xE1000F0 == 0xD0 and not flags & 0x20:
        loaded = [(word >> 12 & 15) + 2]  # the first half of an LDRD that aborts in the second
    for n in range(44):
        x, y = a[n], b[n]
        if FIELDS[n].startswith("spsr"):  # QEMU has the A bit on ARMv5 too, and keeps J and IL
            x, y = x & ~0x1100100, y & ~0x1100100
        if n in loaded:
            continue
        if x != y and FIELDS[n] != "-":
            diff.append(n)
    return diff


def listing(tmp_path, word, thumb):
    path = tmp_path / "one.bin"
    path.write_bytes(struct.pack("<I", word))
    text = subprocess.run(["arm-none-eabi-objdump", "-D", "-b", "binary", "-marm",
                           *(["-Mforce-thumb"] if thumb else []), str(path)], capture_output=True, text=True).stdout
    return "; ".join(line.split("\t", 2)[2].replace("\t", " ") for line in text.splitlines() if line[:5].strip() in ("0:", "2:"))


# ARMv5 aligns every access or faults (SCTLR.A): what it does else, QEMU does not. ARMv6
# with SCTLR.U accesses unaligned words as QEMU does.
@pytest.mark.parametrize("cpu, v6, loose, control", [
    ("arm926", False, 1, 0x2), ("arm1176", True, 1, 0x400000), ("arm1176", True, 0, 0x400002)])
def test_single_instructions_match_qemu(guests, run_sim, run_qemu, tmp_path, cpu, v6, loose, control):
    todo = cases(SEED, CASES, v6)
    blob = struct.pack("<4I", len(todo), SEED * 2654435761 & 0xFFFFFFFF or 1, loose, control)
    blob += b"".join(struct.pack("<2I", *c) for c in todo)
    (tmp_path / "blob.bin").write_bytes(blob)
    elf = guests.bare(f"one-{cpu}-{control:x}", "instruction.S", "instruction.c", start=None,
                      defines=[f'BLOB="{tmp_path}/blob.bin"'], libs=["-Wl,--section-start=.rodata=0x200000"])
    want, have = run_qemu(elf, "-cpu", cpu, timeout=20), run_sim(elf, "--cpu", cpu)
    size = RECORD * 4
    assert len(want.stdout) == len(todo) * size, want.stderr[-500:]
    assert len(have.stdout) == len(want.stdout), have.stderr[-500:]
    bad, types = [], [0] * 8
    for n, (word, flags) in enumerate(todo):
        a = struct.unpack_from(f"<{RECORD}I", want.stdout, n * size)
        b = struct.unpack_from(f"<{RECORD}I", have.stdout, n * size)
        types[a[0] & 7] += 1
        diff = same(word, flags, a, b)
        if diff:
            bad.append(f"case {n} {word:08x} {listing(tmp_path, word, flags >> 5 & 1)} (mode {flags & 31:x}): "
                       + ", ".join(f"{FIELDS[k]} qemu {a[k]:08x} sim {b[k]:08x}" for k in diff))
    print(f"seed {SEED}, {cpu}: {len(todo)} cases, ended by undef/svc/pabt/dabt: {types[1:5]}")
    assert not bad, f"seed {SEED}: {len(bad)} differ\n" + "\n".join(bad[:40])
    assert min(types[1:5]) > CASES // 100


def test_flush_of_a_page_goes_by_the_asid_it_names(guests, run_sim, run_qemu):
    assert run_qemu(guests.bare("asid", "asid.c"), "-cpu", "arm1176").returncode == 0
    elf = guests.bare("asid-real", "asid.c", defines=["REAL_TLB"])
    assert run_sim(elf, "--cpu", "arm1176").returncode == 0
