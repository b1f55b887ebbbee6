/* SPDX-License-Identifier: MIT */
/* What differs from core to core: unaligned accesses by SCTLR.U and A, and which instructions
 * of ARMv6K exist. Prints what happened. Flat mapping, caches on. */
#include <stdint.h>
#include <stdio.h>

#include "mmu_on.h"

extern volatile uint32_t abort_count, abort_fsr, abort_far, abort_kind;
void vectors_install(void);

static uint32_t area[8] __attribute__((aligned(64)));
static char line[120];

static void write0(const char *s)
{
	register uint32_t r0 asm("r0") = 4;
	register const char *r1 asm("r1") = s;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
}

static void fill(void)
{
	for (uint32_t n = 0; n < 8; n++)
		area[n] = 0x03020100u + 0x04040404u * n; /* byte n holds n */
}

static void result(const char *what, uint32_t off, uint32_t before, uint32_t a, uint32_t b)
{
	if (abort_count != before)
		snprintf(line, sizeof line, "%s+%lu abort %lu fsr %03lx\n", what, off, abort_kind,
			 abort_kind == 1 ? abort_fsr & 0xcff : 0);
	else
		snprintf(line, sizeof line, "%s+%lu %08lx %08lx\n", what, off, a, b);
	write0(line);
}

/* insn: %0 and r9 take part; %1 is the address. Memory's first words are shown for stores. */
#define TRY(text, insn, off, in)                                            \
	do {                                                                \
		uint32_t n = abort_count, at = (uint32_t)area + (off);      \
		register uint32_t v asm("r8") = (in);                       \
		register uint32_t w asm("r9") = 0;                          \
		asm volatile(insn : "+r"(v), "+r"(w) : "r"(at) : "memory"); \
		result(text, off, n, v, w);                                 \
	} while (0)

#define STORE(text, insn, off, in)                                                    \
	do {                                                                          \
		fill();                                                               \
		TRY(text, insn, off, in);                                             \
		snprintf(line, sizeof line, " left %08lx %08lx\n", area[0], area[1]); \
		write0(line);                                                         \
	} while (0)

static void accesses(const char *name, uint32_t clear, uint32_t set)
{
	uint32_t ctl;

	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"((ctl & ~clear) | set) : "memory");
	write0(name);
	for (uint32_t off = 0; off < 4; off++) {
		fill();
		TRY("ldr", "ldr r8, [%2]", off, 0);
		TRY("ldm", "ldmia %2, {r8, r9}", off, 0);
		TRY("swp", "swp r9, r8, [%2]", off, 0x77777777);
		STORE("str", "str r8, [%2]", off, 0xaabbccdd);
		STORE("stm", "stmia %2, {r8, r9}", off, 0xaabbccdd);
		if (off & 1)
			continue; /* a halfword at an odd address: ARMv5 leaves open what comes */
		fill();
		TRY("ldrh", "ldrh r8, [%2]", off, 0);
		TRY("ldrsh", "ldrsh r8, [%2]", off, 0);
		STORE("strh", "strh r8, [%2]", off, 0xaabb);
	}
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"(ctl) : "memory");
}

/* One instruction with r2 = &area[0], r8 and r9 as operands. */
#define ONE(text, op, r8_in)                                                               \
	do {                                                                               \
		uint32_t n = abort_count;                                                  \
		register uint32_t base asm("r2") = (uint32_t)area;                         \
		register uint32_t v asm("r8") = (r8_in);                                   \
		register uint32_t w asm("r9") = 0x99;                                      \
		asm volatile(".inst " op : "+r"(v), "+r"(w) : "r"(base) : "memory", "r3"); \
		result(text, 0, n, v, w);                                                  \
	} while (0)

static void exclusives(void)
{
	write0("instructions\n");
	fill();
	ONE("strex-alone", "0xe1828f99", 0);
	ONE("ldrex", "0xe1928f9f", 0);
	ONE("strex", "0xe1828f99", 7);
	ONE("strex-twice", "0xe1828f99", 7);
	ONE("ldrexb", "0xe1d28f9f", 0);
	ONE("strexb", "0xe1c23f98", 0x55);
	ONE("ldrexh", "0xe1f28f9f", 0);
	ONE("strexh", "0xe1e23f98", 0x6666);
	ONE("ldrexd", "0xe1b28f9f", 0);
	ONE("strexd", "0xe1a23f98", 0x77777777);
	ONE("ldrex-2", "0xe1928f9f", 0);
	ONE("clrex", "0xf57ff01f", 1);
	ONE("strex-cleared", "0xe1828f99", 7);
	ONE("rev", "0xe6bf8f38", 0x12345678);
	ONE("uxtb", "0xe6ef8078", 0x12345678);
	ONE("wfe-or-nop", "0xe320f002", 1);
	ONE("tpid-write", "0xee0d8f50", 0x1234);
	ONE("tpid-read", "0xee1d9f50", 0);
	ONE("midr", "0xee109f10", 0);
	snprintf(line, sizeof line, " left %08lx %08lx\n", area[0], area[1]);
	write0(line);
}

int guest_main(void)
{
	vectors_install();
	guest_mmu_on();
#ifdef V6
	accesses("aligned-v6\n", 1u << 22 | 2, 1u << 22 | 2);
	accesses("unaligned-v6\n", 2, 1u << 22);
	exclusives();
#else
	accesses("aligned\n", 2, 2);
	exclusives();
#endif
	accesses("legacy\n", 1u << 22 | 2, 0);
	return 0;
}
