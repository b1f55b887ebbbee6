# SPDX-License-Identifier: MIT
"""The random program of a seed: blocks of ARM and Thumb instructions for guest/harness.c."""
import random
import struct

from arminsn import Arm
from thumbinsn import Thumb


def make_blob(seed, insns, v6, length=64):
    """Returns the blob for guest/harness.c and the list of (thumb, code) blocks."""
    rng = random.Random(seed)
    blocks, total, parts = [], 0, []
    while total < insns:
        thumb = rng.random() < 0.4
        n, data = (Thumb if thumb else Arm)(rng, v6).block(length)
        parts.append(struct.pack("<I", len(data) // 4 | (thumb << 31)) + data)
        blocks.append((thumb, data))
        total += n
    head = struct.pack("<II", len(parts), (seed * 2654435761 & 0xFFFFFFFF) or 1)
    return head + b"".join(parts), blocks, total
