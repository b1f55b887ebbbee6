/* SPDX-License-Identifier: MIT */
/* The event ring. */
#include "trace/ring.h"

#include "lib/irqflags.h"
#include "lib/running.h"

bool trace_on;
static struct trace_event ring[TRACE_RING_SIZE];
static uint32_t next; /* sequence number of the next event */

void trace_record_(enum trace_kind kind, uint32_t pa, uintptr_t va, uint32_t line, uintptr_t detail)
{
	unsigned long flags = irq_save();

	ring[next % TRACE_RING_SIZE] = (struct trace_event){
		.seq = next,
		.kind = kind,
		.who = running_name(),
		.pa = pa,
		.va = va,
		.line = line,
		.detail = detail,
	};
	next++;
	irq_restore(flags);
}

void trace_clear(void)
{
	next = 0;
}

uint32_t trace_count(void)
{
	return next < TRACE_RING_SIZE ? next : TRACE_RING_SIZE;
}

uint32_t trace_lost(void)
{
	return next - trace_count();
}

const struct trace_event *trace_at(uint32_t i)
{
	return i < trace_count() ? &ring[(trace_lost() + i) % TRACE_RING_SIZE] : 0;
}
