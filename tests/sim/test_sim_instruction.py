# SPDX-License-Identifier: MIT
"""Single instructions in every mode among pages that fault, against QEMU: exception entry,
restored bases, banked registers, fault status and address. And what QEMU cannot show."""
import os
import struct
import subprocess
import threading

import pytest

from oneinsn import cases

SEED = int(os.environ["MURPHY_SEED"])
CASES = int(os.environ.get("MURPHY_CASES", "6000" if os.environ.get("MURPHY_LONG") else "2000"))
RECORD = 64  # words
SIZE = RECORD * 4
FIELDS = (["type", "cpsr"] + [f"r{n}" for n in range(13)] + ["sp_usr", "lr_usr"]
          + [f"{r}_{m}" for m in ("svc", "abt", "irq", "fiq") for r in ("sp", "lr", "spsr")]
          + [f"r{n}_fiq" for n in range(8, 13)] + ["sp_und", "lr_und", "spsr_und", "-", "-", "-"]
          + ["memory", "dfsr", "ifsr", "far"])
BANKS = {0x11: "fiq", 0x12: "irq", 0x13: "svc", 0x17: "abt", 0x1B: "und"}
NOP, THUMB_NOP = 0xE1A00000, 0x46C0


def field(n, mode):
    """The index in a record of r0-r14 as the mode sees it."""
    bank = BANKS.get(mode, "usr")
    if n < 13:
        return FIELDS.index(f"r{n}_fiq" if n > 7 and bank == "fiq" else f"r{n}")
    return FIELDS.index(("sp_" if n == 13 else "lr_") + bank)


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
    loaded, mode = [], flags & 31
    if b[0] == 4 and word & 0xE100000 == 0x8100000 and not flags & 0x20:
        # What an LDM that aborts has loaded is UNPREDICTABLE (DDI0100, Data Abort): QEMU keeps what
        # came before the fault. Its base is not, but QEMU loses it in the form with the S bit.
        # That form without pc loads user registers, every other one those of the mode.
        s_bit, pc = word >> 22 & 1, word >> 15 & 1
        loaded = [field(n, 0x10 if s_bit and not pc else mode) for n in range(15)
                  if word >> n & 1 and (s_bit or n != word >> 16 & 15)]
    if b[0] == 4 and word & 0xE1000F0 == 0xD0 and not flags & 0x20:
        loaded = [field(word >> 12 & 15, mode)]  # the first half of an LDRD that aborts in the second
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


class Program:
    """The cases of a seed for one core, built for both emulators."""

    def __init__(self, guests, tmp_path, cpu, v6, loose, control):
        self.guests, self.tmp_path, self.cpu = guests, tmp_path, cpu
        self.loose, self.control = loose, control
        self.cases = cases(SEED, CASES, v6)

    def build(self, todo):
        blob = struct.pack("<4I", len(todo), SEED * 2654435761 & 0xFFFFFFFF or 1, self.loose, self.control)
        blob += b"".join(struct.pack("<2I", *c) for c in todo)
        (self.tmp_path / "blob.bin").write_bytes(blob)
        return self.guests.bare(f"one-{self.cpu}-{self.control:x}", "instruction.S", "instruction.c", start=None,
                                defines=[f'BLOB="{self.tmp_path}/blob.bin"'],
                                libs=["-Wl,--section-start=.rodata=0x200000"])

    def name(self, n):
        word, flags = self.cases[n]
        return f"case {n} {word:08x} {listing(self.tmp_path, word, flags >> 5 & 1)} (mode {flags & 31:x})"

    def without_endless(self, run_sim):
        """The cases with a NOP for each that never ends in murphy-sim, and which those are."""
        todo, endless = list(self.cases), []
        while True:
            # a case takes 108,000 instructions, nearly all of them to fill and sum up memory
            limit = str(120_000 * CASES + 20_000_000)
            out = run_sim(self.build(todo), "--cpu", self.cpu, "--max-insns", limit).stdout
            done = len(out) // SIZE
            if done == len(todo):
                return todo, endless, out
            assert len(endless) < 5, f"seed {SEED}: too many do not end: {[self.name(n) for n in endless]}"
            endless.append(done)
            flags = todo[done][1]
            todo[done] = (THUMB_NOP if flags & 0x20 else NOP, flags)

    def is_endless_in_qemu(self, qemu_command, todo, n):
        """After n records none comes. (It is given 3 seconds where microseconds would do.)"""
        elf = self.build(todo[:n] + [self.cases[n]])
        qemu = subprocess.Popen(qemu_command(elf, "-cpu", self.cpu), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        guard = threading.Timer(120, qemu.kill)
        guard.start()
        try:
            assert len(qemu.stdout.read(n * SIZE)) == n * SIZE, f"QEMU ends before {self.name(n)}"
            try:
                qemu.wait(3)
            except subprocess.TimeoutExpired:
                return True
            return False
        finally:
            guard.cancel()
            qemu.kill()
            qemu.wait()
            qemu.stdout.close()


# ARMv5 aligns every access or faults (SCTLR.A): what it does else, QEMU does not. ARMv6
# with SCTLR.U accesses unaligned words as QEMU does.
#
# An instruction that writes pc may jump to itself, or into the harness: "andvc pc, r4, r6, lsr #8"
# of two pointers was 0x100010, in run_one(), which then returned to itself for ever (seed 99991 on
# ARMv5, case 4419); "and pc, r0, r0, ror #1" was 0x100008, a branch to itself (seed 222 on ARMv6,
# case 428). Nobody can tell before it runs. Such a case must be endless in both emulators.
@pytest.mark.parametrize("cpu, v6, loose, control", [
    ("arm926", False, 1, 0x2), ("arm1176", True, 1, 0x400000), ("arm1176", True, 0, 0x400002)])
def test_single_instructions_match_qemu(guests, run_sim, run_qemu, qemu_command, tmp_path, cpu, v6, loose, control):
    program = Program(guests, tmp_path, cpu, v6, loose, control)
    todo, endless, have = program.without_endless(run_sim)
    print(f"seed {SEED}, {cpu}: endless: {[program.name(n) for n in endless]}")
    for n in endless:
        assert program.is_endless_in_qemu(qemu_command, todo, n), f"seed {SEED}: ends in QEMU only: {program.name(n)}"
    try:
        want = run_qemu(program.build(todo), "-cpu", cpu).stdout
    except subprocess.TimeoutExpired as e:
        pytest.fail(f"seed {SEED}: QEMU does not end in {program.name(len(e.stdout or b'') // SIZE)}")
    assert len(want) == len(have) == len(todo) * SIZE
    bad, types = [], [0] * 8
    for n, (word, flags) in enumerate(todo):
        a = struct.unpack_from(f"<{RECORD}I", want, n * SIZE)
        b = struct.unpack_from(f"<{RECORD}I", have, n * SIZE)
        types[a[0] & 7] += 1
        diff = same(word, flags, a, b)
        if diff:
            bad.append(f"{program.name(n)}: " + ", ".join(f"{FIELDS[k]} qemu {a[k]:08x} sim {b[k]:08x}" for k in diff))
    print(f"seed {SEED}, {cpu}: {len(todo)} cases, ended by undef/svc/pabt/dabt: {types[1:5]}")
    assert not bad, f"seed {SEED}: {len(bad)} differ\n" + "\n".join(bad[:40])
    assert min(types[1:5]) > CASES // 100


def test_flush_of_a_page_goes_by_the_asid_it_names(guests, run_sim, run_qemu):
    assert run_qemu(guests.bare("asid", "asid.c"), "-cpu", "arm1176").returncode == 0
    elf = guests.bare("asid-real", "asid.c", defines=["REAL_TLB"])
    assert run_sim(elf, "--cpu", "arm1176").returncode == 0
