/* SPDX-License-Identifier: MIT */
/* Modelled mode: highmem windows that the MMU does not map, served from the cache model.
 *
 * On stock QEMU the D-cache holds nothing, so no verdict could come from it. The kernel then
 * keeps the descriptors of pkmap and fixmap invalid to the MMU; each load and store there
 * aborts, is decoded, and is served by the model, which reaches RAM through the bus window.
 * The D-cache operations act on the model. Lowmem stays what it is: plain RAM. */
#ifndef CACHE_MODELLED_H
#define CACHE_MODELLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cache/model.h"
#include "cache/ops.h"
#include "cache/witness.h"

extern struct cm cache_model;
extern bool cache_is_modelled;

/* Starts modelled mode: cfg must be sound; storage of cm_storage_size(cfg) bytes; RAM of
 * ram_bytes from ram_base is mapped uncached at bus_va. Afterwards `dcache` is the model's
 * table. Boot only, before the first highmem mapping. */
void modelled_start(const struct cm_config *cfg, void *storage, uintptr_t bus_va, uint32_t ram_base,
		    uint32_t ram_bytes);

/* The operations on the model, for putting them back after an instrument. */
extern const struct dcache_ops modelled_dcache_ops;

/* Who is at the model now: the running task, and the instruction at pc. IRQs masked. */
void modelled_actor(uintptr_t pc);

/* Dirty data thrown away by an invalidate, as the model reported it. */
struct discard {
	uint32_t va, pa;
	uint32_t halves; /* bit 0 the lower 16 bytes, bit 1 the upper */
	const char *who; /* task */
	uintptr_t pc;	 /* the instruction, or the call of the line loop */
};

#define DISCARDS_KEPT 512
extern uint32_t discards_seen; /* since discards_clear(); the first DISCARDS_KEPT are kept */
void discards_clear(void);
/* The i-th kept discard, oldest first, or NULL. */
const struct discard *discard_at(uint32_t i);

/* The log that a run is judged by (cache/witness.h): modelled_log.c. */
void model_log_start(void);
void model_log_stop(void);
void model_log_note(const struct cm_event *ev, uintptr_t pc);
void model_log_device(uint32_t pa, uint32_t bytes);
uint32_t model_log_select(uint32_t page_pa);
void model_log_event(uint32_t n, struct line_event *e);
uint32_t model_log_missed(void);
uint32_t model_dirty_lines(uint32_t page_pa);
void model_reset_replacement(void);

#endif
