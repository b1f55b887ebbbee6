/* SPDX-License-Identifier: MIT */
/* fix=: which strategy is in use, by name or by what is being done. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "dma/fix.h"
#include "lib/params.h"

static bool named; /* fix= names one; else it goes by what is being done */
static enum dma_fix_id standard = FIX_AUTO;

static const char *set_fix(const char *text)
{
	enum dma_fix_id id = 0;

	if (strcmp(text, "default") == 0) {
		named = false;
		dma_fix_select(standard);
		return NULL;
	}
	while (id < FIXES && strcmp(text, dma_fixes[id].name) != 0)
		id++;
	if (id == FIXES)
		return "no such strategy";
	named = true;
	dma_fix_select(id);
	return NULL;
}

static void show_fix(char *buf, size_t len)
{
	snprintf(buf, len, "%s", named ? dma_fix->name : "default");
}

PARAM_CUSTOM(fix, PARAM_ANY, set_fix, show_fix,
	     "default|auto|none|pin|irqoff|lock|recheck|percheck|atomic|cleaninv|kunmapflush",
	     "how dma_map_page() maintains a highmem page: the cure that is right on this machine "
	     "(auto), the bug (none), other cures; default: none in an exhibit, else auto");

void dma_fix_default(enum dma_fix_id id)
{
	standard = id;
	if (!named)
		dma_fix_select(id);
}

void dma_fix_print(void)
{
	printf("fix=%s%s; auto: %s\n", named ? dma_fix->name : "auto",
	       named ? "" : ", in an exhibit none",
	       dcache_is_vivt ? "pin, as VIVT lines lie under the page's kmap address alone"
			      : "pin or a temporary mapping, as lines outlive the kmap address");
}
