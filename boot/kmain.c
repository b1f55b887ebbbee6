/* SPDX-License-Identifier: MIT */
/* The order of things at boot, then what the parameters ask for. */
#include "board.h"
#include "boards/board_api.h"
#include "boot/actions.h"
#include "boot/banner.h"
#include "boot/cache_choice.h"
#include "boot/loader.h"
#include "boot/memory.h"
#include "cache/cp15.h"
#include "cache/machine.h"
#include "cache/ops.h"
#include "dma/transfer.h"
#include "dma/upkeep.h"
#include "lib/console.h"
#include "lib/exit.h"
#include "lib/irqflags.h"
#include "lib/panic.h"
#include "mm/pgtable.h"
#include "sched/task.h"

extern uint32_t boot_stack[], boot_stack_top[];

void kmain(void) __attribute__((noreturn));

void kmain(void)
{
	const struct core_profile *core;
	const struct handover *handover;

	core = machine_find_core();
	/* For the page tables. On a core of another family too: it is named once we can speak, and
	 * until then only lines are cleaned and the buffer drained, as all cores do it. */
	dcache = *(core ? core : core_profiles)->ops;
	paging_init();
	board_console_early();
	console_use(board_putc);
	if (!exit_idle) /* a board may show the verdict meanwhile */
		exit_idle = cp15_wfi;
	sched_init(boot_stack, ((uintptr_t)boot_stack_top - (uintptr_t)boot_stack) / 4);
	if (!core)
		panic("core with MIDR %08lx: this image is for %s", (unsigned long)machine.midr,
		      core_profile_names());
	handover = loader_handover();
	loader_parameters();
	memory_init(memory_size(handover));
	machine_choose_cache();
	dma_follow_cache(core);
	banner_print();
	board_irq_init();
	board_tick_start(TICK_HZ, sched_tick);
	irq_enable();
	dma_transfer_init();
	kernel_exit(actions_run());
}
