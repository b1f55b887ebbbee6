/* SPDX-License-Identifier: MIT */
/* dma-debug's memory: see debug_table.h. */
#include "dma/debug_table.h"

#include <stddef.h>
#include <string.h>

#define BUCKETS 128u
#define HISTORY 64u /* ended mappings remembered, to know a double unmap as one */
#define NOBODY	0   /* end of a chain; entry i has number i + 1 */

static struct {
	struct dma_debug_mapping entry[DMA_DEBUG_MAX];
	struct dma_debug_mapping ended[HISTORY];
	uint16_t bucket[BUCKETS];
	uint16_t free;	  /* chain of entries used before and free again */
	uint16_t touched; /* entries ever used: no scan goes further */
	struct dma_debug_counts count;
} table;

static uint16_t *bucket_of(uint32_t pa)
{
	/* The top bits of a product with 2^32 / golden ratio spread pages and lines alike. */
	return &table.bucket[pa * 2654435769u >> 25];
}
_Static_assert(BUCKETS == 1u << (32 - 25), "bucket_of() yields exactly the buckets");

bool dma_debug_insert(const struct dma_debug_mapping *m)
{
	uint16_t *head = bucket_of(m->pa), n = table.free;
	struct dma_debug_mapping *e;

	if (n != NOBODY)
		table.free = table.entry[n - 1].next;
	else if (table.touched < DMA_DEBUG_MAX)
		n = ++table.touched;
	else
		return false;
	e = &table.entry[n - 1];
	*e = *m;
	e->seq = ++table.count.maps;
	e->next = *head;
	*head = n;
	if (++table.count.live > table.count.max)
		table.count.max = table.count.live;
	return true;
}

static bool same_call(const struct dma_debug_mapping *a, const struct dma_debug_mapping *b)
{
	return a->size == b->size && a->dir == b->dir && a->type == b->type;
}

/* The link that leads to the entry, so that it can be taken out of its chain. */
static uint16_t *find_start(const struct dma_debug_mapping *m)
{
	uint16_t *first = NULL;

	for (uint16_t *link = bucket_of(m->pa); *link != NOBODY;) {
		struct dma_debug_mapping *e = &table.entry[*link - 1];

		if (e->pa == m->pa && same_call(e, m))
			return link;
		if (e->pa == m->pa && !first)
			first = link;
		link = &e->next;
	}
	return first;
}

bool dma_debug_remove(const struct dma_debug_mapping *m, struct dma_debug_mapping *was)
{
	uint16_t *link = find_start(m), n;
	struct dma_debug_mapping *e;

	if (!link)
		return false;
	n = *link;
	e = &table.entry[n - 1];
	*was = *e;
	table.ended[table.count.unmaps++ % HISTORY] = *e;
	*link = e->next;
	e->seq = 0;
	e->next = table.free;
	table.free = n;
	table.count.live--;
	return true;
}

static bool copy_out(const struct dma_debug_mapping *found, struct dma_debug_mapping *out)
{
	if (!found)
		return false;
	*out = *found;
	return true;
}

bool dma_debug_find_around(const struct dma_debug_mapping *m, struct dma_debug_mapping *out)
{
	const struct dma_debug_mapping *around = NULL;

	for (unsigned i = 0; i < table.touched; i++) {
		const struct dma_debug_mapping *e = &table.entry[i];
		uint32_t inside = m->pa - e->pa; /* past e->size if m starts before e */

		if (!e->seq || inside >= e->size)
			continue;
		around = e;
		if (e->size - inside >= m->size)
			break;
	}
	return copy_out(around, out);
}

static bool device_writes(const struct dma_debug_mapping *m)
{
	return m->dir != DMA_TO_DEVICE;
}

static uint32_t first_line(const struct dma_debug_mapping *m)
{
	return m->pa / DMA_DEBUG_LINE;
}

static uint32_t last_line(const struct dma_debug_mapping *m)
{
	return (m->pa + (m->size - 1)) / DMA_DEBUG_LINE;
}

bool dma_debug_find_overlap(const struct dma_debug_mapping *m, struct dma_debug_mapping *out)
{
	for (unsigned i = 0; i < table.touched; i++) {
		const struct dma_debug_mapping *e = &table.entry[i];

		if (e->seq && (device_writes(e) || device_writes(m)) &&
		    first_line(e) <= last_line(m) && first_line(m) <= last_line(e))
			return copy_out(e, out);
	}
	return false;
}

bool dma_debug_find_ended(uint32_t pa, struct dma_debug_mapping *out)
{
	const struct dma_debug_mapping *latest = NULL;

	for (unsigned i = 0; i < HISTORY; i++) {
		const struct dma_debug_mapping *e = &table.ended[i];

		if (e->seq && e->pa == pa && (!latest || e->seq > latest->seq))
			latest = e;
	}
	return copy_out(latest, out);
}

bool dma_debug_find_next(uint32_t seq, struct dma_debug_mapping *out)
{
	const struct dma_debug_mapping *oldest = NULL;

	for (unsigned i = 0; i < table.touched; i++) {
		const struct dma_debug_mapping *e = &table.entry[i];

		if (e->seq > seq && (!oldest || e->seq < oldest->seq))
			oldest = e;
	}
	return copy_out(oldest, out);
}

struct dma_debug_counts dma_debug_counts(void)
{
	return table.count;
}

void dma_debug_clear(void)
{
	memset(&table, 0, sizeof(table));
}
