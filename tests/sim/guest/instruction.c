/* SPDX-License-Identifier: MIT */
/* One instruction at a time, among pages that fault: writes what each left behind to the
 * semihosting console. The same image runs in QEMU and in murphy-sim. */
#include <stdint.h>
#include <string.h>

#define SLOT 0x40000000u /* the page the instruction is in; the pages round it are not mapped */
#define AT   0x800u	 /* of the instruction in its page */
#define DATA                                                                                \
	0x50000000u /* pages: rw, none, rw, user ro, privileged only, rw (tiny rules on v5) \
		     */
#define NODOMAIN \
	0x50300000u /* a section whose domain permits nothing; minus DATA it is none of ours */
#define RECORD 64u

extern uint32_t blob[], one_in[], one_out[];
extern char vec_undef[], vec_svc[], vec_pabt[], vec_dabt[], vec_other[];
void run_one(void);

static uint32_t table[4096] __attribute__((aligned(16384)));
static uint32_t coarse_slot[256] __attribute__((aligned(1024)));
static uint32_t coarse_data[256] __attribute__((aligned(1024)));
static uint32_t frames[6][1024] __attribute__((aligned(4096)));
static uint32_t slot[1024] __attribute__((aligned(4096)));
static uint32_t vectors[1024] __attribute__((aligned(4096)));
static uint32_t coarse_low[256] __attribute__((aligned(1024)));
static uint32_t coarse_text[256] __attribute__((aligned(1024)));
static uint32_t record[RECORD];
static uint32_t rng;

static uint32_t semihost(uint32_t op, const void *arg)
{
	register uint32_t r0 asm("r0") = op;
	register const void *r1 asm("r1") = arg;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
	return r0;
}

static uint32_t next(void)
{
	rng ^= rng << 13;
	rng ^= rng >> 17;
	rng ^= rng << 5;
	return rng;
}

/* A pointer near a page's edge, a small number, an edge of arithmetic, or anything. */
static uint32_t value(uint32_t loose)
{
	static const uint32_t edge[] = {0, 1, ~0u, 0x80000000, 0x7fffffff, 0x8000, 0xffff8000, 32};
	uint32_t r = next(), low = (r >> 8) & 0x3f;

	if (!loose)
		low &= ~3u;
	switch (r & 15) {
	case 0:
	case 1:
	case 2:
		return next();
	case 3:
		return edge[(r >> 8) & 7];
	case 4:
	case 5:
		return low;
	case 6:
		return -low;
	case 7:
		return NODOMAIN + low;
	case 8:
		return SLOT + (low << 5);
	case 9:
		return SLOT + (low << 5) + 1;
	case 10:
	case 11:
		return DATA + ((r >> 16) % 7 << 12) - 32 + low;
	default:
		return DATA + ((r >> 16) % 6 << 12) + 0x400 + low;
	}
}

static void mmu_on(uint32_t control)
{
	uint32_t ctl;
	static const uint8_t ap[6] = {3, 0, 3, 2, 1, 3};

	for (uint32_t n = 0; n < 4096; n++)
		table[n] = n > 1 && n < 64 ? n << 20 | 3 << 5 | 0x41e : 0;
	table[SLOT >> 20] = (uint32_t)coarse_slot | 0x11;
	table[DATA >> 20] = (uint32_t)coarse_data | 1 << 5 | 0x11;
	table[NODOMAIN >> 20] = 0x02000000 | 2 << 5 | 0xc12;
	table[0] = (uint32_t)coarse_low | 0x11;
	table[1] = (uint32_t)coarse_text | 0x11;
	for (uint32_t n = 0; n < 4; n++)
		coarse_text[n] = 0x100000 | n << 12 | 0x55e;
	coarse_low[0] = (uint32_t)vectors | 0x00e; /* AP 0: SCTLR.R makes it read-only */
	coarse_slot[0] = (uint32_t)slot | 0xff2;
	for (unsigned int n = 0; n < 6; n++)
		coarse_data[n] = n == 1 ? 0 : (uint32_t)frames[n] | ap[n] * 0x550 | 0xe;
	for (unsigned int n = 0; n < 8; n++)
		vectors[n] = 0xe59ff018; /* ldr pc, [pc, #24] */
	vectors[8] = vectors[13] = (uint32_t)vec_other;
	vectors[9] = (uint32_t)vec_undef;
	vectors[10] = (uint32_t)vec_svc;
	vectors[11] = (uint32_t)vec_pabt;
	vectors[12] = (uint32_t)vec_dabt;
	vectors[14] = (uint32_t)vec_other;
	asm volatile("mcr p15, 0, %0, c7, c10, 4" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c7, c7, 0" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"(table) : "memory");
	asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(0x45) : "memory");
	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"(ctl | 0x1205 | control) : "memory");
}

/* flags: bits [4:0] mode, 5 Thumb, [31:8] the flags of the PSR at their places */
static void one(uint32_t insn, uint32_t flags, uint32_t loose, uint32_t *rec)
{
	uint32_t thumb = flags >> 5 & 1, sum = 0, fsr, ifsr, far;

	for (unsigned int n = 0; n < 1024; n++)
		slot[n] = thumb ? 0xdf55df55 : 0xef000055;
	if (thumb) {
		slot[AT / 4] = 0xdf550000 | (insn & 0xffff);
		if (insn >> 16)
			slot[AT / 4] = insn;
	} else {
		slot[AT / 4] = insn;
	}
	asm volatile("mcr p15, 0, %0, c7, c10, 4" ::"r"(0) : "memory");
	/* Words that are an SVC, so that a jump to them ends. It runs what memory holds, not
	 * what the D-cache holds: clean. */
	for (unsigned int n = 0; n < 6 * 1024; n++)
		if (n >> 10 != 1)
			((uint32_t *)DATA)[n] = 0xef000000 | (((n * 0x9e3779b1) ^ rng) & 0xfeffff);
	for (unsigned int f = 0; f < 6; f++)
		for (unsigned int n = 0; f != 1 && n < 4096; n += 32)
			asm volatile("mcr p15, 0, %0, c7, c10, 1" ::"r"(DATA + f * 4096 + n)
				     : "memory");
	/* the slot is not cacheable by its own mapping; here it is */
	for (unsigned int n = 0; n < 4096; n += 32)
		asm volatile("mcr p15, 0, %0, c7, c14, 1" ::"r"((uint32_t)slot + n) : "memory");
	asm volatile("mcr p15, 0, %0, c7, c10, 4\n\tmcr p15, 0, %0, c7, c5, 0" ::"r"(0) : "memory");
	for (unsigned int n = 0; n < 38; n++)
		one_in[n] = value(loose);
	for (unsigned int n = 17; n < 30;
	     n += 3) /* SPSRs: what every core keeps, modes that exist */
		one_in[n] = (next() & 0xf8000000) | 0xd3;
	one_in[13 + 2 + 12 + 1] = SLOT + AT;
	one_in[13 + 2 + 12 + 2] = flags & 0xf80f021f;
	one_in[13 + 2 + 12 + 2] |= 0xc0 | (thumb ? 0x20 : 0);
	for (unsigned int n = 30; n < 35; n++)
		one_in[n] = value(loose);
	asm volatile("mcr p15, 0, %0, c5, c0, 0\n\tmcr p15, 0, %0, c5, c0, 1\n\t"
		     "mcr p15, 0, %0, c6, c0, 0" ::"r"(0));
	run_one();
	asm volatile("mrc p15, 0, %0, c5, c0, 0\n\tmrc p15, 0, %1, c5, c0, 1\n\t"
		     "mrc p15, 0, %2, c6, c0, 0"
		     : "=r"(fsr), "=r"(ifsr), "=r"(far));
	memcpy(rec, one_out, 40 * 4);
	/* through the same addresses that the instruction used: the cache is virtual */
	for (unsigned int f = 0; f < 6; f++)
		for (unsigned int n = 0; f != 1 && n < 1024; n++)
			sum = (sum << 1 | sum >> 31) + ((uint32_t *)DATA)[f * 1024 + n];
	for (unsigned int n = 0; n < 1024; n++)
		sum = (sum << 1 | sum >> 31) + ((uint32_t *)SLOT)[n];
	rec[40] = sum;
	rec[41] = fsr;
	rec[42] = ifsr;
	rec[43] = far;
}

/* To the console at once: if an instruction never ends, it is the one after the last record. */
static void put_record(uint32_t console)
{
	uint32_t args[3] = {console, (uint32_t)record, sizeof(record)};

	while (args[2]) { /* a pipe takes a part at a time; what is returned was not written */
		uint32_t left = semihost(5, args);

		args[1] += args[2] - left;
		args[2] = left;
	}
}

int guest_main(void)
{
	uint32_t cases = blob[0], loose = blob[2], *p = &blob[4], console, args[3];

	rng = blob[1];
	mmu_on(blob[3]);
	args[0] = (uint32_t) ":tt";
	args[1] = 4;
	args[2] = 3;
	console = semihost(1, args);
	for (uint32_t n = 0; n < cases; n++, p += 2) {
		one(p[0], p[1], loose, record);
		put_record(console);
	}
	args[0] = 0x20026;
	args[1] = 0;
	semihost(0x20, args);
	for (;;)
		;
}
