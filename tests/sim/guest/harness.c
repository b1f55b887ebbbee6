/* SPDX-License-Identifier: MIT */
/* Runs the blocks of a blob and writes what each left behind to the semihosting console.
 * The same image runs in QEMU and in murphy-sim; MMU and caches are on (in QEMU the caches
 * mean nothing), so that the emulator's fast paths are what is tested. */
#include <stdint.h>
#include <string.h>

#define SCRATCH_WORDS 256
#define RECORD_WORDS  18

extern uint32_t blob[], run_target;
void run_block(const uint32_t *in, uint32_t *out);

uint32_t scratch[SCRATCH_WORDS] __attribute__((aligned(4096)));
static uint32_t table[4096] __attribute__((aligned(16384)));
static uint32_t records[RECORD_WORDS * 40000];
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

/* Values at which carries, signs and saturation turn are more likely than chance has it. */
static uint32_t interesting(void)
{
	static const uint32_t edge[] = {0,	1,	0xffffffff, 0x80000000, 0x7fffffff,
					0x8000, 0x7fff, 0xffff8000, 0x00ff00ff, 0x80008000,
					31,	32,	33,	    255};
	uint32_t r = next();

	return (r & 3) ? next() : edge[(r >> 8) % (sizeof edge / sizeof edge[0])];
}

static void caches_on(void)
{
	uint32_t ctl;

	for (uint32_t n = 0; n < 4096; n++)
		table[n] = n << 20 | 0xc12 | (n < 128 ? 0xc : 0); /* RAM: cacheable, bufferable */
	asm volatile("mcr p15, 0, %0, c7, c7, 0" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c8, c7, 0" ::"r"(0) : "memory");
	asm volatile("mcr p15, 0, %0, c2, c0, 0" ::"r"(table) : "memory");
	asm volatile("mcr p15, 0, %0, c3, c0, 0" ::"r"(1) : "memory");
	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	asm volatile("mcr p15, 0, %0, c1, c0, 0" ::"r"(ctl | 0x1005) : "memory");
}

void harness_main(void)
{
	uint32_t blocks = blob[0], *code = &blob[2], *rec = records, args[4], in[16];

	rng = blob[1];
	caches_on();
	for (uint32_t b = 0; b < blocks; b++) {
		uint32_t words = code[0] & 0xffff, thumb = code[0] >> 31, sum = 0;

		for (unsigned int n = 0; n < 16; n++)
			in[n] = interesting();
		in[8] = in[6] = (uint32_t)scratch + 512;
		in[13] = (uint32_t)scratch + 512;
		in[15] &= 0xf80f0000;
		run_target = (uint32_t)(code + 1) | thumb;
		run_block(in, rec);
		for (unsigned int n = 0; n < SCRATCH_WORDS; n++)
			sum = (sum << 1 | sum >> 31) + scratch[n];
		rec[16] = sum;
		rec[17] = b;
		rec += RECORD_WORDS;
		code += words + 1;
	}
	args[0] = (uint32_t) ":tt";
	args[1] = 4;
	args[2] = 3;
	args[0] = semihost(1, args);
	args[1] = (uint32_t)records;
	args[2] = (uint32_t)((char *)rec - (char *)records);
	while (args[2]) { /* a pipe takes a part at a time; what is returned was not written */
		uint32_t left = semihost(5, args);

		args[1] += args[2] - left;
		args[2] = left;
	}
	args[0] = 0x20026;
	args[1] = 0;
	semihost(0x20, args);
	for (;;)
		;
}
