# SPDX-License-Identifier: MIT
"""The monitor as its tests type at it: a console that answers, and how its tables are read."""

import re

import pytest

import qemu

# What these tests say of lines and counters is the model's; a real or simulated cache has other
# rules.
with_model = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="speaks of the cache model, which QEMU runs with")

PROMPT = r"^murphy> "
POISON = 0xA7A7A7A7
PKMAP_BASE, PAGE = 0xBFE00000, 0x1000
SLOT1 = PKMAP_BASE + PAGE  # where the first kmap() after boot goes


class Monitor(qemu.Console):
    """A console that answers: monitor("set fix pin") -> what was printed."""

    def __init__(self, append="", **options):
        super().__init__(f"{append} exit=semihost".strip(), **options)
        try:
            self.expect(PROMPT)
        except AssertionError:
            self.close()
            raise

    def __call__(self, line):
        self.send(line + "\r")
        return self.answer(line)

    def answer(self, echo):
        """What was printed between the echo of a line and the next prompt."""
        return self.expect(rf"{re.escape(echo)}\n([\s\S]*?){PROMPT}").group(1)

    def leave(self, line="exit"):
        self.send(line + "\r")
        return self.wait()

    def take_pages(self, n):
        """The frame numbers of n highmem pages."""
        rows = re.findall(r"^ +\d+ +(\d+)  [0-9a-f]{8}  ", self(f"pages {n}"), re.MULTILINE)
        assert len(rows) == n
        return [int(frame) for frame in rows]

    def peek(self, addr, words=1):
        text = re.sub(r"^  [0-9a-f]{8}:", "", self(f"peek {addr:x} {words}"), flags=re.MULTILINE)
        return [int(word, 16) for word in text.split()]


def summary(text):
    """pkmap's last line: slots, free, unused, pinned, last_pkmap_nr, wraps."""
    return tuple(int(n) for n in re.findall(r"\d+", text.splitlines()[-1]))


def rows(text):
    """pkmap's rows: slot, address, count, frame, pa, PTE, the rest."""
    found = re.findall(r"^ +(\d+) +([0-9a-f]{8}) +(\d+) +(\d+|-) ([0-9a-f]{8}|-) +(\S+) +(.*)$",
                       text, re.MULTILINE)
    return {int(r[0]): (int(r[1], 16), int(r[2])) + r[3:] for r in found}
