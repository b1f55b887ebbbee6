/* SPDX-License-Identifier: MIT */
/* Spinlocks. On one CPU, masking IRQs is the whole lock: nobody else can hold it while we
 * run, so the lock word would be written and never read. The interface is the one SMP needs. */
#ifndef SCHED_SPINLOCK_H
#define SCHED_SPINLOCK_H

#include "lib/irqflags.h"
#include "lib/panic.h"

#ifndef MURPHY_HOST
#include "board.h"
#if defined(BOARD_CPUS) && BOARD_CPUS > 1
#error "a board that runs several CPUs: spinlocks need LDREX/STREX there"
#endif
#endif

struct spinlock {
	unsigned char held; /* on the host only, to check the callers */
};

#define SPINLOCK_INIT \
	{             \
		0     \
	}

#ifdef MURPHY_HOST
#define SPINLOCK_CHECK(lock, was)            \
	do {                                 \
		BUG_ON((lock)->held != was); \
		(lock)->held = !(was);       \
	} while (0)
#else
#define SPINLOCK_CHECK(lock, was) (void)(lock)
#endif

/* Context: any; may be taken from IRQ handlers. Does not sleep; the holder must not either. */
static inline unsigned long spin_lock_irqsave(struct spinlock *lock)
{
	unsigned long flags = irq_save();

	SPINLOCK_CHECK(lock, 0);
	return flags;
}

static inline void spin_unlock_irqrestore(struct spinlock *lock, unsigned long flags)
{
	SPINLOCK_CHECK(lock, 1);
	irq_restore(flags);
}

/* As above, for a caller that has IRQs masked already. */
static inline void spin_lock(struct spinlock *lock)
{
	SPINLOCK_CHECK(lock, 0);
}

static inline void spin_unlock(struct spinlock *lock)
{
	SPINLOCK_CHECK(lock, 1);
}

#endif
