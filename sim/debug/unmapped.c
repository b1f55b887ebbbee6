/* SPDX-License-Identifier: MIT */
/* Accesses that nothing answers: reads give 0, as in QEMU; a board may abort or hang. */
#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/symbols.h"
#include "sim/machine.h"

#define PLACES 64u

static struct place {
	uint32_t pa, pc;
	uint8_t size;
	bool write;
	uint64_t times;
} place[PLACES];
static unsigned int nplaces;

void unmapped_note(struct machine *m, uint32_t pa, uint32_t size, bool write)
{
	uint32_t pc = debug_here(m->cpu);
	unsigned int n = 0;

	m->unmapped++;
	while (n < nplaces && (place[n].pa != pa || place[n].pc != pc || place[n].size != size ||
			       place[n].write != write))
		n++;
	if (n == PLACES)
		return;
	if (n == nplaces)
		place[nplaces++] = (struct place){pa, pc, (uint8_t)size, write, 0};
	place[n].times++;
}

void unmapped_print(struct machine *m, FILE *f, const char *prefix)
{
	uint64_t shown = 0;

	for (unsigned int n = 0; n < nplaces; n++) {
		const struct place *p = &place[n];

		fprintf(f, "%s unmapped pa=%08x size=%u %s pc=%08x in=%s times=%llu\n", prefix,
			p->pa, p->size, p->write ? "write" : "read", p->pc,
			symbols_name(m->syms, p->pc), (unsigned long long)p->times);
		shown += p->times;
	}
	if (shown < m->unmapped)
		fprintf(f, "%s unmapped: %llu more at other places\n", prefix,
			(unsigned long long)(m->unmapped - shown));
}
