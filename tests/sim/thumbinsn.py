# SPDX-License-Identifier: MIT
"""Blocks of random Thumb instructions whose outcome the architecture defines: r6 = scratch
memory, r5 = index, sp = scratch."""
import struct

from arminsn import BLOCK_DONE

TFREE = [0, 1, 2, 3, 4, 7]


class Thumb:
    def __init__(self, rng, v6):
        self.r, self.v6, self.at = rng, v6, 0  # at: halfwords so far

    def bits(self, n):
        return self.r.getrandbits(n)

    def reg(self):
        return self.r.choice(TFREE)

    def index(self):
        """r5 = a low register & 0x7c"""
        return [0x257C, 0x4005 | self.r.choice(TFREE) << 3]

    def rare(self):
        """To ARM state and back, loads and moves into pc, literals, high compares, SETEND."""
        skip = [0x1800 | self.bits(2) << 9 | self.reg() << 6 | self.reg() << 3 | self.reg()]
        pad = [0x46C0] if self.at & 1 else []
        # add r12, pc, #1; bx r12 (or blx)
        arm = [0xC001, 0xE28F, self.r.choice([0xFF1C, 0xFF3C]), 0xE12F]
        d = self.reg()
        return self.r.choice([
            pad + [0x4778, 0x46C0] + arm,                                    # BX pc
            pad + [0xF000, 0xE800] + arm,                                    # BLX to the next word
            [0x4678 | d, 0x3005 | d << 8, 0xB400 | 1 << d, 0xBD00] + skip,    # POP {pc}
            [0x4678 | d, 0x3004 | d << 8, 0x4687 | d << 3] + skip,            # MOV pc
            [0x4678 | d, 0x3005 | d << 8, 0x4700 | d << 3 | self.bits(1) << 7] + skip,  # BX, BLX
            [0x2000 | d << 8, 0x4487 | d << 3] + skip,                       # ADD pc
            [0x4478 | d], [0x4678 | d],                                      # pc as an operand
            [0x4800 | d << 8 | self.bits(3)],                                # LDR literal
            [0x4500 | 0xC0 | self.r.choice([8, 9, 11]) << 3 & 0x78 | self.bits(2)],
            [0xB500 | 1 << d, 0xBC00 | 1 << d, 0xB001],                      # PUSH with lr
            [0xB650 | 8, 0x6830 | d | self.bits(2) << 6, 0xB650] if self.v6 else [0x4240 | d],
        ])

    def one(self):
        if self.r.random() < 0.08:
            return self.rare()
        k = self.r.randrange(16 if self.v6 else 14)
        d, n, m = self.reg(), self.r.choice(TFREE + [5, 6]), self.r.choice(TFREE + [5, 6])
        if k == 0:
            return [self.r.choice([0, 0x800, 0x1000]) | self.bits(5) << 6 | n << 3 | d]
        if k == 1:
            return [0x1800 | self.bits(2) << 9 | m << 6 | n << 3 | d]
        if k == 2:
            return [0x2000 | self.bits(2) << 11 | d << 8 | self.bits(8)]
        if k in (3, 4):
            return [0x4000 | self.bits(4) << 6 | self.reg() << 3 | d]
        if k == 5:  # high registers: ADD, CMP, MOV among r0-r12 without the reserved ones
            hi = self.r.choice([8, 9, 10, 11, 12, 14])
            op = self.r.choice([0, 1, 2])
            if self.bits(1):
                return [0x4400 | op << 8 | 0x80 | n << 3 | hi & 7]
            return [0x4400 | op << 8 | hi << 3 | d]
        if k == 6:
            return [0xA000 | self.bits(1) << 11 | d << 8 | self.bits(8)]
        if k == 7:
            return self.index() + [0x5000 | self.bits(3) << 9 | 5 << 6 | 6 << 3 | d]
        if k == 8:
            return [0x6000 | self.bits(2) << 11 | self.bits(5) << 6 | 6 << 3 | d]
        if k == 9:
            return [0x8000 | self.bits(1) << 11 | self.bits(5) << 6 | 6 << 3 | d]
        if k == 10:
            return [0x9000 | self.bits(1) << 11 | d << 8 | self.bits(5)]
        if k == 11:
            regs = sum(1 << x for x in self.r.sample(TFREE, 3))
            adj = self.bits(4)
            return self.r.choice([[0xB400 | regs, 0xBC00 | sum(1 << x for x in self.r.sample(TFREE, 3))],
                                  [0xB000 | adj, 0xB080 | adj]])
        if k == 12:  # r5 = r6 + small; LDMIA, STMIA r5!
            regs = sum(1 << x for x in self.r.sample(TFREE, self.r.randrange(1, 6)))
            return [0x1C35 | self.bits(2) << 6] + \
                   [0x08AD, 0x00AD, 0xC000 | self.bits(1) << 11 | 5 << 8 | regs]
        if k == 13:  # branches over one instruction: conditional, plain, BL
            skip = [0x1800 | self.bits(2) << 9 | m << 6 | n << 3 | d]
            return self.r.choice([[0xD000 | self.r.randrange(14) << 8] + skip, [0xE000] + skip,
                                  [0xF000, 0xF801] + skip])
        if k == 14:
            return [0xB200 | self.bits(2) << 6 | n << 3 | d]
        return [self.r.choice([0xBA00, 0xBA40, 0xBAC0]) | n << 3 | d]

    def block(self, length):
        out = []
        while len(out) < length:
            self.at = len(out)
            out += self.one()
        n = len(out)
        if len(out) & 1:
            out.append(0x46C0)
        out += [0x4778, 0x46C0]  # bx pc; nop: to ARM state
        data = struct.pack(f"<{len(out)}H", *out)
        return n, data + struct.pack("<II", 0xE51FF004, BLOCK_DONE)
