# SPDX-License-Identifier: MIT
"""Tests of tools/irqoff.py: instruction counts known from the assembly, to the instruction."""

import json
import os
import subprocess
import sys

import pytest

import irqoff
import qemu
import rsp
import shim

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="counts through QEMU's gdb stub")

# Four measurements; the numbers on the right are what each instruction adds.
IMAGE = """
	.global _start, bench_mark_begin, bench_mark_end
	.type bench_mark_begin, %function
	.type bench_mark_end, %function
_start:	mov	sp, #0x8000
	msr	cpsr_c, #0x53		@ SVC, IRQs on
	mov	r7, #3			@ the loop measurement is called three times

	adr	r0, nothing
	bl	bench_mark_begin
	bl	bench_mark_end		@ total 0

	adr	r0, plain
	bl	bench_mark_begin
	nop
	nop
	nop
	bl	bench_mark_end		@ total 3, none with IRQs off

again:	adr	r0, loop
	bl	bench_mark_begin
	bl	critical		@ 1
	mrs	r1, cpsr		@ 1: begin again, in _start, 3 with IRQs off
	orr	r2, r1, #0x80		@ 1
	msr	cpsr_c, r2		@ 1
	nop				@ 1 off
	nop				@ 1 off
	msr	cpsr_c, r1		@ 1 off
	nop				@ 1
	bl	bench_mark_end
	subs	r7, r7, #1
	bne	again

	msr	cpsr_c, #0xd3
	adr	r0, masked
	bl	bench_mark_begin	@ I is set from the beginning and at the end
	nop
	nop
	bl	bench_mark_end		@ total 2, both off

	mov	r0, #0x20
	adr	r1, block
	svc	0x123456
	.type	critical, %function
critical:
	mrs	r1, cpsr		@ 1
	orr	r2, r1, #0x80		@ 1
	msr	cpsr_c, r2		@ 1
	mov	r3, #10			@ 1 off
1:	subs	r3, r3, #1		@ 10 off
	bne	1b			@ 10 off
	msr	cpsr_c, r1		@ 1 off
	bx	lr			@ 1
bench_mark_begin:
	bx	lr
bench_mark_end:
	bx	lr
block:	.word	0x20026, STATUS
nothing: .asciz	"nothing"
plain:	.asciz	"plain"
loop:	.asciz	"loop, with two stretches"
masked:	.asciz	"masked"
"""
LOOP_TOTAL = 1 + 26 + 7
CRITICAL_OFF = 22

EXPECTED = [
    ("nothing", 0, 0, "-", []),
    ("plain", 3, 0, "-", []),
    *[("loop, with two stretches", LOOP_TOTAL, CRITICAL_OFF, "critical",
       [(CRITICAL_OFF, "critical"), (3, "again")])] * 3,
    ("masked", 2, 2, "again", [(2, "again")]),
]


def build(tmp_path, source=IMAGE, status=0):
    return shim.tiny_image(tmp_path, "bench", source.replace("STATUS", str(status)))


def as_tuples(found):
    return [(m.label, m.total, m.longest_irqoff, m.begin_fn,
             [(s.length, s.begin_fn) for s in m.stretches]) for m in found]


def test_counts_are_exact(tmp_path):
    assert as_tuples(irqoff.measure(kernel=build(tmp_path))) == EXPECTED


def test_counts_are_the_same_under_icount(tmp_path):
    found = irqoff.measure(kernel=build(tmp_path),
                           extra_qemu_args=["-icount", "shift=0,sleep=off"])
    assert as_tuples(found) == EXPECTED


def test_one_instruction_more_is_seen(tmp_path):
    longer = IMAGE.replace("	bx	lr			@ 1\n", "	nop\n	bx	lr\n")
    assert longer != IMAGE
    found = irqoff.measure(kernel=build(tmp_path, longer))
    assert found[2].total == LOOP_TOTAL + 1
    assert found[2].longest_irqoff == CRITICAL_OFF


def test_an_exception_masks_interrupts(tmp_path):
    """What the exception vector runs counts as an IRQ-off stretch of the handler's."""
    source = """
	.global _start, bench_mark_begin, bench_mark_end
	.type svc_handler, %function
_start:	mov	r0, #0
	ldr	r1, =0xe59ff018		@ ldr pc, [pc, #24]
	str	r1, [r0, #8]
	adr	r1, svc_handler
	str	r1, [r0, #0x28]
	msr	cpsr_c, #0x5f		@ system mode: its lr survives the SVC
	adr	r0, name
	bl	bench_mark_begin
	svc	1			@ 1
	bl	bench_mark_end		@ total 1 + 4, 4 of them off
	mov	r0, #0x20
	adr	r1, block
	svc	0x123456
svc_handler:				@ 1 off: the vector's ldr pc
	nop				@ 1 off
	nop				@ 1 off
	movs	pc, lr			@ 1 off
	.type bench_mark_begin, %function
bench_mark_begin:
	bx	lr
	.type bench_mark_end, %function
bench_mark_end:
	bx	lr
	.ltorg
block:	.word	0x20026, 0
name:	.asciz	"svc"
"""
    found = irqoff.measure(kernel=build(tmp_path, source))
    assert [(m.total, m.longest_irqoff) for m in found] == [(5, 4)]


def test_without_an_end_it_gives_up(tmp_path):
    source = IMAGE.replace("	bl	bench_mark_end		@ total 3, none with IRQs off\n",
                           "1:	b	1b\n")
    with pytest.raises(rsp.RspError, match=r"'plain': no bench_mark_end\(\) within 100 instr"):
        irqoff.measure(kernel=build(tmp_path, source), max_steps=100)


def test_a_failed_guest_is_no_measurement(tmp_path):
    with pytest.raises(rsp.RspError, match="'W05'"):
        irqoff.measure(kernel=build(tmp_path, status=5))


def test_an_image_without_marks_is_named(tmp_path):
    source = IMAGE.replace("bench_mark_", "other_mark_")
    with pytest.raises(KeyError, match="no symbol 'bench_mark_begin'"):
        irqoff.measure(kernel=build(tmp_path, source))


def test_command_line(tmp_path):
    tool = os.path.abspath(irqoff.__file__)
    elf = build(tmp_path)
    table = subprocess.run([sys.executable, tool, "--kernel", elf, "--", "-icount", "shift=0"],
                           check=True, capture_output=True, text=True, timeout=300).stdout
    lines = table.splitlines()
    assert len(lines) == 1 + len(EXPECTED)
    assert lines[3].split()[-4:] == [str(LOOP_TOTAL), str(CRITICAL_OFF), "2", "critical"]
    text = subprocess.run([sys.executable, tool, "--kernel", elf, "--json"], check=True,
                          capture_output=True, text=True, timeout=300).stdout
    assert json.loads(text)[2]["longest_irqoff"] == CRITICAL_OFF
    missing = subprocess.run([sys.executable, tool, "--kernel", str(tmp_path / "none.bin")],
                             capture_output=True, text=True, timeout=300)
    assert missing.returncode == 1
    assert "none.elf nor" in missing.stderr and len(missing.stderr.splitlines()) == 1
