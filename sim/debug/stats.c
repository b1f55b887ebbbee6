/* SPDX-License-Identifier: MIT */
/* The counters that --stats and the debugger's "monitor stats" print. */
#include "sim/debug/stats.h"

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

static void cache_line(FILE *f, const char *name, const struct cm *m, uint64_t extra_loads,
		       uint64_t extra_stores)
{
	char geometry[80];

	cm_config_print(&m->cfg, geometry, sizeof geometry);
	fprintf(f,
		"stats %s=%s loads=%llu stores=%llu hits=%llu misses=%u fills=%u evictions=%u "
		"writebacks=%u discarded_halves=%u wb_writes=%u drains=%u\n",
		name, geometry, (unsigned long long)(m->n.loads + extra_loads),
		(unsigned long long)(m->n.stores + extra_stores),
		(unsigned long long)(m->n.hits + extra_loads + extra_stores), m->n.misses,
		m->n.fills, m->n.evictions, m->n.writebacks, m->n.discarded_halves, m->n.wb_writes,
		m->n.drains);
}

void stats_print(struct machine *m, FILE *f)
{
	const struct cpu *c = m->cpu;

	fprintf(f, "stats cpu=%s insns=%llu cycles=%llu idle=%llu\n", c->core->name,
		(unsigned long long)c->insns, (unsigned long long)c->cycles,
		(unsigned long long)m->idle);
	cache_line(f, "dcache", &c->d, c->fast_loads, c->fast_stores);
	cache_line(f, "icache", &c->i, c->line_lookups - c->i.n.misses, 0);
	fprintf(f, "stats tlb walks=%llu fills=%llu evictions=%llu flushes=%llu\n",
		(unsigned long long)c->walks, (unsigned long long)c->tlb.fills,
		(unsigned long long)c->tlb.evictions, (unsigned long long)c->tlb.flushes);
	fprintf(f, "stats exceptions undef=%llu svc=%llu pabt=%llu dabt=%llu irq=%llu fiq=%llu\n",
		(unsigned long long)c->exceptions[EXC_UNDEF],
		(unsigned long long)c->exceptions[EXC_SVC],
		(unsigned long long)c->exceptions[EXC_PABT],
		(unsigned long long)c->exceptions[EXC_DABT],
		(unsigned long long)c->exceptions[EXC_IRQ],
		(unsigned long long)c->exceptions[EXC_FIQ]);
	fprintf(f, "stats bus unmapped=%llu findings=%llu\n", (unsigned long long)m->unmapped,
		(unsigned long long)m->dbg->findings);
	unmapped_print(m, f, "stats");
}
