/* SPDX-License-Identifier: MIT */
/* Entry from any loader and any state; out with MMU and caches on, in kmain().
 *
 * In: r0 = 0, r1 = machine type, r2 = physical address of ATAGs or a device tree (ARM
 * Linux boot protocol), at any address in RAM, any mode, MMU and caches on (then mapped one to
 * one, as U-Boot's "go" leaves them) or off; the image at any word address in RAM, with 8 KiB of
 * RAM behind it, or with 1 KiB more than a tree is long. Until the MMU is on, all code here runs at whatever address it was loaded to
 * and uses PC-relative addresses only. */
#include "board.h"
#include "boot/entry.h"
#include "boot/other_core.h"
#include "core.h"
#include "cores/c7.h"
#include "lib/memory_map.h"

#define MOVER_SPACE 256 /* bytes */
#define DTB_MAGIC_LE 0xedfe0dd0 /* 0xd00dfeed is big-endian in memory */

	/* The instructions from here on are new, or at a new address. Changes the flags; \zero
	 * holds 0. */
	.macro CODE_CHANGED zero
	ICACHE_INV_ALL \zero
	cmp	sp, #0			@ our core?
	bne	9f
	CORE_CODE_CHANGED \zero
9:
	.endm

	.section .head, "ax"
	.arm
	.global _start
_start:
	b	entry
	.ascii	"MURPHY\0\0"
	.word	_image_start, _image_end, _kernel_end
	.global image_crc
image_crc:
	.word	0			@ tools/image_crc fills it in: boot/image_check.h

entry:
	mrs	r6, cpsr		@ as entered, for the banner
	msr	cpsr_c, #0xD3		@ SVC, IRQ and FIQ masked
	mov	r4, r1
	mov	r10, r2
	mrc	p15, 0, r5, c1, c0, 0	@ SCTLR as entered, for the banner

	/* Is this one of the cores that the image is for? sp, which has no other use yet, is 0
	 * if so. On any other only what all cores have is done from here on, just enough
	 * for kmain() to name it: an operation that a core does not have hangs it here. */
	mrc	p15, 0, r0, c0, c0, 0
	ldr	r1, =CORE_MIDR_MASK
	and	r0, r0, r1
	ldr	r1, =CORE_MIDR
	sub	sp, r0, r1

	/* D-cache on: what the loader stored (this image, the ATAGs) may exist only there, and
	 * is lost when the cache goes off. D-cache off: it may hold lines of long ago which
	 * would come to life when we turn it on. */
	tst	r5, #4
	beq	2f
	cmp	sp, #0
	bne	1f
	CORE_DCACHE_CLEAN_INV_ALL r0
	b	3f
1:	OTHER_CORE_DCACHE_CLEAN_INV
	b	3f
2:	mov	r0, #0
	DCACHE_INV_ALL r0
3:	mov	r0, #0
	DRAIN_WRITE_BUFFER r0		@ stores still on their way would land after we go on
	bic	r0, r5, #0x1000		@ I-cache off: it would serve the old code after the move
	bic	r0, r0, #0x0007		@ MMU, alignment check, D-cache off
	mcr	p15, 0, r0, c1, c0, 0
	mrc	p15, 0, r0, c1, c0, 0	@ DDI0198D: the change is in effect after a few
	mov	r0, r0			@ fetches; reading back and branching waits for it
	sub	pc, pc, #4
	mov	r0, #0
	CODE_CHANGED r0			@ stale instructions of the loader
	TLB_INV_ALL r0			@ stale translations of the loader
	mcr	p15, 0, r0, c13, c0, 0	@ FCSE process 0: another would move addresses below 32 MiB
	cmp	sp, #0
	bne	1f
	CORE_RESET_CONTROL r0
1:

	/* Two things must move, wherever the loader has put them, and neither may tread on the
	 * other or on this code: the list or tree, to a place of our own (it may lie where the
	 * image, its .bss or the page table go), and the image, to its link address. So the list
	 * goes behind both places of the image first, and so does the code that moves the image;
	 * the list comes to its last place when the image is in its own. */
	adr	r8, _start		@ where we are
	ldr	r11, =PHYS_RAM_BASE
	add	r1, r11, #TEXT_OFFSET	@ where we belong
	ldr	r3, =_image_start
	ldr	r12, =_image_end
	sub	r12, r12, r3		@ bytes, a multiple of 32
	cmp	r8, r1
	addhi	r7, r8, r12
	addls	r7, r1, r12		@ behind both: the mover
	add	r9, r7, #MOVER_SPACE + 4 @ behind that a word, the list's bytes, and the list

	/* Only a word-aligned pointer into RAM is followed; kmain() says what is wrong with any
	 * other. r1 = bytes: of a list, whose length nobody knows, a page, and of a tree what its
	 * header says; no more than we take and than RAM has. */
	mov	r1, #0
	ldr	r0, =BOARD_RAM_MAX
	sub	r3, r10, r11
	tst	r10, #3
	bne	5f
	cmp	r10, #0
	beq	5f
	cmp	r3, r0
	bhs	5f
	sub	r0, r0, r3		@ bytes of RAM from there on
	mov	r1, #HANDOVER_MIN
	cmp	r0, #8
	blo	4f
	ldr	r2, [r10]
	ldr	r12, =DTB_MAGIC_LE
	cmp	r2, r12
	bne	4f
	ldr	r1, [r10, #4]		@ the tree's bytes, big-endian
	eor	r2, r1, r1, ror #16
	bic	r2, r2, #0x00FF0000
	mov	r1, r1, ror #8
	eor	r1, r1, r2, lsr #8
	add	r1, r1, #3
	bic	r1, r1, #3
	cmp	r1, #HANDOVER_MIN
	movlo	r1, #HANDOVER_MIN
	cmp	r1, #HANDOVER_MAX
	movhi	r1, #HANDOVER_MAX
4:	cmp	r1, r0
	movhi	r1, r0
	mov	r2, r10
	mov	r3, r9
	mov	r0, r1
	bl	copy_words
5:	str	r1, [r9, #-4]
	add	r1, r11, #TEXT_OFFSET
	adr	r2, copy_words
	mov	r3, r7
	mov	r0, #copy_words_end - copy_words
	bl	copy_words
	mov	r2, r8
	mov	r3, r1
	ldr	r0, =_image_end
	ldr	r12, =_image_start
	sub	r0, r0, r12
	ldr	lr, =after_move
	sub	lr, lr, r12
	add	lr, lr, r1		@ physical address of after_move in its place
	mov	pc, r7

	.ltorg

	/* r2 = from, r3 = to, r0 = bytes (4, 8, ...); the two may overlap. Changes r12. */
copy_words:
	cmp	r3, r2
	bhi	2f
1:	ldr	r12, [r2], #4		@ downwards: first word first
	str	r12, [r3], #4
	subs	r0, r0, #4
	bne	1b
	b	3f
2:	subs	r0, r0, #4		@ upwards: last word first
	ldr	r12, [r2, r0]
	str	r12, [r3, r0]
	bne	2b
3:	mov	r0, #0
	DRAIN_WRITE_BUFFER r0		@ moved code must be in RAM before it is fetched
	CODE_CHANGED r0
	mov	pc, lr
copy_words_end:
	.if	copy_words_end - copy_words > MOVER_SPACE
	.error	"the mover does not fit its space"
	.endif

	/* In our place; MMU off. r4 = machine, r5 = SCTLR, r6 = CPSR, r8 = loaded at, r9 = the list
	 * or tree for now, its bytes in the word before, r10 = the loader's pointer, r11 = RAM base.
	 * It goes before .bss is zeroed, which is where it may lie now. */
after_move:
	ldr	r1, [r9, #-4]
	ldr	r12, =PAGE_OFFSET
	sub	r12, r12, r11		@ virtual - physical
	mov	r2, r9
	ldr	r3, =handover_copy
	sub	r3, r3, r12
	movs	r0, r1
	blne	copy_words
	ldr	r12, =PAGE_OFFSET
	sub	r12, r12, r11		@ virtual - physical
	ldr	r0, =_bss_start
	ldr	r3, =_bss_end
	sub	r0, r0, r12
	sub	r3, r3, r12
	mov	r2, #0
1:	cmp	r0, r3
	strlo	r2, [r0], #4
	blo	1b

	ldr	r0, =boot_entry
	sub	r0, r0, r12
	stmia	r0, {r4, r5, r6, r8, r10}
	str	r1, [r0, #20]

	/* Level-1 table: this megabyte one to one for the moment of turning on, and the first
	 * 4 MiB of lowmem. mm/pgtable.c does the rest. */
	add	r0, r11, #L1_TABLE_OFF
	mov	r1, #0
	add	r2, r0, #0x4000
2:	str	r1, [r0], #4
	cmp	r0, r2
	blo	2b
	add	r0, r11, #L1_TABLE_OFF
	ldr	r1, =CORE_SECTION_CACHED
	orr	r1, r1, r11
	mov	r2, r11, lsr #SECTION_SHIFT
	str	r1, [r0, r2, lsl #2]
	ldr	r2, =PAGE_OFFSET >> SECTION_SHIFT
	add	r2, r0, r2, lsl #2
	mov	r3, #LOWMEM_MIN >> SECTION_SHIFT
3:	str	r1, [r2], #4
	add	r1, r1, #SECTION_SIZE
	subs	r3, r3, #1
	bne	3b

	mov	r1, #0
	DRAIN_WRITE_BUFFER r1		@ the table walk reads RAM, not the write buffer
	mcr	p15, 0, r0, c2, c0, 0	@ TTBR
	mov	r2, #1
	mcr	p15, 0, r2, c3, c0, 0	@ domain 0: client, permissions are checked
	TLB_INV_ALL r1
	CODE_CHANGED r1
	mrc	p15, 0, r0, c1, c0, 0
	ldr	r2, =CORE_SCTLR_CLEAR
	bic	r0, r0, r2
	ldr	r2, =CORE_SCTLR_SET
	orr	r0, r0, r2
	mcr	p15, 0, r0, c1, c0, 0
	mrc	p15, 0, r0, c1, c0, 0
	mov	r0, r0
	sub	pc, pc, #4
	ldr	pc, =start_virtual

start_virtual:
	/* IRQ, abort and undefined mode need a few words each to get out of their mode; the
	 * abort handler stays on its own stack, so that it never moves the one it repairs. */
	msr	cpsr_c, #0xD2
	ldr	sp, =irq_words
	msr	cpsr_c, #0xD7
	ldr	sp, =abort_stack_top
	msr	cpsr_c, #0xDB
	ldr	sp, =abort_stack_top
	msr	cpsr_c, #0xD1
	ldr	sp, =abort_stack_top
	msr	cpsr_c, #0xD3
	ldr	sp, =boot_stack_top
	mov	lr, #0			@ the back trace ends here
	bl	image_check		@ while nothing of it has changed
	bl	kmain
1:	b	1b

	.ltorg

	/* Outside of what is zeroed, and of the image, whose CRC is still to be computed. */
	.section .handover, "aw", %nobits
	.align	3
	.global boot_entry
boot_entry:				@ struct boot_entry, boot/entry.h
	.space	24
	.global handover_copy
handover_copy:
	.space	HANDOVER_MAX

	.bss
	.align	3
	.global irq_words, boot_stack, boot_stack_top, abort_stack, abort_stack_top
irq_words:
	.space	16
abort_stack:
	.space	8192
abort_stack_top:
boot_stack:
	.space	8192
boot_stack_top:
