/* SPDX-License-Identifier: MIT */
/* Corners of the ARM1176's MMU: domains above 7, the second table base, supersections, what user
 * mode may do with a page that privileged code has just used, and where an FCSE process ends. Exit
 * status: 0, or the number of the first thing that was otherwise. */
#include <stdint.h>

#include "mmu_on.h"

#define VA	  0x40000000u
#define HIGH	  0x90000000u
#define SUPER	  0x50000000u
#define DATA	  0x04000000u /* RAM that nothing else uses */
#define PID	  5u
#define CP(op, v) asm volatile("mcr p15, 0, %0, " op ::"r"(v) : "memory")

extern volatile uint32_t abort_count, abort_fsr;
void vectors_install(void);
uint32_t user_load(uint32_t va);

static uint32_t second_table[4096] __attribute__((aligned(16384)));

asm(".text\n"
    "user_load:\n" /* by the SVC of abort.S back to its caller, as try_fetch() */
    "	push	{r4-r12, lr}\n"
    "	ldr	r2, =abort_count\n"
    "	str	sp, [r2, #16]\n"
    "	mov	r5, r0\n"
    "	msr	cpsr_c, #0xd0\n"
    "	ldr	r5, [r5]\n"
    "	svc	1\n"
    ".ltorg\n");

static void flush(void)
{
	asm volatile("mcr p15, 0, %0, c7, c14, 0\n\tmcr p15, 0, %0, c7, c10, 4\n\t"
		     "mcr p15, 0, %0, c8, c7, 0" ::"r"(0)
		     : "memory");
}

/* The fault status of a load, or 0; *v: what was loaded. */
static uint32_t load(uint32_t va, uint32_t *v)
{
	uint32_t n = abort_count, got = 0;

	asm volatile("ldr %0, [%1]" : "+&r"(got) : "r"(va) : "memory");
	*v = got;
	return abort_count == n ? 0 : abort_fsr & 0xff;
}

static int loads(uint32_t va, uint32_t want)
{
	uint32_t v;

	return load(va, &v) == 0 && v == want;
}

static int domains(void)
{
	static const uint32_t some[] = {7, 8, 9, 12, 15};
	uint32_t v;

	for (uint32_t n = 0; n < sizeof some / sizeof some[0]; n++) {
		uint32_t d = some[n];

		guest_table[VA >> 20] = DATA | 0xc02 | d << 5;
		flush();
		CP("c3, c0, 0", 1 | 1u << 2 * d);
		if (!loads(VA, 0x11110000))
			return 1;
		CP("c3, c0, 0", 1 | (0x55555554u & ~(3u << 2 * d)));
		if (load(VA, &v) != (0x9 | d << 4))
			return 2;
	}
	CP("c3, c0, 0", 1);
	guest_table[VA >> 20] = DATA | 0xc02;
	flush();
	return 0;
}

static int second_base(void)
{
	uint32_t v;

	guest_table[HIGH >> 20] = 0;
	second_table[HIGH >> 20] = (DATA + 0x100000) | 0xc02;
	second_table[VA >> 20] = 0;
	flush();
	CP("c2, c0, 1", second_table);
	if (load(HIGH, &v) != 5)
		return 3;
	CP("c2, c0, 2", 1); /* the upper half of all addresses goes by the second base */
	flush();
	if (!loads(HIGH, 0x11110001) || !loads(VA, 0x11110000))
		return 4;
	second_table[VA >> 20] = (DATA + 0x200000) | 0xc02;
	CP("c2, c0, 2", 2); /* all but the first quarter */
	flush();
	if (!loads(VA, 0x11110002) || !loads(DATA, 0x11110000))
		return 5;
	CP("c2, c0, 2", 0);
	flush();
	return loads(VA, 0x11110000) ? 0 : 6;
}

static int supersection(void)
{
	uint32_t ctl;

	for (uint32_t n = 0; n < 4096; n++)
		guest_table[n] &= ~0x10u; /* with XP this bit of a section is XN */
	for (uint32_t n = 0; n < 16; n++)
		guest_table[(SUPER >> 20) + n] = DATA | 1u << 18 | 0xc02;
	flush();
	asm volatile("mrc p15, 0, %0, c1, c0, 0" : "=r"(ctl));
	CP("c1, c0, 0", ctl | 1u << 23);
	flush();
	for (uint32_t n = 0; n < 16; n += 5)
		if (!loads(SUPER + (n << 20), 0x11110000 + n))
			return 7;
	CP("c1, c0, 0", ctl);
	flush();
	return 0;
}

/* A page that only privileged code may use, used by it a moment before, and the other way round. */
static int modes(void)
{
	uint32_t n, at = VA + 0x77010; /* no neighbour of this program's in a direct-mapped table */

	*(volatile uint32_t *)(DATA + 0x77010) = 0x33330000;
	guest_table[VA >> 20] = DATA | 0x402 | 0xc;
	flush();
	for (int k = 0; k < 2; k++) {
		if (!loads(at, 0x33330000))
			return 8;
		n = abort_count;
		user_load(at);
		if (abort_count != n + 1 || (abort_fsr & 0xff) != 0xd)
			return 9;
	}
	guest_table[VA >> 20] = DATA | 0xc02 | 0xc;
	flush();
	n = abort_count;
	user_load(at);
	return abort_count == n && loads(at, 0x33330000) ? 0 : 10;
}

/* Addresses below 32 MiB are the process's; the first byte beyond is everybody's. */
static int process(void)
{
	int ok;

	*(volatile uint32_t *)0x01fffffc = 0x22220001;
	*(volatile uint32_t *)0x02000000 = 0x22220002;
	for (uint32_t n = 0; n < 32; n++)
		guest_table[(PID << 5) + n] = n << 20 | 0xc02;
	guest_table[(PID << 5) + 31] = DATA | 0xc02; /* its last megabyte is another */
	flush();
	CP("c13, c0, 0", PID << 25);
	flush();
	ok = loads(0x01f00000, 0x11110000) && loads(0x02000000, 0x22220002);
	CP("c13, c0, 0", 0);
	flush();
	return ok && loads(0x01fffffc, 0x22220001) ? 0 : 11;
}

int guest_main(void)
{
	int (*const all[])(void) = {domains, second_base, supersection, modes, process};

	for (uint32_t n = 0; n < 16; n++)
		*(volatile uint32_t *)(DATA + (n << 20)) = 0x11110000 + n;
	guest_mmu_on();
	vectors_install();
	flush();
	for (uint32_t n = 0; n < sizeof all / sizeof all[0]; n++) {
		int bad = all[n]();

		if (bad)
			return bad;
	}
	return 0;
}
