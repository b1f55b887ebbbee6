/* SPDX-License-Identifier: MIT */
/* The monitor: finding and running commands, help, set, completion, and the loop itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "host_seed.h"

#include "lib/params.h"
#include "monitor/command.h"
#include "monitor/monitor.h"

static uint32_t slots = 512, fix, seed;
static const char *const fixes[] = {"none", "pin", "irqoff", NULL};

PARAM_UINT_POW2(pkmap, PARAM_BOOT, slots, 2, 512, "slots of the pkmap window");
PARAM_UINT(seed, PARAM_ANY, seed, 0, 1000, "of the random runs");
PARAM_ENUM(fix, PARAM_ANY, fix, fixes, "strategy");

static char got[512]; /* the last command's words, each in brackets */

static const char *run_note(int argc, char **argv)
{
	got[0] = '\0';
	for (int i = 0; i < argc; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "[%s]", argv[i]);
	assert_null(argv[argc]);
	return NULL;
}

static const char *run_pkmap(int argc, char **argv)
{
	(void)argv;
	return argc == 2 ? NULL : "a slot 0..511 was expected";
}

static const char *complete_pkmap(int arg, const char *before, unsigned n)
{
	static char word[64];

	if (n > 0)
		return NULL;
	snprintf(word, sizeof(word), "%d:%s", arg, before);
	return word;
}

COMMAND(note, run_note, "note word...", "notes words");
COMMAND(notes, run_note, "notes word...", "notes words, too");
COMMAND(show, run_note, "show what", "shows");
COMMAND_COMPLETE(pkmap, run_pkmap, "pkmap slot", "shows a slot", complete_pkmap);

/* What was printed since print_start(). */
static FILE *real_stdout;
static char *printed;
static size_t printed_len;

static void print_start(void)
{
	free(printed);
	printed = NULL;
	real_stdout = stdout;
	stdout = open_memstream(&printed, &printed_len);
}

static void print_stop(void)
{
	fclose(stdout);
	stdout = real_stdout;
}

static int free_printed(void **state)
{
	(void)state;
	free(printed);
	printed = NULL;
	return 0;
}

static int run(const char *line)
{
	int result;

	print_start();
	result = command_run(line);
	print_stop();
	return result;
}

static void says(const char *line, int result, const char *words)
{
	assert_int_equal(run(line), result);
	assert_string_equal(printed, words);
}

static void runs(const char *line, const char *words)
{
	strcpy(got, "not run");
	says(line, 0, "");
	assert_string_equal(got, words);
}

static void test_words(void **state)
{
	(void)state;
	runs("note", "[note]");
	runs("  note \t a  b\r\n", "[note][a][b]");
	runs("note \"a b\" 'c \"d' e\"f g\"h ''", "[note][a b][c \"d][ef gh][]");
	runs("\"note\" x", "[note][x]");
	runs("note 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
	     "[note][1][2][3][4][5][6][7][8][9][10][11][12][13][14][15]");
	says("note 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", 1,
	     "line not run: more than 16 words; quote those that belong together\n");
	says("note \"a b", 1, "line not run: a quote is not closed\n");
	says("note 'a \"b\" c", 1, "line not run: a quote is not closed\n");
	runs("", "not run");
	runs(" \t ", "not run");
	runs("# note x", "not run");
	runs("note a\x1b[2Jb\x80", "[note][a?[2Jb?]");
}

static void test_length(void **state)
{
	char line[COMMAND_LINE_MAX + 2];

	(void)state;
	memset(line, 'a', sizeof(line));
	memcpy(line, "note ", 5);
	line[COMMAND_LINE_MAX] = '\0';
	strcpy(got, "not run");
	assert_int_equal(run(line), 0);
	assert_int_equal(strlen(got), COMMAND_LINE_MAX - 5 + strlen("[note][]"));
	line[COMMAND_LINE_MAX] = 'a';
	line[COMMAND_LINE_MAX + 1] = '\0';
	says(line, 1, "line of 201 letters: too long; at most 200\n");
}

static void test_names(void **state)
{
	(void)state;
	runs("note", "[note]"); /* although notes begins so, too */
	runs("notes", "[notes]");
	runs("sh x", "[sh][x]");
	says("no", 1, "command no: could be note notes; type more of it\n");
	says("s", 1, "command s: could be set show; type more of it\n");
	says("shwo", 1, "command shwo: unknown; did you mean show? (help lists all)\n");
	says("SHOW", 1, "command SHOW: unknown; did you mean show? (help lists all)\n");
	says("elephant", 1, "command elephant: unknown; help lists all\n");
	says("showy x", 1, "command showy: unknown; did you mean show? (help lists all)\n");
	says("''", 1, "command : unknown; help lists all\n");
	says("pkmap", 1, "pkmap: a slot 0..511 was expected\n");
	says("pkmap 1", 0, "");
}

static void test_help(void **state)
{
	(void)state;
	says("help", 0,
	     "exit [status]                  leaves the monitor\n"
	     "help [command|parameter]       lists the commands, or explains one\n"
	     "note word...                   notes words\n"
	     "notes word...                  notes words, too\n"
	     "pkmap slot                     shows a slot\n"
	     "quit [status]                  leaves the monitor\n"
	     "set [name [value]]             shows or changes a parameter\n"
	     "show what                      shows\n"
	     "\nNumbers are typed as they are printed: addresses and words of memory in "
	     "hexadecimal,\ncounts in decimal.\n");
	says("help note", 0, "note word...\n  notes words\n");
	says("help sho", 0, "show what\n  shows\n");
	says("help fix", 0,
	     "parameter fix=none\n  strategy\n  valid: none|pin|irqoff\n  also by 'set'\n");
	/* Both a command and a parameter. */
	says("help pkmap", 0,
	     "pkmap slot\n  shows a slot\nparameter pkmap=512\n  slots of the pkmap window\n"
	     "  valid: power of two, 2..512\n  on the boot command line only\n");
	says("help shwo", 1, "help: command shwo: unknown; did you mean show? (help lists all)\n");
	says("help a b", 1, "help: one name expected: a command's or a parameter's\n");
}

static void test_set(void **state)
{
	(void)state;
	fix = 0;
	seed = 1;
	says("set", 0,
	     "fix            none         none|pin|irqoff\n"
	     "seed           1            0..1000\n");
	says("set fix pin", 0, "");
	assert_int_equal(fix, 1);
	says("set fix=irqoff", 0, "");
	assert_int_equal(fix, 2);
	says("set fix", 0,
	     "parameter fix=irqoff\n  strategy\n  valid: none|pin|irqoff\n  also by 'set'\n");
	says("set fix pni", 1,
	     "set: parameter fix=pni: no such choice, did you mean pin?; valid: none|pin|irqoff\n");
	says("set seed 1001", 1, "set: parameter seed=1001: too large; valid: 0..1000\n");
	says("set sed 5", 1, "set: parameter sed=5: unknown; did you mean seed?\n");
	says("set sed", 1, "set: parameter sed: unknown; did you mean seed?\n");
	says("set seed ''", 1, "set: parameter seed=: no value after '='; valid: 0..1000\n");
	says("set seed=4 5", 1, "set: parameter seed=4=5: more than one '='; valid: 0..1000\n");
	says("set pkmap 8", 1,
	     "set: parameter pkmap=8: can be set on the boot command line only; valid: power of "
	     "two, 2..512\n");
	says("set seed 1 2", 1,
	     "set: a name and one value expected; put quotes round a value with spaces\n");
	assert_int_equal(fix, 2);
	assert_int_equal(seed, 1);
	assert_int_equal(slots, 512);
}

static void completes(const char *line, const char *words)
{
	char all[256] = "";
	size_t cursor = strlen(line), start = cursor;
	const char *word;

	while (start > 0 && line[start - 1] != ' ')
		start--;
	for (unsigned n = 0; (word = command_complete(line, start, cursor, n)) != NULL; n++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s ", word);
	assert_string_equal(all, words);
}

static void test_completion(void **state)
{
	(void)state;
	completes("", "exit help note notes pkmap quit set show ");
	completes("  no", "note notes ");
	completes("x", "");
	completes("set ", "fix seed ");
	completes("se   ", "fix seed ");
	completes("set fix ", "none pin irqoff ");
	completes("  set   fix   p", "none pin irqoff "); /* the editor takes those that fit */
	completes("set seed ", "");
	completes("set fix pin ", "");
	completes("help ", "exit help note notes pkmap quit set show fix pkmap seed ");
	completes("help x ", "");
	completes("show ", "");
	completes("elephant ", "");
	completes("pkmap ", "1: ");
	completes("pkmap x", "1: ");
	completes("pkmap one ", "2:one ");
	completes("pk one  two   th", "3:two ");
}

/* The loop. As on the board, printf is buffered and the console is not, and both go to the
 * same place. */
static int console;
static const char *keys;
static unsigned left_with;

static int get(void)
{
	return *keys ? (unsigned char)*keys++ : -1;
}

static void put(char c)
{
	assert_int_equal(write(console, &c, 1), 1);
}

static void leave(unsigned status)
{
	left_with = status + 1;
}

static unsigned monitor(const char *text)
{
	static const struct monitor_io io = {.get = get, .put = put, .leave = leave};
	unsigned status;

	keys = text;
	left_with = 0;
	FILE *file = tmpfile();

	assert_non_null(file);
	console = fileno(file);
	free(printed);
	printed = calloc(1, 4096);
	real_stdout = stdout;
	stdout = file;
	status = monitor_run(&io);
	stdout = real_stdout;
	assert_true(pread(console, printed, 4095, 0) > 0);
	fclose(file);
	assert_int_equal(left_with, status + 1);
	return status;
}

static void test_monitor(void **state)
{
	(void)state;
	assert_int_equal(monitor("note a\rshwo\rexit 7\rnote b\r"), 7);
	assert_string_equal(got, "[note][a]");
	assert_string_equal(printed, "murphy> note a\n"
				     "murphy> shwo\n"
				     "command shwo: unknown; did you mean show? (help lists all)\n"
				     "murphy> exit 7\n");
	assert_int_equal(monitor("set fix n\t\rquit\r"), 0);
	assert_int_equal(fix, 0);
	assert_string_equal(printed, "murphy> set fix none \nmurphy> quit\n");
	assert_int_equal(monitor("note end"), 0); /* the input ends: the last line still runs */
	assert_string_equal(got, "[note][end]");
	assert_int_equal(monitor("\x1b[A\x1b[A\x1b[A\r"), 0); /* history outlives the loop */

	static const char *const bad[] = {"exit 256\r",
					  "exit x\r",
					  "exit 1x\r",
					  "quit -1\r",
					  "exit ''\r",
					  "exit 1 2\r",
					  "exit 99999999999999999999\r"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		monitor(bad[i]);
		assert_non_null(strstr(printed, ": one exit status expected, 0..255 (none: 0)\n"));
	}
	assert_int_equal(monitor("exit 255\r"), 255);
}

/* Any line: never a crash, and a refusal is one line. */
static void test_random_lines(void **state)
{
	static const char *const pieces[] = {"note", "set", "help", "fix", "=",	   "\"",
					     "'",    " ",   " ",    "pin", "seed", "x",
					     "9",    "\t",  "#",    "s",   "\x9b", "pkmap"};

	(void)state;
	srand(host_seed());
	for (int i = 0; i < 20000; i++) {
		char line[256] = "";
		int n = rand() % 24;

		while (n--)
			strcat(line, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(pieces[0]))]);
		if (run(line) == 1)
			assert_true(printed_len > 1 &&
				    strchr(printed, '\n') == printed + printed_len - 1);
		assert_null(strstr(printed, "\x9b"));
		assert_true(fix <= 2 && seed <= 1000 && slots == 512);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),	cmocka_unit_test(test_length),
		cmocka_unit_test(test_names),	cmocka_unit_test(test_help),
		cmocka_unit_test(test_set),	cmocka_unit_test(test_completion),
		cmocka_unit_test(test_monitor), cmocka_unit_test(test_random_lines),
	};

	return cmocka_run_group_tests(tests, NULL, free_printed);
}
