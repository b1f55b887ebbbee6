/* SPDX-License-Identifier: MIT */
/* dma: the live mappings, as dma-debug knows them. */
#include <stdio.h>

#include "dma/debug.h"
#include "dma/fix.h"
#include "dma/mapping.h"
#include "monitor/command.h"

static const char *run_dma(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return "no argument expected; set fix chooses the maintenance strategy";
	printf("fix=%s: %s\n", dma_fix->name, dma_fix_what(dma_fix));
	if (!dma_debug_on)
		printf("dma_debug=off: mappings are not recorded (set dma_debug on)\n");
	dma_debug_dump();
	dma_debug_report();
	return NULL;
}

COMMAND(dma, run_dma, "dma", "lists the live DMA mappings");
