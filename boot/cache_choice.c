/* SPDX-License-Identifier: MIT */
/* What the machine is, and which cache the verdicts come from. */
#include "boot/cache_choice.h"

#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/cp15.h"
#include "cache/machine.h"
#include "cache/modelled.h"
#include "cache/probe.h"
#include "cache/simulated.h"
#include "cache/trap.h"
#include "cores/profile.h"
#include "dma/skip.h"
#include "dma/upkeep.h"
#include "lib/exit.h"
#include "lib/panic.h"
#include "lib/params.h"
#include "mm/consistent.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/pkmap.h"

static enum { CACHE_AUTO, CACHE_NATIVE, CACHE_GEOMETRY } cache_choice;
static char cache_text[40];
static bool machine_is_up; /* from machine_choose_cache() on */

static const char *change_model(const char *text);

/* Why nothing can be shown on a sound cache of this shape, or NULL. */
static const char *shape_error(const struct cm_config *c)
{
	if (c->line != CACHE_LINE)
		return "lines are 32 bytes on every core of this build";
	/* One page then has several places in the cache, by its virtual address, and what is
	 * stored under one address is not found under the next. */
	if (c->index == CM_VIPT && c->size / c->ways > PAGE_SIZE)
		return "a way of a vipt cache must be 4k or less: larger ones alias, and this "
		       "kernel "
		       "does not colour pages";
	return NULL;
}

static const char *set_cache(const char *text)
{
	static const struct cm_config any = {
		.size = 16384, .ways = 4, .line = 32, .halves = 2, .wb_words = 16, .wb_addrs = 4};
	struct cm_config trial = any;
	const char *error;

	if (machine_is_up)
		return change_model(text);
	if (strcmp(text, "auto") == 0) {
		cache_choice = CACHE_AUTO;
		return NULL;
	}
	if (strcmp(text, "native") == 0) {
		cache_choice = CACHE_NATIVE;
		return NULL;
	}
	error = cm_config_parse(&trial, text);
	if (error)
		return error;
	error = shape_error(&trial);
	if (error)
		return error;
	cache_choice = CACHE_GEOMETRY;
	snprintf(cache_text, sizeof(cache_text), "%s", text);
	return NULL;
}

static void show_cache(char *buf, size_t len)
{
	if (cache_is_modelled) {
		cm_config_print(&machine.dcache, buf, len);
		return;
	}
	snprintf(buf, len, "%s",
		 cache_choice == CACHE_AUTO	? "auto"
		 : cache_choice == CACHE_NATIVE ? "native"
						: cache_text);
}

PARAM_CUSTOM(
	cache, PARAM_ANY, set_cache, show_cache,
	"auto|native|TYPE,SIZE,WAYS,LINE[,wa][,random], as vivt,16k,4way,32b",
	"the D-cache of high memory: as the probe finds, never modelled, or a model of this shape");

const struct core_profile *machine_find_core(void)
{
	machine.board = board_name();
	machine.midr = cp15_midr();
	machine.cpu = "?";
	const struct core_profile *core = core_profile_find(machine.midr);

	if (core) {
		machine.cpu = core->name;
		machine.dcache = core->dcache;
	}
	return core;
}

static enum cache_truth_found probe(void)
{
	uint32_t pa;
	uint32_t *uncached = consistent_alloc(PAGE_SIZE, &pa);
	enum cache_truth_found found;

	if (!uncached)
		panic("no lowmem page for the D-cache probe");
	found = cache_probe(phys_to_virt(pa), uncached);
	consistent_free(uncached, PAGE_SIZE);
	return found;
}

/* The model in use: what it keeps its lines in, for the day another takes its place. */
static struct {
	struct page *page;
	unsigned order;
} storage;

/* Starts a model of this shape, in memory of its own. False if there is not enough lowmem; then
 * nothing has changed. */
static bool start_model(const struct cm_config *cfg)
{
	unsigned order = 0;
	struct page *page;

	while ((size_t)PAGE_SIZE << order < cm_storage_size(cfg))
		order++;
	page = order <= PAGE_ORDER_MAX ? page_alloc(ZONE_LOWMEM, order) : NULL;
	if (!page)
		return false;
	modelled_start(cfg, page->virtual, BUS_BASE, ram_base, machine.ram_bytes);
	if (storage.page)
		page_free(storage.page, storage.order);
	storage.page = page;
	storage.order = order;
	machine.dcache = *cfg;
	machine.dcache_known = true;
	return true;
}

/* Another shape for the model while the kernel runs. NULL, or why not. Context: task, nobody
 * else at work on high memory. */
static const char *change_model(const char *text)
{
	const struct core_profile *core = core_profile_find(machine.midr);
	struct cm_config cfg = core->dcache; /* not the present one: "wa" must not stick */
	const char *error;

	if (strcmp(text, "auto") == 0 || strcmp(text, "native") == 0)
		return "auto and native can be chosen on the boot command line only";
	if (machine.dcache_real)
		return "the D-cache of this machine holds data, a model is not put in its place";
	if (!cache_is_modelled)
		return "the model was turned off by cache=native on the boot command line";
	error = cm_config_parse(&cfg, text);
	if (error)
		return error;
	error = shape_error(&cfg);
	if (error)
		return error;
	/* Unmaps what nobody uses and refuses if somebody does: a mapped page's user may count on
	 * its lines. */
	error = pkmap_resize(pkmap_slots);
	if (error)
		return error;
	/* The wrap's flush is for VIVT only; a physically tagged cache still holds dirty lines of
	 * pages without an address, and they would go with the old model. */
	modelled_dcache_ops.clean_inv_all();
	modelled_dcache_ops.drain();

	skip_undo(); /* it may have taken one of the old calls out; of the new ones the same */
	bool started = start_model(&cfg);

	dma_follow_cache(core);
	skip_apply();
	return started ? NULL : "no lowmem for a model of that size; take a smaller one";
}

/* The cache that holds data. The cache type register says its size but not how it is indexed and
 * whom it replaces; the emulator says all of it. */
static void find_real_cache(void)
{
	char text[40];
	const char *error;

	machine.truth = board_is_simulated() ? TRUTH_SIMULATED : TRUTH_MEASURED;
	machine.dcache_known =
		(machine.truth == TRUTH_SIMULATED && simulated_shape(&machine.dcache)) ||
		cache_type_decode(cp15_cache_type(), &machine.dcache);
	if (!machine.dcache_known) {
		printf("D-cache: the cache type register reads %08lx, which describes no cache; "
		       "its "
		       "shape is not known\n",
		       (unsigned long)cp15_cache_type());
		return;
	}
	dcache_is_vivt = machine.dcache.index == CM_VIVT; /* the emulator's may be another */
	error = shape_error(&machine.dcache);
	cm_config_print(&machine.dcache, text, sizeof(text));
	if (error)
		panic("the D-cache is %s: %s", text, error);
}

void machine_choose_cache(void)
{
	enum cache_truth_found found = probe();
	const char *error = NULL;

	machine_is_up = true;
	/* Known by the core alone; a model of another shape says otherwise when it starts. */
	dcache_is_vivt = machine.dcache.index == CM_VIVT;
	/* The model takes lowmem's lines for none at all and does no maintenance of them. */
	if (found == PROBE_HOLDS_CLEAN)
		panic("the D-cache writes through: it has no dirty line to lose, but its clean "
		      "lines grow stale behind a device: no verdict can come from it");
	machine.dcache_real = found != PROBE_HOLDS_NOTHING;
	if (found == PROBE_KEEPS_INVALIDATED)
		panic("the D-cache holds data, but an invalidate writes it back: no verdict can "
		      "come from it");
	if (machine.dcache_real) {
		if (cache_choice == CACHE_GEOMETRY)
			panic("cache=%s: the D-cache of this machine holds data, a model is not "
			      "put in its place; valid here: auto, native",
			      cache_text);
		find_real_cache();
		return;
	}
	if (cache_choice == CACHE_NATIVE) {
		machine.truth = TRUTH_NONE;
		return;
	}
	if (dcache.block)
		panic("leaf=block: the D-cache of this machine holds nothing, and the model does "
		      "its "
		      "operations line by line; valid here: leaf=line, or cache=native");
	if (cache_choice == CACHE_GEOMETRY)
		error = cm_config_parse(&machine.dcache, cache_text);
	if (error)
		panic("cache=%s: %s", cache_text, error);
	paging_map_bus((machine.ram_bytes + SECTION_SIZE - 1) & ~(SECTION_SIZE - 1));
	window_add(PKMAP_BASE, LAST_PKMAP, pkmap_pte);
	window_add(FIXMAP_BASE, FIXMAP_SLOTS, fixmap_pte);
	highmem_prot = PTE_TRAPPED;
	if (!start_model(&machine.dcache))
		panic("no %lu KiB of lowmem for the cache model: a larger lowmem=, or a smaller "
		      "cache=",
		      (unsigned long)cm_storage_size(&machine.dcache) / 1024);
	machine.truth = TRUTH_MODELLED;
}
