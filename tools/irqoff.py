#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts, exactly, instructions and the stretches of them that run with IRQs off.

The image calls bench_mark_begin("what this is") and bench_mark_end() round the code in
question, as often as it likes. Here the guest is stepped from one to the other, one
instruction at a time through QEMU's gdb stub, and CPSR.I is read before each. QEMU holds
interrupts back while it steps, so the code between the marks must not wait for one, and
the counts of two runs are the same.

The total is of the instructions from the one bench_mark_begin() returns to, up to and
without the call of bench_mark_end(). A stretch counts the instructions that start with I
set: the one that sets I is not in it, the one that clears it is.
"""

import argparse
import dataclasses
import json
import os
import subprocess
import sys
import tempfile

import emulators
from rsp import Rsp, RspError
from symbols import Symbols

CPSR_I = 0x80
BEGIN, END = "bench_mark_begin", "bench_mark_end"


@dataclasses.dataclass
class Stretch:
    length: int  # instructions
    begin_fn: str  # function of its first instruction


@dataclasses.dataclass
class Measurement:
    label: str
    total: int  # instructions
    longest_irqoff: int  # instructions
    begin_fn: str  # where the longest stretch began, "-" if there is none
    stretches: list

    def line(self):
        return (f"{self.label:<32} {self.total:>9} {self.longest_irqoff:>9} "
                f"{len(self.stretches):>5}  {self.begin_fn}")


HEADING = f"{'measurement':<32} {'total':>9} {'IRQ off':>9} {'times':>5}  longest from"


def split(pcs_irqoff, symbols):
    """Stretches of a trace [(pc, I set?)]."""
    stretches = []
    before = False
    for pc, off in pcs_irqoff:
        if off and not before:
            stretches.append(Stretch(0, symbols.function(pc) or f"{pc:#010x}"))
        if off:
            stretches[-1].length += 1
        before = off
    return stretches


def trace(stub, end, max_steps, label):
    """Steps from the return of bench_mark_begin() to bench_mark_end()."""
    pc, lr = stub.registers("pc", "lr")
    start = lr & ~1
    steps = []
    running = False
    for _ in range(max_steps):
        pc, cpsr = stub.registers("pc", "cpsr")
        if pc == end:
            return steps[:-1]  # without the call that led here
        running = running or pc == start
        if running:
            steps.append((pc, bool(cpsr & CPSR_I)))
        reply = stub.step()
        if not reply.startswith("T"):
            raise RspError(f"'{label}': the guest ended ({reply}) before {END}()")
    raise RspError(f"'{label}': no {END}() within {max_steps} instructions, now at {pc:#010x}: "
                   "does the code wait for an interrupt?")


def measure(append="", extra_qemu_args=(), kernel=None, elf=None, mem=None, board="versatilepb",
            max_steps=2_000_000, timeout=300):
    """Boots the image and measures each pair of marks; returns a list of Measurement."""
    kernel = kernel or emulators.image("bin", board)
    symbols = Symbols(elf or kernel)
    begin, end = symbols.address(BEGIN) & ~1, symbols.address(END) & ~1
    emulator = emulators.Qemu(board)
    found = []
    with tempfile.TemporaryDirectory(prefix="murphy-") as where:
        path = os.path.join(where, "gdb")
        command = emulator.command(kernel, append, mem, extra=extra_qemu_args, gdb=path)
        with open(os.path.join(where, "out"), "w+b") as out:
            guest = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                     env=emulator.environment())
            try:
                stub = Rsp(path)
                stub.breakpoint(begin)
                while (reply := stub.run(timeout)).startswith("T"):
                    label = stub.string(stub.registers("r0")[0])
                    steps = trace(stub, end, max_steps, label)
                    stretches = split(steps, symbols)
                    longest = max(stretches, key=lambda s: s.length, default=Stretch(0, "-"))
                    found.append(Measurement(label, len(steps), longest.length, longest.begin_fn,
                                             stretches))
                stub.close()
                if reply != "W00":
                    raise RspError(f"the guest ended with stop reply '{reply}' and not in order")
            except RspError as e:
                out.seek(0)
                last = out.read().decode("utf-8", "replace").splitlines()[-20:]
                raise RspError("\n".join([str(e), "The guest's last lines:"] + last)) from e
            finally:
                guest.kill()
                guest.wait()
    if not found:
        raise RspError(f"the guest never called {BEGIN}()")
    return found


def main():
    parser = argparse.ArgumentParser(
        description="counts instructions, and those with IRQs off, between bench marks",
        epilog="Words after -- go to QEMU.")
    parser.add_argument("--kernel", help="what QEMU boots (default: build/BOARD/murphy.bin)")
    parser.add_argument("--elf", help="its symbols (default: beside the kernel)")
    parser.add_argument("--board", default="versatilepb")
    parser.add_argument("--append", default="", help="the kernel's command line")
    parser.add_argument("--max-steps", type=int, default=2_000_000,
                        help="instructions a measurement may take (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="all stretches, as JSON")
    words, qemu = sys.argv[1:], []
    if "--" in words:
        words, qemu = words[:words.index("--")], words[words.index("--") + 1:]
    args = parser.parse_args(words)
    try:
        found = measure(args.append, qemu, args.kernel, args.elf, board=args.board,
                        max_steps=args.max_steps)
    except (RspError, OSError, KeyError) as e:
        print(f"irqoff: {e.args[0] if isinstance(e, KeyError) else e}", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps([dataclasses.asdict(m) for m in found], indent=1))
    else:
        print(HEADING)
        for m in found:
            print(m.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
