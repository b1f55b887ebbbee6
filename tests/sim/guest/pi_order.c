/* SPDX-License-Identifier: MIT */
/* An interrupt handler that reads one peripheral while the interrupted code reads another, with and
 * without barriers on its way in and out. Exit status: 1 the handler read something impossible, 2
 * the code that it came back to, 3 both. */
#include "pi.h"

#define UART_FR	   REG(0x20201018)
#define UART_IDLE  0x90u
#define BARRIER_IN 1u
#define OUT	   2u

static volatile uint32_t barriers, seen, wrong;

static void barrier(uint32_t where)
{
	if (barriers & where)
		asm volatile("mcr p15, 0, %0, c7, c10, 5" ::"r"(0) : "memory");
}

static void __attribute__((interrupt("IRQ"))) on_irq(void)
{
	barrier(BARRIER_IN);
	if (ST_CS != 2)
		wrong |= 1;
	ST_CS = 2;
	ST_C(1) = ST_CLO + 20;
	seen++;
	barrier(OUT);
}

static int ordered(int a, int b)
{
	static uint32_t irq_stack[64];
	volatile uint32_t *low = (volatile uint32_t *)0;

	(void)b;
	barriers = (uint32_t)a;
	low[6] = 0xe59ff018; /* ldr pc, [pc, #0x18] */
	low[14] = (uint32_t)on_irq;
	asm volatile("msr cpsr_c, #0xd2\n\tmov sp, %0\n\tmsr cpsr_c, #0xd3" ::"r"(irq_stack + 64)
		     : "memory");
	IC_EN1 = 2;
	ST_CS = 2;
	ST_C(1) = ST_CLO + 10;
	asm volatile("msr cpsr_c, #0x53" ::: "memory");
	while (seen < 20)
		if (UART_FR != UART_IDLE)
			wrong |= 2;
	asm volatile("msr cpsr_c, #0xd3" ::: "memory");
	return (int)wrong;
}

int guest_main(void)
{
	static const struct pi_case cases[] = {
		{"none", ordered, 0, 0},
		{"way-in", ordered, BARRIER_IN, 0},
		{"way-out", ordered, OUT, 0},
		{"both", ordered, BARRIER_IN | OUT, 0},
	};

	return pi_run(cases, sizeof cases / sizeof cases[0]);
}
