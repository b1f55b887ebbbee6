/* SPDX-License-Identifier: MIT */
/* How the kernel ends: by semihosting, or halted. */
#include "lib/exit.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/irqflags.h"
#include "lib/params.h"

void (*exit_idle)(void);
int exit_code;

enum { EXIT_BY_HALT, EXIT_BY_SEMIHOST };
static const char *const exit_choices[] = {"halt", "semihost", NULL};
static uint32_t exit_by = EXIT_BY_HALT;
PARAM_ENUM(exit, PARAM_BOOT, exit_by, exit_choices,
	   "what to do at the end: halt the CPU, or leave by semihosting with an exit status");

/* SYS_EXIT_EXTENDED with ADP_Stopped_ApplicationExit ("Semihosting for AArch32 and AArch64",
 * section 6.6): a debugger or emulator ends with code as its exit status. */
static void semihost_exit(int code)
{
	uint32_t block[2] = {0x20026, (uint32_t)code};
	register uint32_t op __asm__("r0") = 0x20;
	register uint32_t *arg __asm__("r1") = block;

	__asm__ volatile("svc 0x123456" : "+r"(op) : "r"(arg) : "memory", "lr");
}

void kernel_exit(int code)
{
	static bool tried; /* without a host the call is a panic, which comes here again */

	irq_save();
	exit_code = code;
	fflush(stdout);
	if (exit_by == EXIT_BY_SEMIHOST && !tried) {
		tried = true;
		semihost_exit(code);
	}
	printf("halted (exit status %d)\n", code);
	fflush(stdout);
	for (;;)
		if (exit_idle)
			exit_idle();
}
