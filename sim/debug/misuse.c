/* SPDX-License-Identifier: MIT */
/* What an image does to a device that no driver may do, in one line each: QEMU lets it pass, and on
 * a board it goes wrong without a word. */
#include "sim/debug/misuse.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/check.h"
#include "sim/debug/debug.h"
#include "sim/debug/source.h"
#include "sim/debug/symbols.h"
#include "sim/machine.h"
#include "sim/serial.h"

#define PLACES 64u

static struct {
	const char *fmt;
	uint32_t pc;
} place[PLACES];
static unsigned int nplaces;
static uint64_t times;

static bool first_here(const char *fmt, uint32_t pc)
{
	for (unsigned int n = 0; n < nplaces; n++)
		if (place[n].fmt == fmt && place[n].pc == pc)
			return false;
	if (nplaces == PLACES)
		return false;
	place[nplaces].fmt = fmt;
	place[nplaces++].pc = pc;
	return true;
}

void misuse(struct machine *m, const char *fmt, ...)
{
	uint32_t pc = debug_here(m->cpu);
	const char *at;
	va_list ap;

	if (m->dbg->shadow) {
		if (check_ignores(m->cpu, pc))
			return;
		m->dbg->findings++;
	}
	times++;
	if (!first_here(fmt, pc))
		return;
	serial_flush(m->serial);
	fprintf(stderr, "%s device-misuse: ", m->dbg->shadow ? "check" : "murphy-sim:");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	at = m->dbg->shadow ? source_line(m, pc) : NULL;
	fprintf(stderr, " pc=%08x in=%s%s%s\n", pc, symbols_name(m->syms, pc), at ? " at=" : "",
		at ? at : "");
}

void misuse_summary(void)
{
	if (nplaces)
		fprintf(stderr, "check: device-misuse: %u place%s, %llu time%s\n", nplaces,
			nplaces == 1 ? "" : "s", (unsigned long long)times, times == 1 ? "" : "s");
}
