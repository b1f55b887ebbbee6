# SPDX-License-Identifier: MIT
"""Tests of the harness itself, on images of a few instructions."""

import itertools

import pytest

import qemu
import shim

pytestmark = pytest.mark.skipif(qemu.emulators.emulator().name != "qemu",
                                reason="these images are made for QEMU's ELF start")

# print: r5 -> text, to the PL011; exit: r0 = code, by semihosting SYS_EXIT_EXTENDED.
LIBRARY = """
print:	ldr	r4, =0x101f1000
1:	ldrb	r6, [r5], #1
	cmp	r6, #0
	strne	r6, [r4]
	bne	1b
	bx	lr
	.global	exit
exit:	adr	r1, exit_block
	str	r0, [r1, #4]
	mov	r0, #0x20
	svc	0x123456
exit_block:
	.word	0x20026, 0
	.ltorg
"""

VERDICT = """
	.global _start
_start:	adr	r5, text
	bl	print
	mov	r0, #3
	b	exit
text:	.ascii	"Murphy\\r\\n"
	.ascii	"lost page=7 line=0 want=11 got=22\\r\\n"
	.ascii	"lost page=7 line=1 want=33 got=44\\r\\n"
	.asciz	"verdict exhibit=none truth=modelled status=LOST\\r\\n"
	.balign 4
""" + LIBRARY

HANG = """
	.global _start, here_it_hangs
_start:	adr	r5, text
	bl	print
	b	here_it_hangs
text:	.asciz	"one step before\\n"
	.balign 4
	.type	here_it_hangs, %function
here_it_hangs:
	b	here_it_hangs
	.type	never_reached, %function
never_reached:
	b	never_reached
""" + LIBRARY

# Echoes each byte; ends with it as exit code when it is an upper-case letter.
ECHO = """
	.global _start
_start:	adr	r5, prompt
	bl	print
	ldr	r4, =0x101f1000
1:	ldr	r0, [r4, #0x18]
	tst	r0, #0x10		@ receive FIFO empty
	bne	1b
	ldr	r0, [r4]
	str	r0, [r4]
	cmp	r0, #'A'
	blo	1b
	cmp	r0, #'Z'
	bhi	1b
	b	exit
prompt:	.asciz	"ready> "
	.balign 4
""" + LIBRARY

# Prints the state in which it was entered: CPSR, SCTLR, r0, r1, r2, r12, ATAG words at r2,
# IRQs pending at the VIC, and where it stands.
STATE = """
	.global _start
_start:	b	1f
1:	mrs	r3, cpsr
	str	r3, save + 16
	str	r0, save
	str	r1, save + 4
	str	r2, save + 8
	str	r12, save + 12
	msr	cpsr_c, #0xd3		@ from here on r8-r12 are not FIQ's
	ldr	r7, save + 16
	bl	hex
	mrc	p15, 0, r7, c1, c0, 0
	bl	hex
	ldr	r7, save
	bl	hex
	ldr	r7, save + 4
	bl	hex
	ldr	r7, save + 8
	bl	hex
	ldr	r7, save + 12
	bl	hex
	ldr	r0, save + 8
	ldr	r7, [r0]
	bl	hex
	ldr	r0, save + 8
	ldr	r7, [r0, #4]
	bl	hex
	ldr	r0, =0x10140000
	ldr	r7, [r0]
	bl	hex
	mov	r7, pc
	bic	r7, r7, #0xff
	bic	r7, r7, #0xff00
	bl	hex
	mov	r0, #0
	b	exit
hex:	ldr	r4, =0x101f1000
	mov	r8, #8
1:	mov	r6, r7, lsr #28
	cmp	r6, #10
	addlo	r6, r6, #'0'
	addhs	r6, r6, #'a' - 10
	str	r6, [r4]
	mov	r7, r7, lsl #4
	subs	r8, r8, #1
	bne	1b
	mov	r6, #' '
	str	r6, [r4]
	bx	lr
	.balign 4
save:	.space	20
""" + LIBRARY
STATE_NAMES = "cpsr sctlr r0 r1 r2 r12 tag0 tag1 pending origin".split()


@pytest.fixture
def image(tmp_path):
    return lambda source, name="tiny": shim.tiny_image(tmp_path, name, source)


@pytest.mark.parametrize("icount", [False, True])
def test_exit_code_verdict_and_lost_lines(image, icount):
    result = qemu.boot(kernel=image(VERDICT), icount=icount)
    assert result.exit == 3
    assert result.err == "" and "\r" not in result.out
    assert result.verdict == {"exhibit": "none", "truth": "modelled", "status": "LOST"}
    assert [lost["line"] for lost in result.lost] == ["0", "1"]
    assert result.out.splitlines()[0] == "Murphy"
    with pytest.raises(AssertionError, match="2 verdicts, expected 1"):
        qemu.Result(0, "", "", result.verdicts * 2, [], 0.0).verdict  # noqa: B018


def test_a_hang_is_named(image):
    with pytest.raises(qemu.Hang) as hang:
        qemu.boot(kernel=image(HANG), timeout=2)
    message = str(hang.value)
    assert message.startswith("no verdict in 2 s: hung at PC=0x0001"), message
    assert "(here_it_hangs)" in message
    assert "  one step before" in message


def test_a_hang_in_a_flat_image_is_named_by_the_elf_beside_it(image):
    # A .bin is loaded at 64 KiB, as Linux is: where the ELF was linked.
    with pytest.raises(qemu.Hang, match=r"\(here_it_hangs\)"):
        qemu.boot(kernel=shim.flat(image(HANG)), timeout=2)


def test_a_stopped_emulator_is_not_waited_for_either(image, monkeypatch):
    monkeypatch.setattr(qemu, "QMP_TIMEOUT", 1.0)
    with qemu.Console(kernel=image(HANG), timeout=2) as console:
        console.expect("one step before")
        console.process.send_signal(19)  # SIGSTOP: QEMU as deaf as in its own endless loop
        with pytest.raises(qemu.Hang, match="qemu itself does not answer"):
            console.wait()


def test_dialogue(image):
    with qemu.Console(kernel=image(ECHO), timeout=60) as console:
        console.expect("^ready> ")
        console.send("pkmap 4\n")
        console.expect(r"pkmap (\d)\n")
        console.send("Q")
        assert console.wait().exit == ord("Q")


def test_an_emulator_that_does_not_start_says_why(image):
    result = qemu.boot(kernel=image(VERDICT), extra=["-device", "sundial"])
    assert result.exit == 1 and result.out == ""
    assert "sundial" in result.err
    with qemu.Console(kernel=image(VERDICT), extra=["-device", "sundial"]) as console:
        with pytest.raises(qemu.Ended, match=r"(?s)No output.*'sundial' is not a valid"):
            console.expect("Murphy")


def test_typed_from_the_start(image):
    assert qemu.boot(kernel=image(ECHO), stdin="murmur" * 20 + "X").exit == ord("X")


def test_the_unsaid_is_missed(image):
    with qemu.Console(kernel=image(ECHO)) as console:
        with pytest.raises(qemu.Hang, match="no 'nonsense' in 1 s: hung at PC="):
            console.expect("nonsense", timeout=1)
        console.send("A")
        with pytest.raises(qemu.Ended, match=r"ended \(exit 65\) before it said 'nonsense'"):
            console.expect("nonsense")


@pytest.mark.parametrize("line", ["verdict status", "verdict a=1 a=2", "verdict =1"])
def test_a_malformed_verdict_is_refused(line):
    with pytest.raises(AssertionError, match="in this line: verdict"):
        qemu.parse_lines(line, "verdict")


def test_an_unknown_emulator_is_refused(monkeypatch):
    monkeypatch.setenv("EMU", "abacus")
    with pytest.raises(ValueError, match="EMU=abacus.*expected one of: qemu"):
        qemu.emulators.emulator()


def enter(tmp_path, image, **state):
    elf = shim.entry_shim(tmp_path, shim.flat(image(STATE, "state")), **state)
    result = qemu.boot(kernel=elf, timeout=60)
    assert result.exit == 0
    return dict(zip(STATE_NAMES, (int(word, 16) for word in result.out.split()), strict=True))


@pytest.mark.parametrize("mode, irq_off, fiq_off", itertools.product(
    (shim.SVC, shim.SYS, shim.FIQ, shim.IRQ, shim.ABT, shim.UND), (True, False), (True, False)))
def test_shim_modes_and_masks(tmp_path, image, mode, irq_off, fiq_off):
    got = enter(tmp_path, image, mode=mode, irq_off=irq_off, fiq_off=fiq_off)
    assert got["cpsr"] & 0xFF == mode | irq_off * 0x80 | fiq_off * 0x40
    assert got["sctlr"] & (shim.M | shim.A | shim.C | shim.I) == 0


@pytest.mark.parametrize("bits", range(16))
def test_shim_sctlr_bits(tmp_path, image, bits):
    mmu, dcache, icache, align = (bool(bits >> i & 1) for i in range(4))
    got = enter(tmp_path, image, mmu=mmu, dcache=dcache, icache=icache, align=align)
    assert got["sctlr"] & (shim.M | shim.A | shim.C | shim.I) == (
        mmu * shim.M | dcache * shim.C | icache * shim.I | align * shim.A)


@pytest.mark.parametrize("sctlr", [shim.UBOOT_GO, shim.UBOOT_GO_ALIGN])
@pytest.mark.parametrize("copy", [False, True])
def test_shim_after_uboot_go(tmp_path, image, sctlr, copy):
    got = enter(tmp_path, image, sctlr=sctlr, copy=copy, load=0x600000)
    assert got["sctlr"] == sctlr
    assert got["origin"] == 0x600000


def test_shim_registers_and_atags(tmp_path, image):
    got = enter(tmp_path, image, r0=5, r1=0x123, tags=shim.atag(0x1234, b"abcde"), tags_at=0x2000)
    assert (got["r0"], got["r1"], got["r2"]) == (5, 0x123, 0x2000)
    assert (got["tag0"], got["tag1"]) == (4, 0x1234)
    assert got["r12"] == 0xDEAD0033
    assert got["pending"] == 0
    assert enter(tmp_path, image, r2=0x100000)["r2"] == 0x100000


def test_shim_with_an_interrupt_pending(tmp_path, image):
    assert enter(tmp_path, image, pending_timer=True)["pending"] == 1 << 4
