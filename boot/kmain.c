/* SPDX-License-Identifier: MIT */
/* The order of things at boot, then what the parameters ask for. */
#include <stdio.h>

#include "board.h"
#include "boards/board_api.h"
#include "boot/actions.h"
#include "boot/atags.h"
#include "boot/banner.h"
#include "boot/entry.h"
#include "boot/exit.h"
#include "boot/machine.h"
#include "boot/machine_init.h"
#include "boot/memory.h"
#include "boot/panic.h"
#include "boot/params.h"
#include "cache/ops.h"
#include "dma/transfer.h"
#include "mm/pgtable.h"
#include "sched/irqflags.h"
#include "sched/task.h"

extern uint32_t boot_stack[], boot_stack_top[];

void kmain(void) __attribute__((noreturn));

/* The loader's tag list, or what is done without it. */
static void read_atags(struct atags *atags)
{
	const void *copy = (const void *)(PAGE_OFFSET + ATAG_COPY_OFF);
	uint32_t at = boot_entry.atags;

	/* head.S copied the list if the pointer could be one; say so if it could not. */
	if (at & 3 || at - PHYS_RAM_BASE > BOARD_RAM_MAX - ATAG_COPY_SIZE) {
		printf("atags: r2 = %08lx is not a word address in RAM; no list is read\n",
		       (unsigned long)at);
		at = 0;
	}
	atags_parse(at ? copy : NULL, ATAG_COPY_SIZE, atags);
	if (atags->kind == ATAGS_LIST && atags->error) {
		printf("atags: at +0x%lx: %s\n", (unsigned long)atags->error_at, atags->error);
		printf("verdict reason=\"broken ATAG list\" status=ERROR\n");
		kernel_exit(EXIT_USAGE);
	}
	if (atags->kind != ATAGS_LIST)
		printf("atags: %s; %lu MiB of RAM and no parameters are taken\n",
		       atags->error ? atags->error : "none (r2 = 0)",
		       (unsigned long)BOARD_RAM_DEFAULT >> 20);
}

static void read_parameters(const struct atags *atags)
{
	static char error[200];
	bool help = false;

	if (!params_parse(atags->cmdline, &help, error, sizeof(error))) {
		printf("%s\n", error);
		printf("verdict reason=\"bad parameter\" status=ERROR\n");
		kernel_exit(EXIT_USAGE);
	}
	if (help) {
		params_print();
		kernel_exit(EXIT_OK);
	}
}

void kmain(void)
{
	static struct atags atags;
	const struct core_profile *core;

	dcache = arm926_dcache_ops; /* for the page tables; the core is checked once we can speak */
	core = machine_find_core();
	paging_init();
	board_console_early();
	sched_init(boot_stack, ((uintptr_t)boot_stack_top - (uintptr_t)boot_stack) / 4);
	if (!core)
		panic("core with MIDR %08lx: this image is for %s", (unsigned long)machine.midr,
		      core_profile_names());
	dcache = *core->ops;
	read_atags(&atags);
	read_parameters(&atags);
	memory_init(memory_size(&atags));
	machine_choose_cache();
	banner_print();
	board_irq_init();
	board_tick_start(TICK_HZ, sched_tick);
	irq_enable();
	dma_transfer_init();
	kernel_exit(actions_run());
}
