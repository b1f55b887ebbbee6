/* SPDX-License-Identifier: MIT */
/* The order of things at boot, then what the parameters ask for. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "boards/board_api.h"
#include "boot/actions.h"
#include "boot/atags.h"
#include "boot/banner.h"
#include "boot/cache_choice.h"
#include "boot/entry.h"
#include "boot/memory.h"
#include "cache/cp15.h"
#include "cache/machine.h"
#include "cache/ops.h"
#include "dma/transfer.h"
#include "lib/console.h"
#include "lib/exit.h"
#include "lib/irqflags.h"
#include "lib/panic.h"
#include "lib/params.h"
#include "mm/pgtable.h"
#include "sched/task.h"

extern uint32_t boot_stack[], boot_stack_top[];

void kmain(void) __attribute__((noreturn));

/* What head.S has copied of the loader's list. */
static const void *const atags_copy = (const void *)(PAGE_OFFSET + ATAG_COPY_OFF);

/* Ends the boot: what the loader passed cannot be taken, as has been said. How to end holds
 * wherever it stands on the command line, taken or not: a test would wait for ever if something
 * bad before it, or its length, kept it from being read. */
static void __attribute__((noreturn)) refuse(const struct atags *atags, const char *reason)
{
	char error[80], word[32];

	printf("verdict reason=\"%s\" status=ERROR\n", reason);
	if (atags_find_word((const char *)atags_copy + atags->text_at, atags->text_bytes,
			    "exit=", word, sizeof(word)))
		param_set(word, PARAM_BOOT, error, sizeof(error));
	else if (atags->text_cut) /* it may stand in what was not read; without a host it halts */
		param_set("exit=semihost", PARAM_BOOT, error, sizeof(error));
	kernel_exit(EXIT_USAGE);
}

/* The loader's tag list, or what is done without it. */
static void read_atags(struct atags *atags)
{
	uint32_t at = boot_entry.atags;

	/* head.S copied the list if the pointer could be one; no other is followed here. */
	bool copied = !(at & 3) && at - PHYS_RAM_BASE <= BOARD_RAM_MAX - ATAG_COPY_SIZE;

	atags_parse(at && copied ? atags_copy : NULL, ATAG_COPY_SIZE, atags);
	if (!copied)
		atags->error = "r2 is not a word address in RAM; it must point to an ATAG list, or "
			       "be 0";
	if (atags->kind == ATAGS_LIST && atags->error) {
		printf("atags: at +0x%lx: %s\n", (unsigned long)atags->error_at, atags->error);
		refuse(atags, "broken ATAG list");
	}
	if (atags->kind != ATAGS_LIST)
		printf("atags: %s; %lu MiB of RAM and no parameters are taken\n",
		       atags->error ? atags->error : "none (r2 = 0)",
		       (unsigned long)BOARD_RAM_DEFAULT >> 20);
}

static void read_parameters(const struct atags *atags)
{
	static char error[640]; /* the lists of what is valid are long */
	bool help = false;

	if (!params_parse(atags->cmdline, &help, error, sizeof(error))) {
		printf("%s\n", error);
		refuse(atags, "bad parameter");
	}
	if (!help && actions_conflict(error, sizeof(error))) {
		printf("%s\n", error);
		refuse(atags, "conflicting parameters");
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

	core = machine_find_core();
	/* For the page tables. On a core of another family too: it is named once we can speak, and
	 * until then only lines are cleaned and the buffer drained, as all cores do it. */
	dcache = *(core ? core : core_profiles)->ops;
	paging_init();
	board_console_early();
	console_use(board_putc);
	exit_idle = cp15_wfi;
	sched_init(boot_stack, ((uintptr_t)boot_stack_top - (uintptr_t)boot_stack) / 4);
	if (!core)
		panic("core with MIDR %08lx: this image is for %s", (unsigned long)machine.midr,
		      core_profile_names());
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
