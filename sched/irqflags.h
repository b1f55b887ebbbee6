/* SPDX-License-Identifier: MIT */
/* Masking interrupts on this CPU. The host has none. */
#ifndef SCHED_IRQFLAGS_H
#define SCHED_IRQFLAGS_H

#include <stdbool.h>

#define PSR_I 0x80u
#define PSR_F 0x40u
#define PSR_T 0x20u

#ifdef MURPHY_HOST

static inline unsigned long irq_save(void)
{
	return 0;
}
static inline void irq_restore(unsigned long flags)
{
	(void)flags;
}
static inline bool irqs_masked(void)
{
	return false;
}

#else

/* Masks IRQs and returns what irq_restore() needs; nests. Context: any. */
static inline unsigned long irq_save(void)
{
	unsigned long flags, masked;

	__asm__ volatile("mrs %0, cpsr\n\t"
			 "orr %1, %0, #0x80\n\t"
			 "msr cpsr_c, %1"
			 : "=r"(flags), "=r"(masked)
			 :
			 : "memory");
	return flags;
}

static inline void irq_restore(unsigned long flags)
{
	__asm__ volatile("msr cpsr_c, %0" : : "r"(flags) : "memory");
}

static inline bool irqs_masked(void)
{
	unsigned long flags;

	__asm__ volatile("mrs %0, cpsr" : "=r"(flags));
	return flags & PSR_I;
}

static inline void irq_enable(void)
{
	unsigned long flags;

	__asm__ volatile("mrs %0, cpsr\n\t"
			 "bic %0, %0, #0x80\n\t"
			 "msr cpsr_c, %0"
			 : "=&r"(flags)
			 :
			 : "memory");
}

#endif
#endif
