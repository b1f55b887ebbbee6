/* SPDX-License-Identifier: MIT */
/* Hunter mode's report: what a board would punish, one line a finding and one of remedy. The
 * same finding at the same place is printed once and counted. */
#include "sim/debug/check.h"

#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/misuse.h"
#include "sim/debug/shadow.h"
#include "sim/debug/source.h"
#include "sim/debug/symbols.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/serial.h"

#define SEEN_MAX 1024u

static const struct {
	const char *name, *what, *remedy;
} kinds[CHECK_KINDS] = {
	[CHECK_DMA_STALE] = {"dma-reads-stale", "a device reads what was stored and not cleaned",
			     "clean the buffer's lines (c7,c10,1) and drain (c7,c10,4) before the "
			     "transfer"},
	[CHECK_DMA_UNDRAINED] =
		{"dma-reads-undrained", "a device reads what may still be in the write buffer",
		 "drain (c7,c10,4) after the stores or cleans, before the transfer"},
	[CHECK_STALE_READ] = {"stale-read", "the line may be older than what was written behind it",
			      "invalidate the buffer's lines (c7,c6,1) before the transfer, and "
			      "touch none of them until it has ended; a core that fetches ahead "
			      "needs it after the transfer too"},
	[CHECK_UNDER_DIRTY] = {"dma-under-dirty",
			       "memory was written while a dirty line or the write buffer covered "
			       "it: either may have come last",
			       "invalidate (whole lines of the buffer) or clean and invalidate "
			       "(shared ones), then drain, before the transfer"},
	[CHECK_DISCARD] = {"discard", "an invalidate threw away stored bytes that are read later",
			   "clean and invalidate (c7,c14,1) what may hold others' data; keep the "
			   "address the buffer's own until the loop has ended"},
	[CHECK_WALK_STALE] = {"walk-reads-stale",
			      "the MMU reads a table entry that was stored and not cleaned",
			      "clean the entry's line (c7,c10,1) and drain (c7,c10,4) before the "
			      "address is used"},
	[CHECK_WALK_UNDRAINED] = {"walk-reads-undrained",
				  "the MMU reads a table entry that may still be in the write "
				  "buffer",
				  "drain (c7,c10,4) after the store or clean of the entry"},
	[CHECK_STALE_CODE] =
		{"stale-code", "this instruction was written anew and may be fetched as it was",
		 "clean its D-cache line (c7,c10,1), drain (c7,c10,4), then invalidate "
		 "its I-cache line (c7,c5,1)"},
	[CHECK_UNCACHED] = {"uncached-alias",
			    "an uncached access passes a dirty line of the same memory",
			    "clean the line (c7,c10,1) and drain before the uncached access"},
	[CHECK_ALIASES] = {"dirty-aliases",
			   "the same memory is dirty or older in a line of another address",
			   "clean and invalidate at the old address before the new one is used"},
	[CHECK_WRONG_PAGE] = {"wrong-page", "the line may still be that of the page mapped before",
			      "clean and invalidate the address's lines before it is mapped to "
			      "another page"},
};

struct seen {
	enum check_kind kind;
	uint32_t pc, page;
};
static struct seen seen[SEEN_MAX];
static unsigned int nseen;
static uint32_t places[CHECK_KINDS];
static uint64_t times[CHECK_KINDS];

/* Findings in these functions are meant: a probe provokes what it looks for. */
bool check_ignores(const struct cpu *c, uint32_t pc)
{
	const char *list = c->m->opt->check_ignore, *name = symbols_name(c->m->syms, pc);
	size_t len = strcspn(name, "+"), n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == len && !strncmp(list, name, n))
			return true;
	}
	return false;
}

static bool by_walk(enum check_kind kind)
{
	return kind == CHECK_WALK_STALE || kind == CHECK_WALK_UNDRAINED;
}

static bool first_here(const struct finding *f)
{
	for (unsigned int n = 0; n < nseen; n++)
		if (seen[n].kind == f->kind && seen[n].pc == f->pc && seen[n].page == f->pa >> 12)
			return false;
	if (nseen == SEEN_MAX)
		return false; /* counted all the same */
	seen[nseen++] = (struct seen){f->kind, f->pc, f->pa >> 12};
	return true;
}

/* " stored=c0001234,name+0x10,file.c:12" */
static void print_pc(struct cpu *c, const char *role, uint32_t pc)
{
	const char *at;

	if (!pc)
		return;
	at = source_line(c->m, pc);
	fprintf(stderr, " %s=%08x,%s%s%s", role, pc, symbols_name(c->m->syms, pc), at ? "," : "",
		at ? at : "");
}

void check_report(struct cpu *c, const struct finding *f)
{
	const uint32_t pcs[] = {f->pc, f->filled, f->stored, f->transfer, f->invalidated, f->read};
	const char *at;

	/* Whose access a walk serves has nothing to do with who forgot the table's entry */
	for (unsigned int n = by_walk(f->kind) ? 1 : 0; n < sizeof pcs / sizeof pcs[0]; n++)
		if (pcs[n] && check_ignores(c, pcs[n]))
			return;
	c->m->dbg->findings++;
	times[f->kind]++;
	if (!first_here(f))
		return;
	serial_flush(c->m->serial);
	at = source_line(c->m, f->pc);
	fprintf(stderr, "check %s: %s pc=%08x in=%s%s%s va=%08x pa=%08x line=%u",
		kinds[f->kind].name, kinds[f->kind].what, f->pc, symbols_name(c->m->syms, f->pc),
		at ? " at=" : "", at ? at : "", f->va, f->pa, (f->pa & 0xfff) / c->d.cfg.line);
	fprintf(stderr, " reads=%08x or=%08x", f->got, f->other);
	print_pc(c, "filled", f->filled);
	print_pc(c, "stored", f->stored);
	print_pc(c, "transfer", f->transfer);
	print_pc(c, "read", f->read);
	fputc('\n', stderr);
	if (!places[f->kind]++)
		fprintf(stderr, "      remedy: %s\n", kinds[f->kind].remedy);
}

/* Taints at the end: nobody read them. */
static uint64_t unread(const struct shadow *s)
{
	uint64_t n = 0;

	for (uint32_t p = 0; p < s->npages; p++)
		for (uint32_t k = 0; s->page[p] && k < UNITS; k++)
			n += unit_taints(&s->page[p][k]) != 0;
	return n;
}

void check_summary(struct machine *m)
{
	const struct shadow *s = m->dbg->shadow;

	for (unsigned int k = 0; k < CHECK_KINDS; k++)
		if (places[k])
			fprintf(stderr, "check: %s: %u place%s, %llu line%s\n", kinds[k].name,
				places[k], places[k] == 1 ? "" : "s", (unsigned long long)times[k],
				times[k] == 1 ? "" : "s");
	misuse_summary();
	unmapped_print(m, stderr, "check:");
	fprintf(stderr,
		"check: %llu finding%s; lines in doubt that nobody read: %llu written anew, %llu "
		"at "
		"the end\n",
		(unsigned long long)m->dbg->findings, m->dbg->findings == 1 ? "" : "s",
		(unsigned long long)s->overwritten, (unsigned long long)unread(s));
}
