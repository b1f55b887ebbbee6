# SPDX-License-Identifier: MIT
"""The UART loader's image: what it receives, refuses and starts, in QEMU and in murphy-sim."""

import os
import re

import pytest

import emulators
import loaders
import shim

RUN = "exit=semihost exhibit=kmap-race preempt=at:41 pkmap=8 trace=off"

# Ends with status 42 if it was started in the firmware's place with what the firmware gives.
STARTED = """
	.global _start
_start:	mov	r4, #0
	cmp	r0, #0
	orrne	r4, r4, #1
	ldr	r5, =MACHINE
	cmp	r1, r5
	orrne	r4, r4, #2
	cmp	r2, #0x100
	orrne	r4, r4, #4
	adr	r5, _start
	cmp	r5, #0x8000
	orrne	r4, r4, #8
	ldr	r0, [r2, #4]
	ldr	r5, =0x54410001
	cmp	r0, r5
	orrne	r4, r4, #16
	mrc	p15, 0, r0, c1, c0, 0
	ldr	r5, =0x1005
	tst	r0, r5
	orrne	r4, r4, #32
	cmp	r4, #0
	moveq	r4, #42
	ldr	r0, =block
	str	r4, [r0, #4]
	mov	r1, r0
	mov	r0, #0x20
	svc	0x123456
	.data
block:	.word	0x20026, 0
"""


def uartboot(board="versatilepb"):
    return os.path.join(os.path.dirname(emulators.image("bin", board)), "uartboot.bin")


def murphy():
    with open(emulators.image("bin"), "rb") as f:
        return f.read()


@pytest.mark.parametrize("emu", ["sim", pytest.param("qemu", marks=pytest.mark.skipif(
    not os.environ.get("MURPHY_LONG"), reason="QEMU's PL011 takes a byte at a time (MURPHY_LONG=1)"))])
def test_to_the_verdict(tmp_path, emu):
    """tools/uart_boot and the whole image: its CRC, and the run with the firmware's ATAGs."""
    with loaders.Board(uartboot(), RUN, emu, tmp_path) as board:
        run = loaders.Run(board.device, emulators.image("bin"), "--until", "status=")
        status, out, err = run.end()
        assert status == 0, err
        assert board.process.wait(loaders.PATIENCE) == 0
    assert f"uartboot: {len(murphy())} bytes; booting\n" in out
    assert "entered  at 00008000" in out and "loader   ATAGs at 00000100\n" in out
    assert re.search(r"CRC ok \([0-9a-f]{8}\)", out)
    lost = re.search(r"(?m)^verdict .* lost_lines=(\d+) .* saved_lines=(\d+) status=LOST$", out)
    assert int(lost[1]) + int(lost[2]) == 87


def test_a_wrong_byte_on_the_way(tmp_path):
    """The last byte of what is sent is another."""
    image = bytearray(murphy())
    image[-1] ^= 0x10
    path = tmp_path / "wrong.bin"
    path.write_bytes(image)
    with loaders.Board(uartboot(), RUN, "sim", tmp_path) as board:
        status, out, err = loaders.Run(board.device, path, "--until", "status=").end()
    assert status == 0, err
    assert "image: damaged: its CRC is " in out
    assert 'verdict reason="damaged image" status=ERROR' in out and "Murphy on" not in out


def started(tmp_path, machine=shim.VERSATILEPB):
    return shim.flat(shim.tiny_image(tmp_path, "started", STARTED.replace("MACHINE", str(machine)), base=0x8000))


@pytest.mark.parametrize("board, machine", [("versatilepb", shim.VERSATILEPB), ("raspi", 3138)])
@pytest.mark.parametrize("emu", ["qemu", "sim"])
def test_how_it_starts_an_image(tmp_path, emu, board, machine):
    image = started(tmp_path, machine)
    with loaders.Board(uartboot(board), RUN, emu, tmp_path, board) as running:
        _, out, _ = loaders.Run(running.device, image).end()
        # (QEMU's pseudo-terminal forgets what is written before it is opened.)
        assert emu == "qemu" or f"uartboot on {board}: send an image" in out
        assert f"uartboot: {os.path.getsize(image)} bytes; booting\n" in out
        assert running.process.wait(loaders.PATIENCE) == 42


def test_what_a_host_may_do(tmp_path):
    """As raspbootcom does it, through a pseudo-terminal: too long; gone in the middle; and again."""
    with open(started(tmp_path), "rb") as f:
        image = f.read()
    with loaders.Board(uartboot(), RUN, "qemu", tmp_path) as board:
        line = loaders.Pty(board.device)
        for length in (0x02000000, 0, 0xFFFFFFFF):
            assert loaders.ask(line.read, line.write, length)[1] == b"SE"
        text, answer = loaders.ask(line.read, line.write, len(image))
        assert b"uartboot: an image has 1 to 33521664 bytes here\r\n" in text and answer == b"OK"
        line.write(image[:100])  # and then nothing: the host is gone
        text, answer = loaders.ask(line.read, line.write, len(image))
        assert f"\r\nuartboot: the line fell silent after 100 of {len(image)} bytes; once more\r\n".encode() in text
        assert answer == b"OK"
        line.write(image)
        assert board.process.wait(loaders.PATIENCE) == 42
        line.hang_up()
