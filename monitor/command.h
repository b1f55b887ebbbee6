/* SPDX-License-Identifier: MIT */
/* The monitor's commands: a table that the linker gathers in section murphy_commands.
 *
 * Everything here runs in the one task that owns the monitor (or in the boot): it is not
 * reentrant, takes no lock, and sleeps only if a command does. */
#ifndef MONITOR_COMMAND_H
#define MONITOR_COMMAND_H

#include <stddef.h>

#include "lib/params.h"

#define COMMAND_LINE_MAX 200u /* letters */
#define COMMAND_ARGS_MAX 16   /* words, the command's name included */

struct command {
	const char *name;
	/* argv[0] is the command's name. Returns NULL, or one sentence that says what was
	 * expected (the monitor prints it). */
	const char *(*run)(int argc, char **argv);
	const char *usage; /* "pkmap [first [count]]" */
	const char *help;  /* one line */
	/* For the TAB key: the nth (from 0) word that may stand as argument arg (1 is the first;
	 * before is the argument in front of it, "" if none); NULL after the last. The word need
	 * stay valid only until the next call. May itself be NULL. */
	const char *(*complete)(int arg, const char *before, unsigned n);
};

#define COMMAND_COMPLETE(ident, run_, usage_, help_, complete_)                        \
	static const struct command command_##ident TABLE_ENTRY("murphy_commands") = { \
		.name = #ident,                                                        \
		.run = run_,                                                           \
		.usage = usage_,                                                       \
		.help = help_,                                                         \
		.complete = complete_}
#define COMMAND(ident, run_, usage_, help_) COMMAND_COMPLETE(ident, run_, usage_, help_, NULL)

/* Runs one line as if typed: words at white space, "..." or '...' keep one together; a command
 * may be cut short as long as it is the only one that begins so. An empty line and one that
 * begins with # do nothing. Returns 0, or 1 after printing what was wrong. */
int command_run(const char *line);

/* The command after prev in the alphabet (prev NULL: the first); NULL at the end. */
const struct command *command_next(const struct command *prev);

/* For lineedit.h: command names in the first place, then what the command's own complete()
 * offers. */
const char *command_complete(const char *line, size_t start, size_t cursor, unsigned n);

#endif
