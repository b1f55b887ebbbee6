/* SPDX-License-Identifier: MIT */
/* The table of interrupt handlers: see irq.h. */
#include "drivers/irq.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/irqflags.h"

/* A device that needs more than this in one interrupt is not being quieted by its handler. */
#define MAX_ROUNDS 10000u

struct line {
	irq_fn *fn;
	void *arg;
	uint32_t count;
};

static struct {
	struct line line[IRQ_LINES];
	struct irq_chip bank[IRQ_LINES / IRQ_BANK];
	unsigned parent; /* line of the primary that the secondary is on */
	uint32_t spurious;
	void (*report)(const char *line);
} irq_table;

#define IRQ_NO_PARENT IRQ_LINES

void irq_init(const struct irq_chip *primary, void (*report)(const char *line))
{
	memset(&irq_table, 0, sizeof(irq_table));
	irq_table.bank[0] = *primary;
	irq_table.parent = IRQ_NO_PARENT;
	irq_table.report = report;
}

void irq_chain(const struct irq_chip *secondary, unsigned parent)
{
	irq_table.bank[1] = *secondary;
	irq_table.parent = parent;
	irq_table.bank[0].enable(irq_table.bank[0].ctl, parent);
}

static void report(const char *format, unsigned value)
{
	char text[120];

	snprintf(text, sizeof(text), format, value);
	irq_table.report(text);
}

static const struct irq_chip *chip_of(unsigned irq)
{
	return &irq_table.bank[irq / IRQ_BANK];
}

static void mask(unsigned irq)
{
	chip_of(irq)->disable(chip_of(irq)->ctl, irq % IRQ_BANK);
}

static unsigned line_limit(void)
{
	return irq_table.parent == IRQ_NO_PARENT ? IRQ_BANK : IRQ_LINES;
}

int irq_register(unsigned irq, irq_fn *fn, void *arg)
{
	unsigned long flags;

	if (irq >= line_limit() || irq == irq_table.parent || !fn) {
		report(irq >= line_limit()	 ? "irq: no line %u; lines are 0..31, and 32..63 "
						   "with a secondary controller"
		       : irq == irq_table.parent ? "irq: line %u is the secondary "
						   "controller's; register one of 32..63"
						 : "irq: line %u needs a handler, not NULL",
		       irq);
		return -1;
	}
	flags = irq_save();
	if (irq_table.line[irq].fn) {
		irq_restore(flags);
		report("irq: line %u has a handler already; unregister that one first", irq);
		return -1;
	}
	irq_table.line[irq] = (struct line){.fn = fn, .arg = arg};
	chip_of(irq)->enable(chip_of(irq)->ctl, irq % IRQ_BANK);
	irq_restore(flags);
	return 0;
}

void irq_unregister(unsigned irq)
{
	unsigned long flags;

	if (irq >= line_limit() || irq == irq_table.parent)
		return;
	flags = irq_save();
	mask(irq);
	irq_table.line[irq] = (struct line){0};
	irq_restore(flags);
}

/* The lowest pending line, or IRQ_LINES. The secondary is asked only while the primary sees
 * its output: two bus reads for most interrupts would be one too many. */
static unsigned first_pending(void)
{
	const struct irq_chip *chip = &irq_table.bank[0];
	uint32_t pending = chip->pending(chip->ctl);
	unsigned base = 0;

	if (!pending)
		return IRQ_LINES;
	if ((unsigned)__builtin_ctz(pending) == irq_table.parent) {
		chip = &irq_table.bank[1];
		pending = chip->pending(chip->ctl);
		base = IRQ_BANK;
		if (!pending) /* it withdrew in between, or its output is stuck */
			return irq_table.parent;
	}
	return base + (unsigned)__builtin_ctz(pending);
}

static void serve(unsigned irq)
{
	struct line *line = &irq_table.line[irq];

	line->count++;
	if (line->fn) {
		line->fn(line->arg);
	} else if (irq != irq_table.parent) {
		mask(irq); /* nobody can quiet the device: it would interrupt for ever */
		report("irq: line %u has no handler; masked", irq);
	}
}

static void spurious(void)
{
	if (irq_table.spurious++ == 0)
		report("irq: spurious interrupt, no line is pending (reported %ux, then counted)",
		       1);
}

static bool still_pending(unsigned irq)
{
	return chip_of(irq)->pending(chip_of(irq)->ctl) & 1u << irq % IRQ_BANK;
}

void irq_dispatch(void)
{
	unsigned irq = first_pending();

	if (irq == IRQ_LINES)
		spurious();
	for (unsigned round = 1; irq != IRQ_LINES; irq = first_pending(), round++) {
		serve(irq);
		/* To blame is a line that its own handler did not quiet; or, if they only
		 * keep raising one another, any of them. */
		if (round < MAX_ROUNDS || (round < 2 * MAX_ROUNDS && !still_pending(irq)))
			continue;
		mask(irq);
		report("irq: line %u stays pending, its handler does not quiet it; masked", irq);
		round = 0;
	}
}

uint32_t irq_spurious(void)
{
	return irq_table.spurious;
}

uint32_t irq_count(unsigned irq)
{
	return irq < IRQ_LINES ? irq_table.line[irq].count : 0;
}
