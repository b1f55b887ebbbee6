/* SPDX-License-Identifier: MIT */
/* Finds and runs the monitor's commands; `help` and `set` themselves. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/columns.h"
#include "monitor/command.h"

extern const struct command __start_murphy_commands[];
extern const struct command __stop_murphy_commands[];

static char why[512]; /* the last refusal; printed at once */

/* Through integers: for C the two symbols are different objects, which must not be compared. */
static size_t count(void)
{
	return ((uintptr_t)__stop_murphy_commands - (uintptr_t)__start_murphy_commands) /
	       sizeof(struct command);
}

const struct command *command_next(const struct command *prev)
{
	const struct command *next = NULL;

	for (size_t i = 0; i < count(); i++) {
		const struct command *c = &__start_murphy_commands[i];

		if ((!prev || strcmp(c->name, prev->name) > 0) &&
		    (!next || strcmp(c->name, next->name) < 0))
			next = c;
	}
	return next;
}

/* The command that the len letters at name stand for: the one of that name, or the only one
 * that begins so. NULL otherwise; *matches tells between none and several. */
static const struct command *find(const char *name, size_t len, unsigned *matches)
{
	const struct command *c, *found = NULL;

	*matches = 0;
	for (c = command_next(NULL); len && c; c = command_next(c)) {
		if (strncmp(c->name, name, len) != 0)
			continue;
		if (c->name[len] == '\0') {
			*matches = 1;
			return c;
		}
		found = c;
		++*matches;
	}
	return *matches == 1 ? found : NULL;
}

/* As find(); when there is none, why (a line for a person) says so. */
static const struct command *look_up(const char *name)
{
	const struct command *near = NULL, *c;
	unsigned matches, nearest = NAME_FAR;
	size_t used;

	c = find(name, strlen(name), &matches);
	if (c)
		return c;
	if (matches > 1) {
		snprintf(why, sizeof(why), "command %s: could be", name);
		for (c = command_next(NULL); c; c = command_next(c)) {
			used = strlen(why);
			if (strncmp(c->name, name, strlen(name)) == 0)
				snprintf(why + used, sizeof(why) - used, " %s", c->name);
		}
		used = strlen(why);
		snprintf(why + used, sizeof(why) - used, "; type more of it");
		return NULL;
	}
	for (c = command_next(NULL); c; c = command_next(c)) {
		unsigned slips = name_slips(name, strlen(name), c->name);

		if (slips < nearest) {
			nearest = slips;
			near = c;
		}
	}
	if (near)
		snprintf(why, sizeof(why), "command %s: unknown; did you mean %s? (help lists all)",
			 name, near->name);
	else
		snprintf(why, sizeof(why), "command %s: unknown; help lists all", name);
	return NULL;
}

/* Cuts line into words, in place. Returns their number, or -1 with *wrong set. */
static int split(char *line, char **argv, const char **wrong)
{
	char *out = line;
	int argc = 0;

	for (;;) {
		char quote = '\0';

		while (isspace((unsigned char)*line))
			line++;
		if (*line == '\0')
			return argc;
		if (argc == COMMAND_ARGS_MAX) {
			*wrong = "more than 16 words; quote those that belong together";
			return -1;
		}
		argv[argc++] = out;
		for (; *line && (quote || !isspace((unsigned char)*line)); line++) {
			if (*line == quote)
				quote = '\0';
			else if (!quote && (*line == '"' || *line == '\''))
				quote = *line;
			else
				*out++ = *line;
		}
		if (quote) {
			*wrong = "a quote is not closed";
			return -1;
		}
		/* out never passes line, so this NUL falls on a letter that was read. */
		if (*line)
			line++;
		*out++ = '\0';
	}
}

int command_run(const char *text)
{
	char line[COMMAND_LINE_MAX + 1], *argv[COMMAND_ARGS_MAX + 1];
	const char *wrong = NULL;
	const struct command *c;
	size_t len = strlen(text);
	int argc;

	if (len > COMMAND_LINE_MAX) {
		printf("line of %u letters: too long; at most %u\n", (unsigned)len,
		       COMMAND_LINE_MAX);
		return 1;
	}
	/* Messages repeat words, so nothing gets in that would upset a terminal. */
	for (size_t i = 0; i <= len; i++) {
		unsigned char letter = (unsigned char)text[i];

		line[i] = isspace(letter) ? ' ' : letter && !isprint(letter) ? '?' : text[i];
	}
	argc = split(line, argv, &wrong);
	if (argc < 0) {
		printf("line not run: %s\n", wrong);
		return 1;
	}
	if (argc == 0 || argv[0][0] == '#')
		return 0;
	argv[argc] = NULL;
	c = look_up(argv[0]);
	if (!c) {
		printf("%s\n", why);
		return 1;
	}
	wrong = c->run(argc, argv);
	if (wrong)
		printf("%s: %s\n", c->name, wrong);
	return wrong ? 1 : 0;
}

const char *command_complete(const char *line, size_t start, size_t cursor, unsigned n)
{
	const struct command *c;
	unsigned matches;
	size_t name, end;
	char before[COMMAND_LINE_MAX + 1] = "";
	int arg = 0;

	for (name = 0; line[name] == ' ';)
		name++;
	if (name >= start) {
		for (c = command_next(NULL); c; c = command_next(c))
			if (strncmp(c->name, line + start, cursor - start) == 0 && n-- == 0)
				return c->name;
		return NULL;
	}
	end = name + strcspn(line + name, " ");
	c = find(line + name, end - name, &matches);
	for (size_t at = end; at < start; at += strlen(before)) {
		at += strspn(line + at, " ");
		arg++;
		if (at >= start)
			break;
		snprintf(before, sizeof(before), "%.*s", (int)strcspn(line + at, " "), line + at);
	}
	return c && c->complete ? c->complete(arg, before, n) : NULL;
}

static void indented(const char *text)
{
	columns_print((struct column[]){{1, ""}, {97, text}}, 2);
}

static void help_param(const struct param *p)
{
	static const char is_valid[] = "valid: ";
	char now[64], valid[sizeof(is_valid) + 192];

	param_show(p, now, sizeof(now));
	strcpy(valid, is_valid);
	param_valid(p, valid + strlen(is_valid), sizeof(valid) - strlen(is_valid));
	printf("parameter %s=%s\n", p->name, now);
	indented(p->help);
	indented(valid);
	indented(p->when == PARAM_BOOT ? "on the boot command line only" : "also by 'set'");
}

static const char *run_help(int argc, char **argv)
{
	const struct command *c;
	const struct param *p;

	if (argc > 2)
		return "one name expected: a command's or a parameter's";
	if (argc == 2) {
		/* pkmap may be both: a table to show and a parameter. */
		p = param_find(argv[1]);
		c = look_up(argv[1]);
		if (c && (!p || strcmp(c->name, argv[1]) == 0)) {
			printf("%s\n", c->usage);
			indented(c->help);
		}
		if (p)
			help_param(p);
		return c || p ? NULL : why;
	}
	for (c = command_next(NULL); c; c = command_next(c))
		columns_print((struct column[]){{30, c->usage}, {68, c->help}}, 2);
	printf("\nNumbers are typed as they are printed: addresses and words of memory in "
	       "hexadecimal,\ncounts in decimal.\n");
	return NULL;
}

static const char *param_by_number(unsigned n, bool settable)
{
	const struct param *p;

	param_for_each (p)
		if ((!settable || p->when == PARAM_ANY) && n-- == 0)
			return p->name;
	return NULL;
}

static const char *complete_help(int arg, const char *before, unsigned n)
{
	const struct command *c;

	(void)before;
	for (c = command_next(NULL); arg == 1 && c; c = command_next(c))
		if (n-- == 0)
			return c->name;
	return arg == 1 ? param_by_number(n, false) : NULL;
}

COMMAND_COMPLETE(help, run_help, "help [command|parameter]", "lists the commands, or explains one",
		 complete_help);

static void show_settable(void)
{
	const struct param *p;

	param_for_each (p) {
		char now[64], valid[192];

		if (p->when != PARAM_ANY)
			continue;
		param_show(p, now, sizeof(now));
		param_valid(p, valid, sizeof(valid));
		printf("%-14s %-12s %s\n", p->name, now, valid);
	}
}

static const char *run_set(int argc, char **argv)
{
	char word[COMMAND_LINE_MAX + 2];

	if (argc > 3)
		return "a name and one value expected; put quotes round a value with spaces";
	if (argc == 1) {
		show_settable();
		return NULL;
	}
	if (argc == 2 && param_find(argv[1])) {
		help_param(param_find(argv[1]));
		return NULL;
	}
	snprintf(word, sizeof(word), "%s%s%s", argv[1], argc == 3 ? "=" : "",
		 argc == 3 ? argv[2] : "");
	return param_set(word, PARAM_ANY, why, sizeof(why)) ? NULL : why;
}

static const char *complete_set(int arg, const char *before, unsigned n)
{
	const struct param *p;

	if (arg == 1)
		return param_by_number(n, true);
	p = arg == 2 ? param_find(before) : NULL;
	if (!p || p->type != PARAM_T_ENUM)
		return NULL;
	for (uint32_t i = 0; p->choices[i]; i++)
		if (n-- == 0)
			return p->choices[i];
	return NULL;
}

COMMAND_COMPLETE(set, run_set, "set [name [value]]", "shows or changes a parameter", complete_set);
