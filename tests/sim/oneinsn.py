# SPDX-License-Identifier: MIT
"""Single ARM and Thumb instructions, in any mode, whose outcome the architecture defines."""
import random

MODES = [0x10, 0x10, 0x11, 0x12, 0x13, 0x13, 0x17, 0x1B, 0x1F]


class One:
    """One ARM or Thumb instruction whose outcome the architecture defines."""

    def __init__(self, rng, v6):
        self.r, self.v6 = rng, v6

    def bits(self, n):
        return self.r.getrandbits(n)

    def reg(self, *but):
        return self.r.choice([n for n in range(15) if n not in but])

    def cond(self):
        return self.r.choice([14] * 6 + list(range(14))) << 28

    def dp(self, mode):
        op, s = self.bits(4), self.bits(1)
        rd = self.r.choice([15, self.reg(), self.reg()])
        if 8 <= op <= 11:
            s, rd = 1, 0
        elif rd == 15 and (mode in (0x10, 0x1F) or op not in (2, 13)):
            s = 0  # QEMU takes only SUBS and MOVS for a return; the architecture takes all
        # from pc to pc it might find itself again, for ever
        rn = 0 if op in (13, 15) else self.reg() if rd == 15 else self.bits(4)
        w = self.cond() | op << 21 | s << 20 | rn << 16 | rd << 12
        k = self.bits(2)
        if k == 0:
            return w | 1 << 25 | self.bits(12)
        if k == 1 and rd != 15 and rn != 15:
            return w | self.reg() << 8 | self.bits(2) << 5 | 0x10 | self.reg()
        return w | self.bits(7) << 5 | self.bits(4)

    def mul(self, _):
        d, n, m, s = self.r.sample(range(15), 4)
        base = self.r.choice([0x90, 0x200090, 0x800090, 0xA00090, 0xC00090, 0xE00090, 0x1000080, 0x1600080, 0x1400080])
        s_bit = self.bits(1) << 20 if base & 0x10 else self.bits(2) << 5
        return self.cond() | base | s_bit | d << 16 | (0 if base in (0x90, 0x1600080) else n << 12) | s << 8 | m

    def ldst(self, _):
        byte, load, p, w = (self.bits(1) for _ in range(4))
        t = not p and w
        rd = self.r.choice([15, self.reg()]) if load and not byte and not t else self.reg()
        rn = self.reg(rd) if not p or w else self.r.choice([15, self.reg(), self.reg()])
        word = self.cond() | 1 << 26 | p << 24 | self.bits(1) << 23 | byte << 22 | w << 21 | load << 20 | rn << 16 | rd << 12
        if self.bits(1):
            return word | self.r.choice([self.bits(12), self.bits(6), 4 * self.bits(4), 0])
        return word | 1 << 25 | self.bits(7) << 5 | self.reg(rn)

    def extra(self, _):
        load, sh = self.r.choice([(1, 1), (1, 2), (1, 3), (0, 1), (0, 2), (0, 3)])
        double = not load and sh >= 2
        p = self.bits(1)
        w = p and self.bits(1)
        rd = self.r.choice(range(0, 14, 2)) if double else self.reg()
        if double and not self.v6:
            sh = 2  # QEMU checks STRD modulo 4 on ARMv5: memory would not be the same after
        rn = self.reg(rd, rd + 1 if double else rd)
        imm = self.bits(1)
        word = self.cond() | 0x90 | p << 24 | self.bits(1) << 23 | imm << 22 | w << 21 | load << 20 | rn << 16 | rd << 12 | sh << 5
        if imm:
            return word | self.bits(4) << 8 | self.r.choice([0, 8, self.bits(4)])
        return word | self.reg(rn, rd, rd + 1)

    def ldm(self, mode):
        load, s, w = self.bits(1), self.bits(1), self.bits(1)
        rn, regs = self.reg(), self.r.choice([self.bits(16), 1 << self.bits(4), self.bits(16) & self.bits(16)]) or 1
        if s and mode in (0x10, 0x1F):
            s = 0
        if s and not (load and regs & 0x8000):
            w = 0
        if s and load and not regs & 0x8000 and rn >= 8:
            regs &= ~(1 << rn)  # which bank is the base?
        if w:
            regs &= ~(1 << rn)
        regs = regs or (2 if rn == 0 else 1)
        return (self.cond() | 1 << 27 | self.bits(2) << 23 | s << 22 | w << 21 | load << 20 | rn << 16 | regs)

    def swp(self, _):
        d, m, n = self.r.sample(range(15), 3)
        return self.cond() | 0x1000090 | self.bits(1) << 22 | n << 16 | d << 12 | m

    def psr(self, mode):
        spsr = mode not in (0x10, 0x1F) and self.bits(1)
        if self.bits(2) == 0 and (spsr or self.v6):
            return self.cond() | 0x10F0000 | spsr << 22 | self.reg() << 12
        fields = 8 | (self.bits(1) * 4 if self.v6 else 0)
        if self.bits(1):
            return self.cond() | 0x120F000 | spsr << 22 | fields << 16 | self.reg()
        if self.bits(1):
            return self.cond() | 0x320F000 | spsr << 22 | 1 << 16 | 0xC0 | self.r.choice(MODES)
        return self.cond() | 0x320F000 | spsr << 22 | fields << 16 | 4 << 8 | self.bits(8)

    def branch(self, _):
        k = self.r.randrange(6)
        if k < 2:
            return self.cond() | 0xA000000 | k << 24 | self.r.choice([self.bits(24), self.bits(8)])
        if k == 2:
            return 0xFA000000 | self.bits(1) << 24 | self.r.choice([self.bits(24), self.bits(8)])
        if k == 3:
            return self.cond() | 0x12FFF10 | self.bits(4)
        if k == 4:
            return self.cond() | 0x12FFF30 | self.reg()
        return self.cond() | 0xF000000 | self.bits(16)

    def undefined(self, _):
        coproc = self.r.choice([n for n in range(2, 14) if n not in (10, 11)]) << 8
        return self.r.choice([
            self.cond() | 0xE000000 | self.bits(24) & ~0xF00 | coproc,      # CDP, MCR, MRC
            self.cond() | 0xC000000 | self.bits(25) & ~0xF00 | coproc,      # LDC, STC
            self.cond() | 0x7F000F0 | self.bits(12) << 8 | self.bits(4),    # for ever undefined
            self.cond() | 0x6000010 | (0 if self.v6 else self.bits(25)),    # ARMv6's on ARMv5
            self.cond() | 0x1200070 | self.bits(12) << 8 | self.bits(4),    # BKPT
            0xF550F000 | self.bits(1) << 23 | self.bits(4) << 16 | self.bits(12),  # PLD
            0xF0000000 | self.bits(25) if not self.v6 else 0xE7F000F0,
        ])

    def cp15(self, mode):
        if mode == 0x10 and not self.v6:  # nothing is allowed
            return self.cond() | 0xE000F10 | self.bits(8) << 16 | self.reg() << 12 | self.bits(3) << 5 | self.bits(4)
        if self.bits(2) == 0:  # nothing has an opc1 but what the vendor keeps for itself
            return self.cond() | 0xE300F10 | self.r.choice([7, 9, 10]) << 16 | self.reg() << 12 | 3 << 5 | 10
        crn, crm, op2 = self.r.choice([(5, 0, 0), (5, 0, 1), (6, 0, 0), (13, 0, 1), (0, 0, 0), (2, 0, 0), (3, 0, 0)])
        return self.cond() | 0xE100F10 | crn << 16 | self.r.choice([15, self.reg()]) << 12 | op2 << 5 | crm

    def v6_only(self, _):
        modes = [0x11, 0x12, 0x13, 0x17, 0x1B, 0x1F, 0x10]
        return self.r.choice([
            0xF1080000 | self.bits(1) << 18 | self.bits(2) << 7,                    # CPS flags
            0xF1020000 | self.r.choice(modes),                                     # CPS mode
            0xF1010000 | self.bits(1) << 9,
            self.cond() | 0x1900F9F | self.r.choice([0, 4, 6]) << 20 | self.reg() << 16 | self.reg() << 12,
            self.cond() | 0x1B00F9F | self.reg() << 16 | self.r.choice(range(0, 14, 2)) << 12,
            0xF84D0500 | self.bits(2) << 23 | self.bits(1) << 21 | self.r.choice(modes),
        ])

    def arm(self, mode):
        kinds = [self.dp, self.mul, self.ldst, self.extra, self.ldm, self.swp, self.psr, self.branch,
                 self.undefined, self.cp15] + ([self.v6_only] if self.v6 else [])
        weights = [10, 3, 22, 16, 24, 5, 5, 8, 4, 3] + ([8] if self.v6 else [])
        while True:
            w = self.r.choices(kinds, weights)[0](mode)
            if w & 0xFFFFFF == 0x123456 or w >> 28 == 15 and w & 0xF000000 in (0xC000000, 0xD000000, 0xE000000, 0xF000000):
                continue  # semihosting; the second coprocessor space is QEMU's VFP's
            return w

    def thumb(self):
        while True:
            h = self.bits(16)
            top = h >> 8
            if h >> 11 in (0b11110,):  # BL and BLX pairs
                low = self.bits(11) | self.r.choice([0xF800, 0xE800])
                if low >> 11 == 0b11101:
                    low &= ~1
                return low << 16 | h
            if h == 0xE7FE or h & 0xF0FF == 0xD0FE:
                continue  # to itself, for ever
            if h == 0xDFAB or h >> 12 == 0xC and not h & 0xFF or (h & 0xF600) == 0xB400 and not h & 0x1FF:
                continue
            if h >> 11 == 0x18 and h & 1 << (top & 7):  # STMIA: the base first or not at all
                continue
            if top == 0x45 and not h & 0xC0 or top == 0x45 and (h & 7 | h >> 4 & 8) == 15:
                continue
            if top in (0x44, 0x46) and not h & 0xC0 or top == 0x47 and (h & 7 or h & 0xF8 == 0xF8):
                continue
            if top == 0x44 and (h & 0x87) == 0x87 and h >> 3 & 15 == 15:
                continue
            if h >> 12 == 0xB and h & 0x0500 == 0x0100 or h >> 8 == 0xBF:
                continue  # CBZ and IT: QEMU has them on every core
            if self.v6 and h >> 12 == 0xB and top not in (0xB0, 0xB4, 0xB5, 0xBC, 0xBD, 0xB2):
                continue
            if h >> 11 in (0b11101, 0b11111):  # a second half alone: QEMU joins the halves
                continue
            return h


def cases(seed, count, v6):
    rng = random.Random(seed)
    gen, out = One(rng, v6), []
    for _ in range(count):
        mode, thumb = rng.choice(MODES), rng.random() < 0.25
        psr = rng.getrandbits(32) & 0xF8000000 | (rng.getrandbits(4) << 16 | 0 if v6 else 0)
        word = gen.thumb() if thumb else gen.arm(mode)
        if mode == 0x1B and (thumb or word & 0xC00F000 == 0xF000):
            mode = 0x13  # lr_und holds the instruction's own address: a return would not end
        out.append((word, psr | thumb << 5 | mode))
    return out
