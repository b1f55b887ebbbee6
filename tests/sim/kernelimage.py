# SPDX-License-Identifier: MIT
"""Murphy's images: running it, its verdicts, and leaving single operations out."""
import os
import re
import shutil
import subprocess

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
LINKED_AT = 0xC0008000
NOP = bytes.fromhex("0000a0e1")
STRATEGIES = ["none", "pin", "irqoff", "lock", "recheck", "percheck", "atomic", "cleaninv", "kunmapflush"]


CROSS = os.environ.get("CROSS_COMPILE", "arm-none-eabi-")


def build(directory, cpu=None, board="versatilepb"):
    """Builds a board's image (of another core) and keeps a copy, so that a rebuild meanwhile changes nothing
    here. Returns the path without its ending: .elf and .bin are there."""
    stem = os.path.join(directory, "murphy")
    out = f"build/{board}" + (f"-{cpu}" if cpu else "")
    subprocess.run(["make", "-s", f"BOARD={board}", *([f"CPU={cpu}"] if cpu else []), f"{out}/murphy.bin"], cwd=TOP, check=True)
    shutil.copy(os.path.join(TOP, out, "murphy.elf"), stem + ".elf")
    subprocess.run([CROSS + "objcopy", "-O", "binary", stem + ".elf", stem + ".bin"], check=True)
    return stem


def verdicts(output):
    """The verdict lines as dicts."""
    return [dict(re.findall(r"(\w+)=(\S+)", line))
            for line in output.decode(errors="replace").splitlines() if line.startswith("verdict")]


def lost_lines(output):
    """(page, line, va, pa) of each lost line."""
    return set(re.findall(r"^lost page=(\S+) line=(\d+) va=(\w+) pa=(\w+)",
                          output.decode(errors="replace").replace("\r", ""), re.M))


def operations(stem):
    """(function, operation, address) of each cache, TLB and barrier instruction in the image."""
    found, function = [], None
    listing = subprocess.run([CROSS + "objdump", "-d", stem + ".elf"], capture_output=True, text=True, check=True)
    for line in listing.stdout.splitlines():
        m = re.match(r"[0-9a-f]+ <(.*)>:", line)
        if m:
            function = m.group(1)
        m = re.match(r"\s*([0-9a-f]{8}):\s+[0-9a-f]{8}\s+m(?:cr|rc)\s+15, 0, .*cr([78]), cr(\d+), \{(\d)\}", line)
        if m and (m.group(2), m.group(3)) != ("7", "0"):
            found.append((function, f"c{m.group(2)},c{m.group(3)},{m.group(4)}", int(m.group(1), 16)))
    return found


def without(stem, function, operation, path):
    """Writes the image with each such operation of the function (or of several) made a NOP to path."""
    functions = function if isinstance(function, tuple) else (function,)
    image, n, all_ops = bytearray(open(stem + ".bin", "rb").read()), 0, operations(stem)
    for f, op, address in all_ops:
        if f in functions and op == operation:
            image[address - LINKED_AT:address - LINKED_AT + 4] = NOP
            n += 1
    assert n, f"{function} has no {operation}; it has {[o for f, o, _ in all_ops if f in functions]}"
    open(path, "wb").write(image)


def without_call(stem, function, callee, which, path):
    """Writes the image with one call of callee by function (an index: -1 is the last) made a NOP
    to path."""
    listing = subprocess.run([CROSS + "objdump", "-d", f"--disassemble={function}", stem + ".elf"],
                             capture_output=True, text=True, check=True).stdout
    calls = re.findall(rf"^\s*([0-9a-f]{{8}}):.*\sbl\s.*<{callee}>", listing, re.M)
    assert calls, f"{function} does not call {callee}"
    image, at = bytearray(open(stem + ".bin", "rb").read()), int(calls[which], 16) - LINKED_AT
    image[at:at + 4] = NOP
    open(path, "wb").write(image)
