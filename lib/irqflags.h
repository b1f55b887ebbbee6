/* SPDX-License-Identifier: MIT */
/* Masking interrupts on this CPU. The host has none but those that a test plays. */
#ifndef LIB_IRQFLAGS_H
#define LIB_IRQFLAGS_H

#include <stdbool.h>

#define PSR_I 0x80u
#define PSR_F 0x40u
#define PSR_T 0x20u

#ifdef MURPHY_HOST

/* A unit test that plays interrupts looks at the mask and is called when it opens. */
__attribute__((weak)) unsigned long host_irq_mask;
void host_irqs_opened(void) __attribute__((weak));

static inline unsigned long irq_save(void)
{
	unsigned long flags = host_irq_mask;

	host_irq_mask = PSR_I;
	return flags;
}
static inline void irq_restore(unsigned long flags)
{
	bool opened = host_irq_mask && !(flags & PSR_I);

	host_irq_mask = flags & PSR_I;
	if (opened && host_irqs_opened)
		host_irqs_opened();
}
static inline bool irqs_masked(void)
{
	return host_irq_mask;
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
