/* SPDX-License-Identifier: MIT */
/* reset, halt: ends that are not an exit status. */
#include <stdio.h>

#include "boards/board_api.h"
#include "cache/cp15.h"
#include "lib/irqflags.h"
#include "monitor/command.h"

static const char *run_reset(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return "no argument expected";
	printf("reset\n");
	fflush(stdout);
	board_reset_or_halt();
}

COMMAND(reset, run_reset, "reset", "restarts the board");

static const char *run_halt(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return "no argument expected; exit STATUS ends the kernel with a status";
	irq_save();
	printf("halted; only a reset of the board helps now (in QEMU: Ctrl-A X)\n");
	fflush(stdout);
	for (;;)
		cp15_wfi();
}

COMMAND(halt, run_halt, "halt", "stops the CPU for good");
