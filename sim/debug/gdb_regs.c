/* SPDX-License-Identifier: MIT */
/* The debugger's view of registers, memory, breakpoints and watchpoints. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/debug/gdb.h"
#include "sim/machine.h"

#define NREGS 17 /* r0-r15, cpsr */
#define PC    15
#define CPSR  16

static const char features[] =
	"<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target>"
	"<architecture>arm</architecture><feature name=\"org.gnu.gdb.arm.core\">"
	"<reg name=\"r0\" bitsize=\"32\"/><reg name=\"r1\" bitsize=\"32\"/>"
	"<reg name=\"r2\" bitsize=\"32\"/><reg name=\"r3\" bitsize=\"32\"/>"
	"<reg name=\"r4\" bitsize=\"32\"/><reg name=\"r5\" bitsize=\"32\"/>"
	"<reg name=\"r6\" bitsize=\"32\"/><reg name=\"r7\" bitsize=\"32\"/>"
	"<reg name=\"r8\" bitsize=\"32\"/><reg name=\"r9\" bitsize=\"32\"/>"
	"<reg name=\"r10\" bitsize=\"32\"/><reg name=\"r11\" bitsize=\"32\"/>"
	"<reg name=\"r12\" bitsize=\"32\"/><reg name=\"sp\" bitsize=\"32\" type=\"data_ptr\"/>"
	"<reg name=\"lr\" bitsize=\"32\"/><reg name=\"pc\" bitsize=\"32\" type=\"code_ptr\"/>"
	"<reg name=\"cpsr\" bitsize=\"32\" regnum=\"25\"/></feature></target>";

void gdb_features(const char *arg, char *out)
{
	unsigned long off = strtoul(arg, NULL, 16), len = 0, size = sizeof features - 1;
	const char *comma = strchr(arg, ',');

	if (comma)
		len = strtoul(comma + 1, NULL, 16);
	if (off >= size) {
		strcpy(out, "l");
		return;
	}
	if (len > size - off)
		len = size - off;
	if (len > GDB_BUF - 2)
		len = GDB_BUF - 2;
	out[0] = off + len < size ? 'm' : 'l';
	memcpy(out + 1, features + off, len);
	out[1 + len] = 0;
}

static uint32_t get(struct cpu *c, unsigned int n)
{
	return n == PC ? c->pc : n == CPSR ? cpu_cpsr(c) : c->r[n];
}

static void set(struct cpu *c, unsigned int n, uint32_t v)
{
	if (n == PC)
		c->pc = v & ~1u;
	else if (n == CPSR)
		cpu_set_cpsr(c, v, 0xffffffffu);
	else
		c->r[n] = v;
	fetch_reset(c);
}

/* Registers travel as bytes in target order. */
static void put_word(char *out, uint32_t v)
{
	sprintf(out, "%08x", __builtin_bswap32(v));
}

static uint32_t take_word(const char *hex)
{
	char buf[9] = "";

	strncpy(buf, hex, 8);
	return __builtin_bswap32((uint32_t)strtoul(buf, NULL, 16));
}

void gdb_read_regs(struct machine *m, char *out)
{
	for (unsigned int n = 0; n < NREGS; n++)
		put_word(out + 8 * n, get(m->cpu, n));
}

void gdb_write_regs(struct machine *m, const char *hex, char *out)
{
	if (strlen(hex) < 8 * NREGS) {
		strcpy(out, "E01");
		return;
	}
	for (unsigned int n = NREGS; n-- > 0;) /* the CPSR first: it chooses the banks */
		set(m->cpu, n, take_word(hex + 8 * n));
	strcpy(out, "OK");
}

static unsigned int number_of(const char *arg)
{
	unsigned long n = strtoul(arg, NULL, 16);

	return n == 25 ? CPSR : n <= 15 ? (unsigned int)n : NREGS;
}

void gdb_read_reg(struct machine *m, const char *arg, char *out)
{
	unsigned int n = number_of(arg);

	if (n < NREGS)
		put_word(out, get(m->cpu, n));
	else
		strcpy(out, "E01");
}

void gdb_write_reg(struct machine *m, const char *arg, char *out)
{
	const char *eq = strchr(arg, '=');
	unsigned int n = number_of(arg);

	strcpy(out, eq && n < NREGS ? "OK" : "E01");
	if (eq && n < NREGS)
		set(m->cpu, n, take_word(eq + 1));
}

void gdb_read_mem(struct machine *m, const char *arg, char *out)
{
	char *end;
	uint32_t va = (uint32_t)strtoul(arg, &end, 16), n = 0;
	unsigned long len = *end == ',' ? strtoul(end + 1, NULL, 16) : 0;
	uint8_t b;

	for (; n < len && n < GDB_BUF / 2 - 1 && view_read(m->cpu, va + n, &b, 1); n++)
		sprintf(out + 2 * n, "%02x", b);
	if (!n)
		strcpy(out, "E14");
}

void gdb_write_mem(struct machine *m, const char *arg, char *out)
{
	char *end;
	uint32_t va = (uint32_t)strtoul(arg, &end, 16);
	const char *hex = strchr(arg, ':');

	strcpy(out, "OK");
	for (hex = hex ? hex + 1 : ""; hex[0] && hex[1]; hex += 2, va++) {
		char two[3] = {hex[0], hex[1], 0};
		uint8_t b = (uint8_t)strtoul(two, NULL, 16);

		if (!view_write(m->cpu, va, &b, 1)) {
			strcpy(out, "E14");
			return;
		}
	}
}

static bool point_break(struct debug *d, uint32_t va, int add)
{
	for (unsigned int n = 0; n < d->nbreaks; n++)
		if (d->breaks[n] == va) {
			if (!add)
				d->breaks[n] = d->breaks[--d->nbreaks];
			return true;
		}
	if (add && d->nbreaks < BREAK_MAX)
		d->breaks[d->nbreaks++] = va;
	else
		return !add;
	return true;
}

static bool point_watch(struct debug *d, uint32_t va, uint32_t len, uint8_t kinds, int add)
{
	for (unsigned int n = 0; n < d->nwatch; n++)
		if (d->watch[n].va == va && d->watch[n].kinds == kinds) {
			if (!add)
				d->watch[n] = d->watch[--d->nwatch];
			return true;
		}
	if (!add)
		return true;
	if (d->nwatch == WATCH_MAX)
		return false;
	d->watch[d->nwatch++] = (struct watch){va, len, kinds};
	return true;
}

void gdb_point(struct machine *m, const char *arg, int add, char *out)
{
	static const uint8_t kinds[5] = {0, 0, 1u << ACC_STORE, 1u << ACC_LOAD,
					 1u << ACC_STORE | 1u << ACC_LOAD};
	unsigned int type = (unsigned int)(arg[0] - '0');
	uint32_t va, len;
	char *end;
	bool ok;

	if (type > 4 || arg[1] != ',')
		return; /* an empty answer: not supported */
	va = (uint32_t)strtoul(arg + 2, &end, 16);
	len = *end == ',' ? (uint32_t)strtoul(end + 1, NULL, 16) : 1;
	ok = type < 2 ? point_break(m->dbg, va & ~1u, add)
		      : point_watch(m->dbg, va, len ? len : 1, kinds[type], add);
	debug_update(m->cpu);
	strcpy(out, ok ? "OK" : "E01");
}
