/* SPDX-License-Identifier: MIT */
/* Every combination of page kind, permission, S and R, domain and access: prints what came
 * back or the fault. Compared with QEMU line by line. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "mmu_on.h"

#define VA	 0x40000000u
#define FCSE_PID 5u

extern volatile uint32_t abort_count, abort_fsr, abort_far, abort_kind, svc_count;
void vectors_install(void);
void try_fetch(uint32_t va, uint32_t cpsr);

static uint32_t coarse[256] __attribute__((aligned(4096)));
static uint32_t fine[1024] __attribute__((aligned(4096)));
static uint32_t frames[65536 / 4 * 2] __attribute__((aligned(65536)));

static char line[120];

static void write0(const char *s)
{
	register uint32_t r0 asm("r0") = 4;
	register const char *r1 asm("r1") = s;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
}

/* Page tables are cached: cleaned and drained, or the walk does not see the change. */
static void put_entry(uint32_t *e, uint32_t v)
{
	*e = v;
	asm volatile("mcr p15, 0, %0, c7, c10, 1\n\tmcr p15, 0, %1, c7, c10, 4" ::"r"(e), "r"(0)
		     : "memory");
	asm volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0) : "memory");
}

static void dacr(uint32_t v)
{
	asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(v) : "memory");
}

static void sr_bits(uint32_t v)
{
	uint32_t ctl;

	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"((ctl & ~0x300u) | v << 8) : "memory");
}

static void fault(const char *what, uint32_t va, uint32_t before, uint32_t val)
{
	if (abort_count == before)
		snprintf(line, sizeof line, "  %s %08lx ok %08lx\n", what, va, val);
	else
		snprintf(line, sizeof line, "  %s %08lx abort %lu fsr %02lx far %08lx\n", what, va,
			 abort_kind, abort_fsr & 0xff, abort_far);
	write0(line);
}

static void accesses(uint32_t va)
{
	uint32_t n, v = 0x5a5a5a5a;

	n = abort_count;
	asm volatile("ldr %0, [%1]" : "+&r"(v) : "r"(va) : "memory");
	fault("ldr ", va, n, v);
	n = abort_count;
	asm volatile("str %0, [%1]" ::"r"(0x11112222), "r"(va) : "memory");
	fault("str ", va, n, 0);
	n = abort_count;
	v = 0x5a5a5a5a;
	asm volatile("ldrt %0, [%1], #0" : "+&r"(v) : "r"(va) : "memory");
	fault("ldrt", va, n, v);
	n = abort_count;
	asm volatile("strbt %0, [%1], #0" ::"r"(0x33), "r"(va) : "memory");
	fault("strt", va, n, 0);
	n = abort_count;
	asm volatile("swp %0, %0, [%1]" : "+&r"(v) : "r"(va) : "memory");
	fault("swp ", va, n, v);
}

static void fetches(uint32_t va, volatile uint32_t *frame)
{
	uint32_t n;

	frame[0] = 0xef000001; /* SVC */
	asm volatile("mcr p15, 0, %0, c7, c14, 1\n\tmcr p15, 0, %1, c7, c10, 4\n\t"
		     "mcr p15, 0, %1, c7, c5, 0" ::"r"(frame),
		     "r"(0)
		     : "memory");
	for (uint32_t mode = 0xd0; mode <= 0xd3; mode += 3) {
		n = abort_count;
		try_fetch(va, mode);
		fault(mode == 0xd0 ? "usr " : "svc ", va, n, svc_count);
	}
}

/* D-cache lines of VA belong to the mapping before: out with them (VIVT). */
static void flush_all(void)
{
	asm volatile("1: mrc p15, 0, r15, c7, c14, 3\n\tbne 1b\n\tmcr p15, 0, %0, c7, c10, 4\n\t"
		     "mcr p15, 0, %0, c7, c5, 0" ::"r"(0)
		     : "cc", "memory");
}

static void one_case(const char *kind, uint32_t step, uint32_t ap, uint32_t sr, uint32_t domain)
{
	snprintf(line, sizeof line, "%s ap %02lx sr %lu domain %lu\n", kind, ap, sr, domain);
	write0(line);
	dacr(1 | domain << 6); /* the code runs in domain 0, the test page in 3 */
	sr_bits(sr);
	for (uint32_t q = 0; q < (step ? 4 : 1); q++) {
		frames[q * step / 4] = 0xabcd0000 + q;
		flush_all();
		accesses(VA + q * step);
		flush_all();
		frames[q * step / 4] = 0;
	}
	fetches(VA, frames);
	flush_all();
}

static void tables(uint32_t sr, uint32_t domain)
{
	uint32_t pa = (uint32_t)frames, d3 = 3 << 5;

	for (uint32_t ap = 0; ap < 4; ap++) {
		put_entry(&guest_table[VA >> 20], (pa & 0xfff00000) | ap << 10 | d3 | 0x12 | 0xc);
		snprintf(line, sizeof line, "section %lu\n", ap);
		write0(line);
		dacr(1 | domain << 6);
		sr_bits(sr);
		flush_all();
		accesses(VA + (pa & 0xfffff));
		flush_all();
		fetches(VA + (pa & 0xfffff), frames);
		flush_all();
	}
	put_entry(&guest_table[VA >> 20], (uint32_t)coarse | d3 | 0x11);
	for (uint32_t ap = 0; ap < 256; ap += 57) {
		for (int n = 0; n < 16; n++)
			put_entry(&coarse[n], pa | ap << 4 | 0xc | 1);
		one_case("large", 16384, ap, sr, domain);
		put_entry(&coarse[0], pa | ap << 4 | 0xc | 2);
		one_case("small", 1024, ap, sr, domain);
	}
	put_entry(&guest_table[VA >> 20], (uint32_t)fine | d3 | 0x13);
	for (uint32_t ap = 0; ap < 4; ap++) {
		for (int n = 0; n < 4; n++)
			put_entry(&fine[n], (pa + n * 1024) | ((ap + n) & 3) << 4 | 0xc | 3);
		one_case("tiny", 1024, ap, sr, domain);
	}
}

static void faults(void)
{
	uint32_t n = abort_count, v = 0;

	dacr(0x41);
	put_entry(&guest_table[VA >> 20], 0);
	accesses(VA + 0x1234);
	put_entry(&guest_table[VA >> 20], (uint32_t)coarse | 3 << 5 | 0x11);
	put_entry(&coarse[1], 0);
	accesses(VA + 0x1234);
	put_entry(&coarse[1], (uint32_t)frames | 0xff3);
	accesses(VA + 0x1234);
	/* base restored: the base of an LDM that aborts half way is as it was */
	put_entry(&coarse[0], (uint32_t)frames | 0xffe);
	put_entry(&coarse[1], 0);
	v = VA + 0xff8;
	asm volatile("ldmia %0!, {r4-r7}" : "+r"(v)::"r4", "r5", "r6", "r7", "memory");
	fault("ldm ", v, n, v);
	snprintf(line, sizeof line, "base %08lx\n", v);
	write0(line);
	n = abort_count;
	asm volatile("str r4, [%0, #8]!" : "+r"(v)::"memory");
	fault("str!", v, n, v);
	snprintf(line, sizeof line, "base %08lx\n", v);
	write0(line);
}

/* The same VA below 32 MiB in two processes. */
static void fcse(void)
{
	uint32_t n = abort_count, v;

	put_entry(&guest_table[(FCSE_PID << 25 | 0x1f00000) >> 20],
		  ((uint32_t)frames & 0xfff00000) | 0xc12);
	put_entry(&guest_table[(FCSE_PID << 25 | 0x1e00000) >> 20], 0);
	frames[0] = 0x600dcafe;
	flush_all();
	/* only one instruction may run in the new process: this code itself is below 32 MiB.
	 * So map its own section there too. */
	put_entry(&guest_table[(FCSE_PID << 25 | 0x100000) >> 20], 0x100c1e);
	put_entry(&guest_table[(FCSE_PID << 25) >> 20], 0xc1e);
	flush_all();
	asm volatile("mcr p15, 0, %0, c13, c0, 0" ::"r"(FCSE_PID << 25) : "memory");
	v = *(volatile uint32_t *)(0x1f00000 + ((uint32_t)frames & 0xfffff));
	(void)*(volatile uint32_t *)0x1e00040;
	asm volatile("1: mrc p15, 0, r15, c7, c14, 3\n\tbne 1b" ::: "cc", "memory");
	asm volatile("mcr p15, 0, %0, c13, c0, 0\n\tmcr p15, 0, %0, c7, c5, 0" ::"r"(0) : "memory");
	fault("fcse", 0x1f00000, n, v);
}

int guest_main(void)
{
	guest_mmu_on();
	vectors_install();
	flush_all();
	for (uint32_t sr = 0; sr < 3; sr++) {
		tables(sr, 1);
		tables(sr, 3);
	}
	tables(0, 0);
	faults();
	sr_bits(0);
	fcse();
	return 0;
}
