/* SPDX-License-Identifier: MIT */
/* Reads of different peripherals whose answers may change places ("BCM2835 ARM Peripherals" 1.3).
 *
 * One thread's reads of strongly ordered memory wait for each other. An interrupt is where the
 * manual wants a barrier (c7,c10,4 or 5): a handler that reads a peripheral without one, soon after
 * the interrupted code has read another, may get the other's answer, and so may the code it returns
 * to. Hunter mode reports such a read; under the mutant "reorder" it gets the wrong answer. */
#include "sim/memory/order.h"

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/misuse.h"
#include "sim/machine.h"

#define ON_ITS_WAY CYCLES_PER_US /* as long as an answer may take */

uint32_t order_read(struct machine *m, const struct device *d, uint32_t v)
{
	struct order *o = &m->order, last = *o;
	const struct cpu *c = m->cpu;

	o->dev = d;
	o->value = v;
	o->at = cpu_now(c);
	o->turns = c->turns;
	o->barriers = c->barriers;
	if (!last.dev || last.dev == d || last.turns == c->turns || last.barriers != c->barriers ||
	    o->at - last.at > ON_ITS_WAY)
		return v;
	if (m->dbg->shadow || last.swaps)
		misuse(m,
		       "%s is read right after %s with an interrupt between and no barrier: the "
		       "answers may change places",
		       d->ops->name, last.dev->ops->name);
	return last.swaps ? last.value : v;
}
