/* SPDX-License-Identifier: MIT */
/* The event ring. */
#include "trace/ring.h"

#include "lib/irqflags.h"
#include "lib/running.h"

bool trace_on;
static struct trace_event ring[TRACE_RING_SIZE];
uint32_t trace_next;

void trace_record_(enum trace_kind kind, uint32_t pa, uintptr_t va, uint32_t line, uintptr_t detail)
{
	unsigned long flags = irq_save();

	ring[trace_next % TRACE_RING_SIZE] = (struct trace_event){
		.seq = trace_next,
		.kind = kind,
		.who = running_name(),
		.pa = pa,
		.va = va,
		.line = line,
		.detail = detail,
	};
	trace_next++;
	irq_restore(flags);
}

void trace_clear(void)
{
	trace_next = 0;
}

uint32_t trace_count(void)
{
	return trace_next < TRACE_RING_SIZE ? trace_next : TRACE_RING_SIZE;
}

uint32_t trace_lost(void)
{
	return trace_next - trace_count();
}

const struct trace_event *trace_at(uint32_t i)
{
	return i < trace_count() ? &ring[(trace_lost() + i) % TRACE_RING_SIZE] : 0;
}
