/* SPDX-License-Identifier: MIT */
/* The console loop, and the commands that end it. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "monitor/command.h"
#include "monitor/lineedit.h"
#include "monitor/monitor.h"

_Static_assert(LINEEDIT_MAX <= COMMAND_LINE_MAX, "each line that can be typed can be run");

static bool leaving;
static unsigned leave_status;

static const char *run_exit(int argc, char **argv)
{
	unsigned long status = 0;
	char *end = NULL;

	if (argc > 1) {
		errno = 0;
		status = strtoul(argv[1], &end, 10);
	}
	if (argc > 2 ||
	    (argc == 2 && (argv[1][0] < '0' || argv[1][0] > '9' || *end || errno || status > 255)))
		return "one exit status expected, 0..255 (none: 0)";
	leaving = true;
	leave_status = (unsigned)status;
	return NULL;
}

COMMAND(exit, run_exit, "exit [status]", "leaves the monitor");
COMMAND(quit, run_exit, "quit [status]", "leaves the monitor");

unsigned monitor_run(const struct monitor_io *io)
{
	/* Static: its history would take half of a task's stack. */
	static struct lineedit editor;

	editor.get = io->get;
	editor.put = io->put;
	editor.complete = command_complete;
	leaving = false;
	leave_status = 0;
	while (!leaving) {
		/* What a command printed must stand before the prompt, which goes out by put(). */
		fflush(stdout);
		if (lineedit_read(&editor, "murphy> ") == LINEEDIT_EOF)
			break;
		command_run(editor.line);
	}
	fflush(stdout);
	if (io->leave)
		io->leave(leave_status);
	return leave_status;
}
