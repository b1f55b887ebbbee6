# SPDX-License-Identifier: MIT
"""Symbols of an image, from its ELF file (by nm) or from the .sym file beside it."""

import bisect
import os
import subprocess

LINEAR = 0xC0000000  # lowmem's virtual address when RAM starts at 0
FAR = 0x10000  # no function is this long: beyond it the name would be a guess


class Symbols:
    def __init__(self, path):
        """path: an ELF file, a .sym file as nm writes it, or a .bin with either beside it."""
        path = str(path)
        base, ext = os.path.splitext(path)
        if ext == ".bin":
            path = next((base + e for e in (".elf", ".sym") if os.path.exists(base + e)), None)
            if path is None:
                raise FileNotFoundError(f"neither {base}.elf nor {base}.sym is there")
        if path.endswith(".sym"):
            with open(path, encoding="ascii", errors="replace") as f:
                text = f.read()
        else:
            nm = os.environ.get("CROSS_COMPILE", "arm-none-eabi-") + "nm"
            text = subprocess.run([nm, path], check=True, capture_output=True, text=True).stdout
        self.addresses = {}
        code = {}
        for line in text.splitlines():
            word = line.split()
            if len(word) != 3 or word[2].startswith("$"):  # $a, $d: mapping symbols
                continue
            address = int(word[0], 16)
            self.addresses[word[2]] = address
            if word[1] in "tTwW":
                # Of two names for one address the global one is the one people know.
                if address not in code or word[1].isupper():
                    code[address] = word[2]
        self.starts = sorted(code)
        self.code = code

    def address(self, name):
        if name not in self.addresses:
            raise KeyError(f"the image has no symbol '{name}'")
        return self.addresses[name]

    def function(self, pc):
        """The name of the function at pc, or None. Before the MMU is on, pc is physical."""
        for address in (pc, pc + LINEAR):
            i = bisect.bisect_right(self.starts, address) - 1
            if i >= 0 and address - self.starts[i] < FAR:
                return self.code[self.starts[i]]
        return None
