/* SPDX-License-Identifier: MIT */
/* "monitor" commands of the debugger: what GDB itself cannot show of this machine. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/gdb.h"
#include "sim/machine.h"
#include "sim/snapshot.h"
#include "sim/debug/stats.h"
#include "sim/debug/symbols.h"

#define PKMAP_BASE  0xbfe00000u
#define PKMAP_SLOTS 512u

struct text {
	char *at;
	size_t room;
};

__attribute__((format(printf, 2, 3))) static void say(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->at, t->room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->room)
		n = t->room ? (int)t->room - 1 : 0;
	t->at += n;
	t->room -= (size_t)n;
}

/* The dirty lines; with an address the valid ones of its page, virtual or physical; "all". */
static void show_cache(struct machine *m, const char *arg, struct text *t)
{
	const struct cm *d = &m->cpu->d;
	bool all = !strcmp(arg, "all");
	unsigned long page = *arg ? strtoul(arg, NULL, 0) & ~0xffful : 0;
	uint32_t valid = 0, dirty = 0;
	char geometry[80];

	cm_config_print(&d->cfg, geometry, sizeof geometry);
	for (uint32_t n = 0; n < d->sets * d->cfg.ways; n++) {
		const struct cm_line *l = &d->lines[n];
		uint32_t mem[2] = {0}, have[2];
		uint8_t *ram;

		if (!l->valid)
			continue;
		valid++;
		dirty += l->dirty != 0;
		if (!all &&
		    (*arg ? (l->va & ~0xfffu) != page && (l->pa & ~0xfffu) != page : !l->dirty))
			continue;
		memcpy(have, cm_line_data(d, l), sizeof have);
		if (machine_ram(m, l->pa, &ram, 8))
			memcpy(mem, ram, sizeof mem);
		say(t, "set %3u way %u va %08x pa %08x %s%s line %08x %08x dram %08x %08x\n",
		    n / d->cfg.ways, n % d->cfg.ways, l->va, l->pa, l->dirty & 1 ? "D" : "-",
		    l->dirty & 2 ? "D" : "-", have[0], have[1], mem[0], mem[1]);
	}
	say(t, "%s: %u lines valid, %u dirty, write buffer %u words\n", geometry, valid, dirty,
	    d->wb_words);
}

static void show_tlb(struct machine *m, struct text *t)
{
	const struct tlb *tlb = &m->cpu->tlb;

	for (uint32_t n = 0; n < tlb->size; n++) {
		const struct tlb_entry *e = &tlb->e[n];

		if (e->valid)
			say(t, "%2u mva %08x mask %08x pa %08x domain %u ap %u%u%u%u %c%c\n", n,
			    e->mva, e->mask, e->pa, e->domain, e->ap[3], e->ap[2], e->ap[1],
			    e->ap[0], e->attr & CM_C ? 'C' : '-', e->attr & CM_B ? 'B' : '-');
	}
}

/* Mapped pkmap slots: by the TLB or the tables in memory; stale = the two differ. */
static void show_pkmap(struct machine *m, struct text *t)
{
	uint32_t counts = symbols_addr(m->syms, "pkmap_count"), shown = 0;
	struct cpu *c = m->cpu;

	for (uint32_t n = 0; n < PKMAP_SLOTS; n++) {
		uint32_t va = PKMAP_BASE + n * 4096, mva, pa, attr, slot = tlb_find(c, va);
		int32_t count = 0;

		if (!mmu_peek(c, va, &mva, &pa, &attr))
			continue;
		say(t, "slot %3u va %08x pa %08x %s", n, va, pa, slot == TLB_NONE ? "" : "in TLB");
		if (counts && view_read(c, counts + 4 * n, &count, 4))
			say(t, " count %d", count);
		say(t, "\n");
		shown++;
	}
	say(t, "%u of %u slots mapped\n", shown, PKMAP_SLOTS);
}

/* Words of DRAM behind a virtual address, beside what the CPU sees there. */
static void show_dram(struct machine *m, const char *arg, struct text *t)
{
	char *end;
	uint32_t va = (uint32_t)strtoul(arg, &end, 0) & ~3u;
	unsigned long words = *end ? strtoul(end, NULL, 0) : 8;

	for (unsigned long n = 0; n < words && n < 128; n++, va += 4) {
		uint32_t mva, pa, attr, cpu = 0, dram = 0;
		uint8_t *ram;

		if (!mmu_peek(m->cpu, va, &mva, &pa, &attr) || !machine_ram(m, pa, &ram, 4) ||
		    !view_read(m->cpu, va, &cpu, 4)) {
			say(t, "%08x is not mapped to RAM\n", va);
			return;
		}
		memcpy(&dram, ram, 4);
		say(t, "va %08x pa %08x cpu %08x dram %08x%s\n", va, pa, cpu, dram,
		    cpu == dram ? "" : " differ");
	}
}

static void show_stats(struct machine *m, struct text *t)
{
	char *buf = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&buf, &len);

	if (!f)
		return;
	stats_print(m, f);
	fclose(f);
	say(t, "%s", buf);
	free(buf);
}

/* One snapshot for the debugger: saved by "monitor save", as often restored as wanted. */
static struct snapshot *saved;

static void save(struct machine *m, struct text *t)
{
	snapshot_free(saved);
	saved = snapshot_take(m);
	if (saved)
		say(t, "saved: %u pages copied\n", snapshot_copied(saved));
	else
		say(t, "not saved: out of memory\n");
}

static void restore(struct machine *m, struct text *t)
{
	if (!saved) {
		say(t, "nothing was saved: use monitor save first\n");
		return;
	}
	snapshot_restore(m, saved);
	say(t, "restored: pc %08x (GDB: flushregs)\n", m->cpu->pc);
}

void gdb_monitor(struct machine *m, const char *text, char *out, size_t room)
{
	struct text t = {out, room};
	size_t n = strcspn(text, " ");
	const char *arg = text + n + strspn(text + n, " ");

	out[0] = 0;
	if (!strncmp(text, "cache", n) && n == 5)
		show_cache(m, arg, &t);
	else if (!strncmp(text, "tlb", n) && n == 3)
		show_tlb(m, &t);
	else if (!strncmp(text, "pkmap", n) && n == 5)
		show_pkmap(m, &t);
	else if (!strncmp(text, "dram", n) && n == 4 && *arg)
		show_dram(m, arg, &t);
	else if (!strncmp(text, "stats", n) && n == 5)
		show_stats(m, &t);
	else if (!strncmp(text, "save", n) && n == 4)
		save(m, &t);
	else if (!strncmp(text, "restore", n) && n == 7)
		restore(m, &t);
	else
		say(&t,
		    "monitor cache [ADDR|all]   dirty lines, or the valid ones: of ADDR's page, or "
		    "all\n"
		    "monitor tlb                valid TLB entries\n"
		    "monitor pkmap              mapped pkmap slots\n"
		    "monitor dram ADDR [WORDS]  memory as DRAM holds it and as the CPU sees it\n"
		    "monitor stats              counters\n"
		    "monitor save, restore      the whole machine's state, in memory\n");
}
