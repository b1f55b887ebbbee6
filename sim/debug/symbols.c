/* SPDX-License-Identifier: MIT */
/* A sorted table of function names. */
#include "sim/debug/symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fail.h"
#include "sim/machine.h"

struct symbol {
	uint32_t addr, size; /* size 0: a label */
	char *name;
};

struct symbols {
	struct symbol *tab;
	size_t n, room;
};

struct symbols *symbols_new(void)
{
	struct symbols *s = calloc(1, sizeof *s);

	if (!s)
		fail("out of memory for symbols");
	return s;
}

void symbols_free(struct symbols *s)
{
	for (size_t n = 0; n < s->n; n++)
		free(s->tab[n].name);
	free(s->tab);
	free(s);
}

void symbols_add(struct symbols *s, uint32_t addr, uint32_t size, const char *name, size_t len)
{
	if (s->n == s->room) {
		size_t room = s->room ? 2 * s->room : 256;
		struct symbol *tab = realloc(s->tab, room * sizeof *tab);

		if (!tab)
			fail("out of memory for symbols");
		s->tab = tab;
		s->room = room;
	}
	s->tab[s->n].addr = addr;
	s->tab[s->n].size = size;
	s->tab[s->n].name = strndup(name, len);
	if (!s->tab[s->n].name)
		fail("out of memory for symbols");
	s->n++;
}

static int by_addr(const void *a, const void *b)
{
	uint32_t x = ((const struct symbol *)a)->addr, y = ((const struct symbol *)b)->addr;

	if (x != y)
		return x < y ? -1 : 1;
	/* of two names for one address the function's comes last, and is the one found */
	x = ((const struct symbol *)a)->size;
	y = ((const struct symbol *)b)->size;
	return x < y ? -1 : x > y;
}

void symbols_sort(struct symbols *s)
{
	const struct symbol *inside = NULL;
	size_t kept = 0;

	if (s->n)
		qsort(s->tab, s->n, sizeof *s->tab, by_addr);
	/* A label in a function of known size is a place in it, not where the next one begins */
	for (size_t n = 0; n < s->n; n++) {
		if (!s->tab[n].size && inside && s->tab[n].addr - inside->addr < inside->size) {
			free(s->tab[n].name);
			continue;
		}
		s->tab[kept] = s->tab[n];
		if (s->tab[kept].size &&
		    (!inside || inside->addr + inside->size < s->tab[n].addr + s->tab[n].size))
			inside = &s->tab[kept];
		kept++;
	}
	s->n = kept;
}

const char *symbols_name(const struct symbols *s, uint32_t addr)
{
	static char buf[128];
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (s->tab[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || addr - s->tab[lo - 1].addr > 0x10000)
		return "?";
	snprintf(buf, sizeof buf, "%.100s+0x%x", s->tab[lo - 1].name, addr - s->tab[lo - 1].addr);
	return buf;
}

uint32_t symbols_addr(const struct symbols *s, const char *name)
{
	for (size_t n = 0; n < s->n; n++)
		if (!strcmp(s->tab[n].name, name))
			return s->tab[n].addr;
	return 0;
}

void symbols_load_file(struct machine *m, const char *path)
{
	size_t before = m->syms->n;
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t len = 0;

	if (f && !fseek(f, 0, SEEK_END) && ftell(f) > 52 && ftell(f) < 1l << 30) {
		len = (size_t)ftell(f);
		rewind(f);
		data = malloc(len);
	}
	if (!data || fread(data, 1, len, f) != len || memcmp(data, "\177ELF", 4))
		fail("--symbols %s: not a readable ELF file", path);
	fclose(f);
	symbols_from_elf(m->syms, data, len);
	symbols_check(m, path, data, len, m->syms->n > before);
	free(data);
}
