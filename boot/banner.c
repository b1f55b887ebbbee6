/* SPDX-License-Identifier: MIT */
/* What the kernel found, said at boot. */
#include "boot/banner.h"

#include <stdio.h>

#include "boot/entry.h"
#include "boot/image_check.h"
#include "boot/loader.h"
#include "cache/machine.h"
#include "dma/fix.h"
#include "lib/memory_map.h"
#include "mm/pkmap.h"

void banner_print(void)
{
	const struct boot_entry *e = &boot_entry;
	char cache[40] = "unknown", loader[80];

	if (machine.dcache_known)
		cm_config_print(&machine.dcache, cache, sizeof(cache));
	printf("\nMurphy on %s\n", machine.board);
	printf("  core     %s, MIDR %08lx\n", machine.cpu, (unsigned long)machine.midr);
	printf("  entered  at %08lx, CPSR %08lx, SCTLR %08lx (MMU %s, D-cache %s, I-cache %s)\n",
	       (unsigned long)e->loaded_at, (unsigned long)e->cpsr, (unsigned long)e->sctlr,
	       e->sctlr & 1 ? "on" : "off", e->sctlr & 4 ? "on" : "off",
	       e->sctlr & 0x1000 ? "on" : "off");
	loader_describe(loader, sizeof(loader));
	printf("  loader   %s\n", loader);
	printf("  image    %lu bytes, ", (unsigned long)image_bytes());
	if (image_crc_found())
		printf("CRC ok (%08lx)\n", (unsigned long)image_crc_found());
	else
		printf("without a CRC: not checked\n");
	printf("  memory   %lu KiB lowmem, %lu KiB highmem, pkmap of %lu slots\n",
	       (unsigned long)machine.lowmem_bytes / 1024,
	       (unsigned long)(machine.ram_bytes - machine.lowmem_bytes) / 1024,
	       (unsigned long)pkmap_slots);
	printf("  D-cache  %s: %s\n", machine.dcache_real ? "holds data" : "holds nothing",
	       machine.truth == TRUTH_MODELLED
		       ? "high memory is served from the model by the abort handler"
	       : machine.truth == TRUTH_NONE ? "and the model is off, so no verdict is possible"
					     : "verdicts come from it");
	printf("  cache    %s, truth=%s\n", cache, machine_truth_name());
	printf("  DMA      ");
	dma_fix_print();
	printf("\n");
}
