/* SPDX-License-Identifier: MIT */
/* The table of interrupt handlers, and the loop that serves what is pending.
 *
 * Lines are numbered 0..63: 0-31 belong to the primary controller, 32-63 to a secondary one
 * chained on a line of the primary. A controller is a chip with three operations. */
#ifndef DRIVERS_IRQ_H
#define DRIVERS_IRQ_H

#include <stdint.h>

#define IRQ_LINES 64u
#define IRQ_BANK  32u

struct irq_chip {
	void *ctl;
	uint32_t (*pending)(void *ctl); /* lines asserted and enabled */
	void (*enable)(void *ctl, unsigned line);
	void (*disable)(void *ctl, unsigned line);
};

typedef void irq_fn(void *arg);

/* Empties the table. report gets one finished line (no newline) for each finding below, in
 * whatever context it was found, IRQ included. Context: boot, IRQs masked. */
void irq_init(const struct irq_chip *primary, void (*report)(const char *line));
/* The secondary controller's output is line `parent` of the primary. */
void irq_chain(const struct irq_chip *secondary, unsigned parent);

/* fn(arg) serves irq from now on; the line is enabled. fn runs in IRQ context with IRQs
 * masked and must quiet its device. Returns 0, or -1 (and reports why) if there is no such
 * line or it is taken. Context: any. */
int irq_register(unsigned irq, irq_fn *fn, void *arg);
/* The line is masked and free again. */
void irq_unregister(unsigned irq);

/* Serves every pending line, lowest number first, until none is left.
 * - nothing pending on entry: counted as spurious, reported the first time;
 * - a line without handler: masked, and reported by number;
 * - a line that stays pending however often it is served: masked, and reported.
 * Context: IRQ entry, IRQs masked; not reentrant. */
void irq_dispatch(void);

/* Interrupts taken with nothing pending, since irq_init. */
uint32_t irq_spurious(void);
/* Times irq was served, since irq_init. */
uint32_t irq_count(unsigned irq);

#endif
