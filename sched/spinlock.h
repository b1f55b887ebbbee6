/* SPDX-License-Identifier: MIT */
/* Spinlocks. On one CPU, masking IRQs is the whole lock: nobody else can hold it while we
 * run, so the lock word would be written and never read. The interface is the one SMP needs. */
#ifndef SCHED_SPINLOCK_H
#define SCHED_SPINLOCK_H

#include "sched/irqflags.h"

#if defined(__ARM_ARCH) && __ARM_ARCH >= 6 && !defined(MURPHY_HOST)
#error "ARMv6 and later may have several CPUs: spinlocks need LDREX/STREX there"
#endif

struct spinlock {
	unsigned char none; /* no state on one CPU */
};

#define SPINLOCK_INIT \
	{             \
		0     \
	}

/* Context: any; may be taken from IRQ handlers. Does not sleep; the holder must not either. */
static inline unsigned long spin_lock_irqsave(struct spinlock *lock)
{
	(void)lock;
	return irq_save();
}

static inline void spin_unlock_irqrestore(struct spinlock *lock, unsigned long flags)
{
	(void)lock;
	irq_restore(flags);
}

/* As above, for a caller that has IRQs masked already. */
static inline void spin_lock(struct spinlock *lock)
{
	(void)lock;
}

static inline void spin_unlock(struct spinlock *lock)
{
	(void)lock;
}

#endif
