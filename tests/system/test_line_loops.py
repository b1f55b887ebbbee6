# SPDX-License-Identifier: MIT
"""The loops of cores/arm926/lines.S, stepped: which lines get the operation, and in which order."""

import os
import random
import subprocess

import pytest

import emulators
import qemu
import shim
from rsp import Rsp
from symbols import Symbols

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="steps through QEMU's gdb stub")

LINE = 32
LOOPS = {  # the operation's encoding, without its register
    "arm926_clean_lines": 0xEE070F3A,
    "arm926_inv_lines": 0xEE070F36,
    "arm926_clean_inv_lines": 0xEE070F3E,
}
START = '''
	.global _start, __aeabi_unwind_cpp_pr0
_start:	b	_start
__aeabi_unwind_cpp_pr0:			@ named by the unwind tables, never called
'''


class Loops:
    """A CPU with nothing but the loops in memory."""

    def __init__(self, stub, symbols):
        self.stub, self.symbols = stub, symbols
        self.home = symbols.address("_start")

    def run(self, loop, start, end):
        """Calls the loop; the addresses given to its operation, and the instructions it took."""
        for name, value in (("r0", start), ("r1", end), ("lr", self.home),
                            ("pc", self.symbols.address(loop))):
            self.stub.set_register(name, value)
        given = []
        for steps in range(10_000):
            pc, r0 = self.stub.registers("pc", "r0")
            if pc == self.home:
                return given, steps
            insn = int.from_bytes(self.stub.memory(pc, 4), "little")
            if insn >> 24 == 0xEE:  # MCR
                assert insn == LOOPS[loop], f"{insn:#x} at {pc:#x}"
                given.append(r0)
            self.stub.step()
        pytest.fail(f"{loop}({start:#x}, {end:#x}) does not end")


@pytest.fixture(scope="module")
def loops(tmp_path_factory):
    where = tmp_path_factory.mktemp("loops")
    (where / "start.S").write_text(START)
    elf = shim.cc(where / "loops.elf", [where / "start.S", os.path.join(emulators.TOP, "cores/arm926/lines.S")],
                  f"-I{emulators.TOP}", f"-I{emulators.TOP}/cores/arm926", "-Wl,-Ttext=0x10000")
    emulator = emulators.Qemu()
    guest = subprocess.Popen(emulator.command(elf, gdb=str(where / "gdb")),
                             stdin=subprocess.DEVNULL, env=emulator.environment())
    try:
        stub = Rsp(str(where / "gdb"))
        yield Loops(stub, Symbols(elf))
        stub.close()
    finally:
        guest.kill()
        guest.wait()


def check(loops, loop, start, lines):
    given, _ = loops.run(loop, start, start + lines * LINE)
    assert given == [start + i * LINE for i in range(lines)], f"{loop}: {lines} lines"


@pytest.mark.parametrize("loop", LOOPS)
def test_each_line_once_and_in_order(loops, loop):
    """Round every multiple of the turns that the loop is unrolled to."""
    for lines in (1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129):
        check(loops, loop, 0xBFE01000, lines)


def test_any_number_of_lines(loops):
    seed = int(os.environ.get("SEED") or random.randrange(1, 1 << 32))
    print(f"seed {seed}")
    draw = random.Random(seed)
    for _ in range(8):
        check(loops, draw.choice(list(LOOPS)), LINE * draw.randrange(1 << 20), draw.randrange(1, 200))


@pytest.mark.parametrize("loop", LOOPS)
def test_no_line_no_operation(loops, loop):
    """A buffer without a whole line comes with its end before its start (cache/range.c)."""
    for start, end in ((0x1000, 0x1000), (0x1020, 0x1000), (0xFFFFFFE0, 0x20), (0, 0)):
        assert loops.run(loop, start, end)[0] == []


def test_a_page_takes_two_instructions_a_line(loops):
    given, steps = loops.run("arm926_inv_lines", 0xBFE01000, 0xBFE02000)
    assert len(given) == 128
    assert steps < 2 * 128 + 20
