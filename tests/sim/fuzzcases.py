# SPDX-License-Identifier: MIT
"""Images and options nobody should write, from a seed."""
import struct

CP15_OPS = [(1, 0, 0), (1, 0, 1), (2, 0, 0), (2, 0, 1), (2, 0, 2), (3, 0, 0), (5, 0, 0), (7, 0, 4), (7, 5, 0),
            (7, 5, 1), (7, 6, 0), (7, 6, 1), (7, 6, 2), (7, 7, 0), (7, 10, 1), (7, 10, 2), (7, 10, 3),
            (7, 10, 4), (7, 14, 1), (7, 14, 2), (7, 14, 3), (8, 5, 0), (8, 6, 1), (8, 7, 0), (8, 7, 1), (8, 7, 2),
            (9, 0, 0), (10, 0, 0), (13, 0, 0), (13, 0, 1), (15, 1, 0)]
DEVICES = [0x10000000, 0x10003000, 0x10130000, 0x10140000, 0x101E2000, 0x101E3000, 0x101F1000]
PI_DEVICES = [0x20003000, 0x20007000, 0x20007400, 0x20007800, 0x2000B200, 0x2000B880, 0x20100000, 0x20200000,
              0x20201000, 0x20215000]


def word(rng):
    """A random instruction, with what is rare among random words made common."""
    k = rng.random()
    if k < 0.4:
        return rng.getrandbits(32)
    if k < 0.6:
        return 0xE0000000 | rng.getrandbits(28)
    if k < 0.75:  # CP15
        crn, crm, op2 = rng.choice(CP15_OPS)
        return (0xEE000F10 | rng.getrandbits(1) << 20 | crn << 16 | rng.randrange(16) << 12 | op2 << 5 | crm)
    if k < 0.8:  # MSR CPSR, immediate: modes
        return 0xE321F000 | rng.getrandbits(8)
    if k < 0.85:  # MCRR
        return 0xEC400F00 | rng.getrandbits(20) & 0xFF00F | rng.getrandbits(4)
    if k < 0.9:  # semihosting
        return 0xEF123456
    if k < 0.95:  # block transfers
        return 0xE8000000 | rng.getrandbits(25)
    return 0xF0000000 | rng.getrandbits(28)


def device_prologue(rng):
    """Stores random values into random device registers, with r0 and r1 loaded by pc."""
    out, devices = [], rng.choice([DEVICES, PI_DEVICES])
    for _ in range(rng.randrange(30)):
        addr = rng.choice(devices) + (rng.getrandbits(rng.choice([6, 10])) & ~3)
        val = rng.choice([rng.getrandbits(32), rng.getrandbits(8), 1, 0xFFFFFFFF, rng.getrandbits(20),
                          0x40000000 | rng.getrandbits(18)])
        out += [0xE59F0008, 0xE59F1008, rng.choice([0xE5801000, 0xE5901000, 0xE5C01000]), 0xEA000001,
                addr, val]
    return out


def image(rng):
    words = device_prologue(rng) + [word(rng) for _ in range(rng.randrange(1, 2000))]
    return struct.pack(f"<{len(words)}I", *words)


def mutated(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice([1, 3, 10, 100])):
        at = rng.randrange(min(len(data), rng.choice([64, 512, len(data)])))
        data[at] = rng.getrandbits(8)
    if rng.random() < 0.2:
        del data[rng.randrange(len(data)):]
    return bytes(data)


def options(rng):
    board = rng.choice(["versatilepb", "versatilepb", "raspi"])
    out = ["--board", board, "--mem", rng.choice(["65M", "66M"] if board == "raspi" else ["1M", "2M", "3M", "16M"]),
           "--seed", str(rng.getrandbits(31)),
           "--cpu", rng.choice(["arm926", "arm926", "arm1136", "arm1176", "arm11mpcore"])]
    if rng.random() < 0.5:
        index = rng.choice(["vivt", "vipt", "pipt"])
        out += ["--cache", f"{index},{rng.choice([1, 2, 4, 16, 64])}k,{rng.choice([1, 2, 4, 8])}way,"
                f"{rng.choice([16, 32, 64])}b{rng.choice(['', ',wa', ',random', ',wa,random'])}"]
    if rng.random() < 0.3:
        out += ["--icache", f"{rng.choice(['vivt', 'vipt', 'pipt'])},{rng.choice([1, 4, 32])}k,"
                f"{rng.choice([1, 2, 4])}way,32b"]
    for mutant in ["inv-writes-back", "no-allocate", "no-drain", "walk-in-cache", "coherent", "inv-keeps-dirty", "prefetch",
                   "reorder"]:
        if rng.random() < 0.1:
            out += ["--mutant", mutant]
    for flag in ["--semihosting", "--check", "--stats"]:
        if rng.random() < 0.5:
            out.append(flag)
    if rng.random() < 0.2:
        out += ["--trace", "/dev/null"]
    if rng.random() < 0.5:
        out += ["--append", "".join(chr(rng.randrange(32, 127)) for _ in range(rng.randrange(3000)))]
    return out
