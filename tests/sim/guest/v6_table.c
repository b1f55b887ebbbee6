/* SPDX-License-Identifier: MIT */
/* ARMv6: unaligned accesses with SCTLR.U, and the extended page tables (XP): APX, AP, XN,
 * small, large, section, supersection. Prints what happened; compared with QEMU. */
#include <stdint.h>
#include <stdio.h>

#include "mmu_on.h"

#define VA 0x40000000u

extern volatile uint32_t abort_count, abort_fsr, abort_far, abort_kind, svc_count;
void vectors_install(void);
void try_fetch(uint32_t va, uint32_t cpsr);

static uint32_t coarse[256] __attribute__((aligned(4096)));
static uint32_t frames[65536 / 4] __attribute__((aligned(65536)));
static char line[120];

static void write0(const char *s)
{
	register uint32_t r0 asm("r0") = 4;
	register const char *r1 asm("r1") = s;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
}

static void flush(void)
{
	asm volatile("mcr p15, 0, %0, c7, c14, 0\n\tmcr p15, 0, %0, c7, c10, 4\n\t"
		     "mcr p15, 0, %0, c7, c5, 0\n\tmcr p15, 0, %0, c8, c7, 0" ::"r"(0)
		     : "memory");
}

static void control(uint32_t clear, uint32_t set)
{
	uint32_t ctl;

	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"((ctl & ~clear) | set) : "memory");
	flush();
}

static void result(const char *what, uint32_t va, uint32_t before, uint32_t val)
{
	if (abort_count == before)
		snprintf(line, sizeof line, "  %s %08lx ok %08lx\n", what, va, val);
	else
		snprintf(line, sizeof line, "  %s %08lx abort %lu fsr %03lx far %08lx\n", what, va,
			 abort_kind, abort_fsr & 0xcff, abort_far);
	write0(line);
}

#define TRY(text, insn, va, in)                                                 \
	do {                                                                    \
		uint32_t n = abort_count, v = (in);                             \
		asm volatile(insn : "+&r"(v) : "r"(va) : "memory", "r8", "r9"); \
		result(text, va, n, v);                                         \
	} while (0)

static void unaligned(void)
{
	for (uint32_t a = 0; a < 2; a++) {
		control(2, 1u << 22 | a << 1);
		for (uint32_t off = 0; off < 8; off++) {
			uint32_t va = (uint32_t)&frames[1020] + 4 + off; /* over a page's end */

			for (int n = 1018; n < 1028; n++)
				frames[n] = 0x01020304u * (uint32_t)n;
			TRY("ldr  ", "ldr %0, [%1]", va, 0);
			TRY("ldrh ", "ldrh %0, [%1]", va, 0);
			TRY("ldrsh", "ldrsh %0, [%1]", va, 0);
			TRY("str  ", "str %0, [%1]", va, 0xaabbccdd);
			TRY("strh ", "strh %0, [%1]", va, 0x1122);
			TRY("ldm  ", "ldmia %1, {r8, r9}\n\tadd %0, r8, r9", va & ~3u, 0);
			for (int n = 1018; n < 1028; n++) {
				snprintf(line, sizeof line, " %08lx", frames[n]);
				write0(line);
			}
			write0("\n");
		}
	}
	control(2, 0);
}

static void page(const char *kind, uint32_t descriptor)
{
	snprintf(line, sizeof line, "%s %08lx\n", kind, descriptor & 0x8fff7);
	write0(line);
	frames[0] = 0xef000001;
	flush();
	TRY("ldr ", "ldr %0, [%1]", VA, 0x5a5a5a5a);
	TRY("ldrt", "ldrt %0, [%1], #0", VA, 0x5a5a5a5a);
	for (uint32_t mode = 0xd0; mode <= 0xd3; mode += 3) {
		uint32_t n = abort_count;

		try_fetch(VA, mode);
		result(mode == 0xd0 ? "usr " : "svc ", VA, n, svc_count);
	}
	TRY("str ", "str %0, [%1]", VA, 0x01010101);
	TRY("strt", "strt %0, [%1], #0", VA, 0x02020202);
	flush();
}

static void extended(void)
{
	uint32_t pa = (uint32_t)frames, *l1 = &guest_table[VA >> 20];

	for (int n = 0; n < 4096; n++)
		guest_table[n] &= ~0x10u; /* with XP this bit of a section is XN */
	control(0, 1u << 23);
	for (uint32_t domain = 1; domain <= 3; domain += 2) {
		asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1 | domain << 6) : "memory");
		for (uint32_t k = 0; k < 16; k++) {
			uint32_t ap = k & 3, apx = k >> 2 & 1, xn = k >> 3;

			if (apx && (ap == 0 || ap == 3)) /* reserved */
				continue;
			*l1 = (uint32_t)coarse | 3 << 5 | 1;
			coarse[0] = pa | apx << 9 | ap << 4 | 0xc | 2 | xn;
			page("small", coarse[0]);
			for (int n = 0; n < 16; n++)
				coarse[n] = pa | xn << 15 | apx << 9 | ap << 4 | 0xc | 1;
			page("large", coarse[0]);
		}
	}
	asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(0x41) : "memory");
	for (uint32_t k = 0; k < 8; k++) {
		uint32_t apx = k & 1, xn = k >> 1 & 1, super = k >> 2;

		for (int n = 0; n < 16; n++) /* a supersection is in domain 0 */
			l1[n] = 0x01000000u | (super ? 1u << 18 : 3u << 5) | apx << 15 | 2u << 10 |
				xn << 4 | 0xe;
		*(volatile uint32_t *)0x01000000 = 0xef000001;
		page(super ? "supersection" : "section", l1[0]);
	}
	*l1 = 3;
	page("reserved", 3);
	control(1u << 23, 0);
}

int guest_main(void)
{
	guest_mmu_on();
	vectors_install();
	flush();
	unaligned();
	extended();
	return 0;
}
