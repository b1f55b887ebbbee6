# SPDX-License-Identifier: MIT
"""Blocks of random ARM instructions whose outcome the architecture defines.

r8 = scratch memory (never written), r9 = a base made just before a write-back access, r10 = a
small index made just before use, r13 and all others free.
"""
import struct

BLOCK_DONE = 0x100004
FREE = [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14]


class Arm:
    def __init__(self, rng, v6):
        self.r, self.v6, self.out = rng, v6, []

    def reg(self):
        return self.r.choice(FREE)

    def src(self):
        return self.r.choice(FREE + [8, 9, 10])

    def cond(self):
        return self.r.choice([14] * 5 + list(range(14))) << 28

    def bits(self, n):
        return self.r.getrandbits(n)

    def distinct(self, n):
        return self.r.sample(FREE, n)

    def dp(self):
        op, s = self.bits(4), self.bits(1)
        if 8 <= op <= 11:
            s = 1
        w = self.cond() | op << 21 | s << 20
        w |= (0 if op in (13, 15) else self.src()) << 16
        w |= (0 if 8 <= op <= 11 else self.reg()) << 12
        kind = self.bits(2)
        if kind == 0:
            w |= 1 << 25 | self.bits(12)
        elif kind == 1:
            w |= self.bits(7) << 5 & 0xFE0 | self.src()
        elif kind == 2:
            w |= self.src() << 8 | self.bits(2) << 5 | 0x10 | self.src()
        else:
            w |= self.src()
        # pc as an operand now and then (not with a register shift)
        if kind in (0, 3) and op not in (13, 15) and self.r.random() < 0.05:
            w |= 15 << 16
        return [w]

    def mul(self):
        k = self.r.random()
        if k < 0.3:
            d, m, s, n = self.distinct(4)
            acc = self.bits(1)
            return [self.cond() | acc << 21 | self.bits(1) << 20 | d << 16 | (n if acc else 0) << 12 | s << 8 | 0x90 | m]
        if k < 0.6:
            hi, lo, m, s = self.distinct(4)
            return [self.cond() | 0x800090 | self.bits(3) << 20 | hi << 16 | lo << 12 | s << 8 | m]
        if k < 0.8:  # SMLAxy, SMLAWy, SMULWy, SMLALxy, SMULxy
            hi, lo, m, s = self.distinct(4)
            w = self.cond() | 0x1000080 | self.bits(2) << 21 | self.bits(2) << 5
            w |= hi << 16 | s << 8 | m
            if (w >> 21 & 3) == 3 or ((w >> 21 & 3) == 1 and w & 0x20):
                return [w]
            return [w | lo << 12]
        if k < 0.95:  # QADD, QSUB, QDADD, QDSUB
            d, m, n = self.distinct(3)
            return [self.cond() | 0x1000050 | self.bits(2) << 21 | n << 16 | d << 12 | m]
        d, m = self.distinct(2)
        return [self.cond() | 0x16F0F10 | d << 12 | m]

    def base(self):
        """r9 = r8 + a multiple of 4, so that write-back has something to write."""
        off = self.r.randrange(0, 16) * 4
        return [0xE2889000 | off]

    def index(self):
        return [0xE200A07C | self.src() << 16]

    def ldst(self):
        w = self.cond() | 1 << 26 | self.bits(1) << 20
        byte = self.bits(1)
        w |= byte << 22
        rd = self.reg() << 12
        k = self.bits(2)
        off = self.bits(7) if byte else self.bits(5) << 2
        if k == 0:
            return [w | 1 << 24 | self.bits(1) << 23 | 8 << 16 | rd | off]
        if k == 1:  # write-back: pre or post, sometimes the user form
            pre = self.bits(1)
            t = 1 if pre else self.bits(1)
            return self.base() + [w | pre << 24 | self.bits(1) << 23 | t << 21 | 9 << 16 | rd | off]
        # the value of r10 is a multiple of 4 below 128: LSL keeps it so
        sh = self.bits(1) << 7
        if k == 2:
            return self.index() + [w | 1 << 25 | 1 << 24 | self.bits(1) << 23 | 8 << 16 | rd | sh | 10]
        pre = self.bits(1)
        return self.base() + self.index() + [
            w | 1 << 25 | pre << 24 | self.bits(1) << 23 | pre << 21 | 9 << 16 | rd | sh | 10]

    def ldst_extra(self):
        kinds = [(1, 1), (1, 2), (1, 3), (0, 1), (0, 2), (0, 3)]
        load, sh = self.r.choice(kinds)
        w = self.cond() | 0x90 | load << 20 | sh << 5 | self.bits(1) << 23
        double = not load and sh >= 2
        rd = (self.r.choice([0, 2, 4, 6]) if double else self.reg()) << 12
        off = self.bits(4) << 3 if double else self.bits(6) << 1
        if sh == 2 and load:
            off = self.bits(7)
        imm = (off & 0xF0) << 4 | off & 15
        k = self.bits(2)
        if k == 0:
            return [w | 1 << 24 | 1 << 22 | 8 << 16 | rd | imm]
        pre = self.bits(1)
        # base 8-aligned for LDRD and STRD
        base = [0xE2889000 | self.r.randrange(0, 8) * 8]
        if k == 1:
            return base + [w | pre << 24 | pre << 21 | 1 << 22 | 9 << 16 | rd | imm]
        index = [0xE200A078 | self.src() << 16]
        if k == 2:
            return index + [w | 1 << 24 | 8 << 16 | rd | 10]
        return base + index + [w | pre << 24 | pre << 21 | 9 << 16 | rd | 10]

    def ldm(self):
        regs = self.r.sample(FREE, self.r.randrange(1, 9))
        mask = sum(1 << n for n in regs)
        return [0xE2889080] + [
            self.cond() | 1 << 27 | self.bits(2) << 23 | self.bits(2) << 20 | 9 << 16 | mask]

    def swp(self):
        d, m = self.distinct(2)
        return [0xE2889000 | self.bits(5) << 2, self.cond() | 0x1000090 | self.bits(1) << 22 | 9 << 16 | d << 12 | m]

    def psr(self):
        if self.bits(1):
            # QEMU shows the A bit (8) on ARMv5 too, where it does not exist
            r = self.reg()
            return [self.cond() | 0x10F0000 | r << 12, 0xE3C00C01 | r << 16 | r << 12]
        fields = self.r.choice([8, 12]) if self.v6 else 8
        # bit 24 (J) and the reserved bits stay clear: MSR of an immediate, or a masked register
        if self.bits(1):
            return [self.cond() | 0x320F000 | fields << 16 | 4 << 8 | self.bits(4) << 4 | self.bits(1) << 3]
        r = self.reg()
        return [0xE3C00000 | r << 16 | r << 12 | 0x407, 0xE3C00000 | r << 16 | r << 12 | 0x8F0,
                self.cond() | 0x120F000 | fields << 16 | r]

    def branch(self):
        k = self.bits(2)
        if k == 0:  # skip one instruction
            return [self.cond() | 0xA000000] + self.dp()
        if k == 1:
            return [self.cond() | 0xB000000] + self.dp()
        if k == 2:  # computed: add lr, pc, #4; bx lr (or blx)
            return [0xE28FE004, 0xE12FFF1E] + self.dp()
        return [0xE28FC004, 0xE12FFF3C] + self.dp()

    def media(self):
        k = self.r.randrange(12)
        d, n, m, s = self.distinct(4)
        c = self.cond()
        if k <= 2:
            fam = self.r.choice([1, 2, 3, 5, 6, 7])
            kind = self.r.choice([0, 1, 2, 3, 4, 7])
            return [c | 0x6000F10 | fam << 20 | n << 16 | d << 12 | kind << 5 | m]
        if k == 3:
            return [c | 0x6800010 | n << 16 | d << 12 | self.bits(5) << 7 | self.bits(1) << 6 | m]
        if k == 4:
            op = self.r.choice([0, 2, 3, 4, 6, 7])
            rn = self.r.choice([15, n])
            return [c | 0x6800070 | op << 20 | rn << 16 | d << 12 | self.bits(2) << 10 | m]
        if k == 5:
            return [c | 0x6A00010 | self.bits(1) << 22 | self.bits(5) << 16 | d << 12 |
                    self.bits(5) << 7 | self.bits(1) << 6 | m]
        if k == 6:
            return [c | 0x6A00F30 | self.bits(1) << 22 | self.bits(4) << 16 | d << 12 | m]
        if k == 7:
            return [c | self.r.choice([0x6BF0F30, 0x6BF0FB0, 0x6FF0FB0]) | d << 12 | m]
        if k == 8:
            return [c | 0x6800FB0 | n << 16 | d << 12 | m]
        if k == 9:  # SMLAD family, long, and most significant word
            op = self.r.choice([0x7000010, 0x7400010, 0x7500010, 0x75000D0])
            w = c | op | d << 16 | n << 12 | s << 8 | m | self.bits(1) << 5
            if op != 0x7500010 and op != 0x75000D0:
                w |= self.bits(1) << 6
            if op in (0x7000010, 0x7500010) and self.bits(1):
                w |= 15 << 12
            return [w]
        if k == 10:
            return [c | 0x7800010 | d << 16 | self.r.choice([15, n]) << 12 | s << 8 | m]
        return [c | 0x400090 | d << 16 | n << 12 | s << 8 | m]  # UMAAL

    def exclusive(self):
        d, t, m = self.distinct(3)
        ld = 0xE1999F9F & ~0xFFFFF | 9 << 16 | t << 12 | 0xF9F
        st = 0xE1800F90 | 9 << 16 | d << 12 | m
        ld = 0xE1900F9F | 9 << 16 | t << 12
        return [0xE2889000 | self.bits(5) << 2, ld, st]

    def shifted(self):
        """A register offset by every kind of shift, or negative, that stays in the scratch."""
        w = self.cond() | 0x7800000 | self.bits(1) << 22 | self.bits(1) << 20 | 8 << 16 | self.reg() << 12 | 10
        kind, n = self.r.randrange(6), self.r.choice([2, 4, 6, 8, 16])
        if kind == 0:  # LSL #2: r10 counts words
            return [0xE200A01F | self.src() << 16, w | 2 << 7]
        if kind == 4:  # -r10
            return self.index() + [0xE26AA000, w]
        if kind == 5:  # RRX of a multiple of 8, with C clear
            return [0xE200A078 | self.src() << 16, 0xE3780000, w & 0x0FFFFFFF | 0xE0000060]
        return [0xE200A07C | (32 - n) // 2 << 8 | self.src() << 16, w | kind << 5 | n << 7]

    def to_pc(self):
        """LDR, POP and LDM into pc; the instruction behind is skipped. STR and STM of pc."""
        base = 0xE2889000 | 4 * self.bits(4)
        if self.bits(1):
            return [base, self.r.choice([0xE589F000 | 4 * self.bits(4), 0xE8898000 | 1 << self.bits(3)])]
        store, load = self.r.choice([(0xE589E000, 0xE599F000), (0xE589E000, 0xE499F004),
                                     (0xE589E000, 0xE8B98000), (0xE589E004, 0xE8998008)])
        return [base, 0xE28FE008, store, load] + self.dp()

    def other_bank(self):
        """User registers by LDM and STM in SVC mode, and work in other modes."""
        if self.bits(1):
            mask = self.bits(15) & ~0x700 or 1 << 14
            return [0xE2889080, self.cond() | 0x8490000 | self.bits(2) << 23 | self.bits(1) << 20 | mask]
        out = [0xE321F0C0 | self.r.choice([0x11, 0x12, 0x17, 0x1B, 0x1F])]
        for _ in range(self.r.randrange(1, 5)):
            out += self.r.choice([self.dp, self.mul])()
        return out + [0xE321F0D3]

    def psr_in(self, r):
        """r becomes flags that every core has, SVC mode, interrupts off."""
        return [0xE20004F8 | r << 16 | r << 12, 0xE38000D3 | r << 16 | r << 12]

    def returns(self):
        """MSR SPSR, then MOVS, SUBS or LDM with the S bit into pc."""
        r = self.reg()
        out = self.psr_in(r) + [0xE169F000 | r]
        return out + self.r.choice([[0xE28FE004, 0xE1B0F00E], [0xE28FE008, 0xE25EF004],
                                    [0xE2889000, 0xE28FE008, 0xE589E000, 0xE8D98000]]) + self.dp()

    def interwork(self):
        """BLX or BX to Thumb state, and back at once by BX pc."""
        there = self.r.choice([[0xFAFFFFFF], [0xE28FE001, 0xE12FFF1E], [0xE28FE001, 0xE12FFF3E]])
        return there + [0x46C04778] + self.dp()

    def status(self):
        """MRC into the flags, fault registers as storage, hints, ARMv6's CPS and SETEND."""
        r, d = self.reg(), self.reg()
        k = self.r.randrange(6 if self.v6 else 4)
        if k == 0:
            return [self.cond() | 0xE10FF10]
        if k == 1:
            at = self.r.choice([5 << 16, 6 << 16, 5 << 16 | 1 << 5])
            return [0xEE000F10 | at | r << 12, self.cond() | 0xE100F10 | at | d << 12]
        if k == 2:
            return [0xF550F000 | self.bits(1) << 23 | 8 << 16 | self.bits(12)]
        if k == 3:
            return [self.cond() | 0x320F000]
        if k == 4:
            return [0xF1010200, 0xE5980000 | r << 12 | 4 * self.bits(4), 0xE1C800B0 | d << 12 | 2 * self.bits(3),
                    0xF1010000]
        return [0xF1080000 | self.bits(1) << 18 | self.r.randrange(1, 4) << 6]

    def srs_rfe(self):
        if self.bits(1):  # to the stack of IRQ mode
            return [0xE321F0D2, 0xE288D000 | 8 * self.bits(4), 0xE321F0D3,
                    0xF84D0512 | self.bits(2) << 23 | self.bits(1) << 21]
        r = self.bits(2)
        return [0xE2889000, 0xE28FE014, 0xE589E000] + self.psr_in(r) + [
            0xE5890004 | r << 12, 0xF8990A00 | self.bits(1) << 21] + self.dp()

    def exclusive_sizes(self):
        d, t, m = self.r.choice([(2, 4, 6), (1, 6, 4), (12, 2, 0)])
        size = self.r.choice([1, 2, 3]) << 21  # double, byte, halfword
        return [0xE2889000 | self.bits(4) << 3, 0xE1990F9F | size | t << 12] + \
            ([0xF57FF01F] if self.bits(2) == 0 else []) + [0xE1890F90 | size | d << 12 | m]

    def rare(self):
        kinds = [self.shifted, self.shifted, self.to_pc, self.other_bank, self.returns, self.interwork, self.status]
        return self.r.choice(kinds + ([self.srs_rfe, self.exclusive_sizes] if self.v6 else []))()

    def one(self):
        if self.r.random() < 0.08:
            return self.rare()
        k = self.r.random()
        if self.v6 and k < 0.25:
            return self.media()
        if self.v6 and k < 0.27:
            return self.exclusive()
        return self.r.choices([self.dp, self.mul, self.ldst, self.ldst_extra, self.ldm, self.swp,
                               self.psr, self.branch], [40, 14, 16, 12, 7, 2, 4, 5])[0]()

    def block(self, length):
        out = []
        while len(out) < length:
            out += self.one()
        n = len(out)
        out += [0xE51FF004, BLOCK_DONE]
        return n, struct.pack(f"<{len(out)}I", *out)
