/* SPDX-License-Identifier: MIT */
/* A ghost's page in use: read and written by the CPU, and by the device. */
#ifndef RACE_GHOST_PAGE_H
#define RACE_GHOST_PAGE_H

#include "race/ghost.h"

/* Lowmem: what the device copies from and to. The exhibit's, from its setup to its teardown. */
extern struct page *ghost_source;

/* All: context task. ghost_read() and ghost_write() do not sleep, the others do. */

/* Reads a page through its kernel mapping: fills its lines, and no more. */
void ghost_read(const void *va);
/* Writes a page through its kernel mapping; the ghost follows. */
void ghost_write(struct ghost *g, void *va);
/* The same with a mapping of its own. */
void ghost_cpu_gives(struct ghost *g);
/* New contents by the device, for a page of which the cache holds nothing. */
void ghost_device_gives(struct ghost *g);

/* What memory itself holds of the page, whatever the cache does; good until the next call. */
const uint32_t *ghost_memory(const struct ghost *g);
/* Compares the page as the CPU reads it. */
void ghost_check_page(const struct ghost *g, struct ghost_check *check);

#endif
