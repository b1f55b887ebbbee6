/* SPDX-License-Identifier: MIT */
/* The Raspberry Pi's registers for small guests, and a case a run, named by the command line's
 * last word. A case is a driver: exit status 0 if it works, 1 if not, 99 if there is no such. */
#ifndef GUEST_PI_H
#define GUEST_PI_H

#include <stdint.h>
#include <string.h>

#define REG(at) (*(volatile uint32_t *)(at))

#define IC_BASIC  REG(0x2000b200)
#define IC_PEND1  REG(0x2000b204)
#define IC_PEND2  REG(0x2000b208)
#define IC_FIQ	  REG(0x2000b20c)
#define IC_EN1	  REG(0x2000b210)
#define IC_EN2	  REG(0x2000b214)
#define ST_CS	  REG(0x20003000)
#define ST_CLO	  REG(0x20003004)
#define ST_C(n)	  REG(0x2000300c + 4 * (n))
#define UART_IMSC REG(0x20201038)
#define UART_DR	  REG(0x20201000)
#define AUX_EN	  REG(0x20215004)
#define AUX_IO	  REG(0x20215040)
#define AUX_IER	  REG(0x20215044)
#define FSEL1	  REG(0x20200004)
#define FSEL4	  REG(0x20200010)
#define GPIO(off) REG(0x20200000 + (off))

#define DMA_CS(n)     REG(0x20007000 + 0x100 * (n))
#define DMA_CONBLK(n) REG(0x20007004 + 0x100 * (n))
#define DMA_DEBUG(n)  REG(0x20007020 + 0x100 * (n))
#define CS_ACTIVE     1u
#define CS_END	      2u
#define CS_INT	      4u
#define CS_ERROR      0x100u
#define CS_WAIT	      0x10000000u
#define CS_ABORT      0x40000000u
#define CS_RESET      0x80000000u
#define TI_INTEN      1u
#define TI_2D	      2u
#define TI_WAIT	      8u
#define TI_INC	      0x110u
#define TI_IGNORE     0x880u

struct block {
	uint32_t ti, src, dst, len, stride, next, zero[2];
};

struct pi_case {
	const char *name;
	int (*f)(int a, int b);
	int a, b;
};

/* Waits until the register has a bit of the mask, or 50 milliseconds. */
static inline int pi_wait(volatile uint32_t *reg, uint32_t mask)
{
	uint32_t start = ST_CLO;

	while (ST_CLO - start < 50000)
		if (*reg & mask)
			return 1;
	return 0;
}

static inline int pi_run(const struct pi_case *cases, unsigned int n)
{
	static char line[512];
	uint32_t args[2] = {(uint32_t)line, sizeof line};
	register uint32_t r0 asm("r0") = 0x15;
	register uint32_t *r1 asm("r1") = args;
	const char *name;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
	name = strrchr(line, ' ');
	name = name ? name + 1 : line;
	for (unsigned int k = 0; k < n; k++)
		if (!strcmp(cases[k].name, name))
			return cases[k].f(cases[k].a, cases[k].b);
	return 99;
}

#endif
