/* SPDX-License-Identifier: MIT */
/* Building a machine from its board's table and the options, and taking it down. */
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/devices/lines.h"
#include "sim/fail.h"
#include "sim/debug/leftover.h"
#include "sim/loader.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/serial.h"
#include "sim/snapshot.h"
#include "sim/debug/symbols.h"

static const struct board *const boards[] = {&board_versatilepb, &board_raspi};

const struct board *board_find(const char *name)
{
	for (unsigned int n = 0; n < sizeof boards / sizeof boards[0]; n++)
		if (!strcmp(boards[n]->name, name))
			return boards[n];
	return NULL;
}

static void icache_event(void *ctx, const struct cm_event *ev)
{
	struct cpu *c = ctx;

	if (ev->kind == CM_EV_FILL)
		c->icode[ev->set * c->i.cfg.ways + ev->way].state = CODE_INVALID;
}

static void *need(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		fail("out of memory: %zu bytes are needed", n * size);
	return p;
}

static void cache_init(struct cm *m, const struct cm_config *cfg, const struct cm_bus *bus,
		       uint8_t **store)
{
	const char *err = cm_config_error(cfg);

	if (err)
		fail("--cache: %s", err);
	*store = need(1, cm_storage_size(cfg) + 64);
	cm_init(m, cfg, bus, *store);
}

/* --mutant-after: an image that probes its cache would not go on with a mutant. */
static void mutants_begin(void *ctx)
{
	struct machine *m = ctx;

	m->cpu->d.cfg.quirks |= m->opt->quirks;
	m->cpu->walk_in_cache |= m->opt->walk_in_cache;
	m->order.swaps |= m->opt->reorder;
	if (m->opt->prefetch)
		ahead_begin(m->cpu, m->opt->seed);
	mmu_flush_fast(m->cpu); /* which stores may take the fast path depends on it */
}

static void cpu_build(struct machine *m, const struct options *o)
{
	struct cpu *c = need(1, sizeof *c);
	struct cm_bus bus = {m, machine_read, machine_write};
	struct cm_config d, i;
	const char *err = NULL;
	char names[200];

	m->cpu = c;
	c->m = m;
	c->core = core_find(o->cpu ? o->cpu : m->board->cpu);
	if (!c->core) {
		core_names(names, sizeof names);
		fail("--cpu %s: no such core; there are: %s", o->cpu, names);
	}
	d = c->core->d;
	i = c->core->i;
	if (o->cache && (err = cm_config_parse(&d, o->cache)))
		fail("--cache %s: %s", o->cache, err);
	if (o->icache && (err = cm_config_parse(&i, o->icache)))
		fail("--icache %s: %s", o->icache, err);
	if (i.line != CODE_BYTES)
		fail("--icache: the line must be 32b, as on every ARM9 and ARM11");
	d.seed = i.seed = o->seed;
	d.quirks = o->mutant_after ? 0 : o->quirks;
	cache_init(&c->d, &d, &bus, &c->dstore);
	cache_init(&c->i, &i, &bus, &c->istore);
	c->i.event_mask = CM_EV_BIT(CM_EV_FILL);
	c->i.on_event = icache_event;
	c->i.event_ctx = c;
	c->icode = need(i.size / i.line, sizeof *c->icode);
	c->ucode = need(UCODE_LINES, sizeof *c->ucode);
	c->d_phys = d.index != CM_VIVT;
	c->half_shift = d.halves == 2 ? 4 : 0;
	c->half_mask = d.halves == 2;
	for (unsigned int n = 0; n < DHINT_SIZE; n++)
		c->dhint[n] = (struct dhint){c->d.lines, c->d.lines, c->d.data};
	c->odd_cache = d.line != 32 || c->d.sets > DHINT_SIZE;
	c->tlb.size = c->core->tlb_size;
	c->walk_in_cache = o->walk_in_cache && !o->mutant_after;
	m->order.swaps = o->reorder && !o->mutant_after;
	if (o->prefetch && !o->mutant_after)
		ahead_begin(c, o->seed);
	if (o->mutant_after)
		serial_on_text(m->serial, o->mutant_after, mutants_begin, m);
	cpu_reset(c);
}

static void devices_build(struct machine *m)
{
	const struct board_device *t = m->board->dev;

	for (; m->ndev < BOARD_DEVICES_MAX && t[m->ndev].ops; m->ndev++) {
		struct device *d = need(1, t[m->ndev].ops->size);

		d->ops = t[m->ndev].ops;
		d->m = m;
		d->base = t[m->ndev].base;
		d->size = t[m->ndev].size;
		d->pin = t[m->ndev].pin;
		d->next = NEVER;
		m->dev[m->ndev] = d;
		if (d->ops->serial_in && !m->wire)
			m->wire = d;
	}
	for (unsigned int n = 0; n < m->ndev; n++) {
		if (t[n].irq_to >= 0)
			m->dev[n]->irq_to = m->dev[t[n].irq_to];
		m->dev[n]->ops->reset(m->dev[n]);
	}
}

struct machine *machine_new(const struct options *o)
{
	struct machine *m = need(1, sizeof *m);
	uint32_t mem;

	m->opt = o;
	m->board = board_find(o->board);
	if (!m->board)
		fail("--board %s: no such board; there are: versatilepb raspi", o->board);
	mem = o->mem ? o->mem : m->board->ram_default;
	if (mem > m->board->ram_max)
		fail("--mem: %u bytes are more than the board's %u", mem, m->board->ram_max);
	if (mem < m->board->gpu_ram + (1u << 20) || mem % PAGE_BYTES)
		fail("--mem: %u bytes; at least %uM and whole pages are needed", mem,
		     (m->board->gpu_ram >> 20) + 1);
	m->ram_base = m->board->ram_base;
	m->ram_size = mem;
	m->arm_ram = mem - m->board->gpu_ram;
	m->ram = need(1, mem);
	m->dirty = need(mem / PAGE_BYTES, 1);
	m->code = need(mem / PAGE_BYTES, 1);
	m->syms = symbols_new();
	m->serial = serial_new(o->serial, o->quiet);
	cpu_build(m, o);
	devices_build(m);
	debug_init(m);
	load_kernel(m, o->kernel, o->append ? o->append : "");
	if (o->symbols)
		symbols_load_file(m, o->symbols);
	leftover_apply(m, o->entry);
	return m;
}

void machine_free(struct machine *m)
{
	snapshot_forget(m);
	debug_free(m);
	lines_free(m);
	for (unsigned int n = 0; n < m->ndev; n++)
		free(m->dev[n]);
	serial_free(m->serial);
	symbols_free(m->syms);
	free(m->cpu->icode);
	free(m->cpu->ucode);
	free(m->cpu->dstore);
	free(m->cpu->istore);
	free(m->cpu);
	free(m->ram);
	free(m->dirty);
	free(m->code);
	free(m);
}
