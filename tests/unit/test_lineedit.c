/* SPDX-License-Identifier: MIT */
/* The line editor before a small terminal of 80 columns, which tells what a person sees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "monitor/lineedit.h"

#define PROMPT	"> "
#define COLUMNS 80
#define ROWS	400
#define UP	"\x1b[A"
#define DOWN	"\x1b[B"
#define RIGHT	"\x1b[C"
#define LEFT	"\x1b[D"
#define DELETE	"\x1b[3~"
#define CTRL(c) ((char)((c)&0x1f))

static struct lineedit le;

/* The terminal. '\\b' stops at the left edge, as on most. */
static struct {
	char row[ROWS][COLUMNS + 1];
	size_t y, x, bells, bytes;
	const char *escape; /* what is still to come of a clear-screen */
} screen;

static void screen_put(char c)
{
	static const char *const clear = "\x1b[H\x1b[2J";

	screen.bytes++;
	if (screen.escape || c == '\x1b') {
		if (!screen.escape)
			screen.escape = clear;
		assert_int_equal(c, *screen.escape++);
		if (*screen.escape == '\0') {
			memset(screen.row, 0, sizeof(screen.row));
			screen.y = screen.x = 0;
			screen.escape = NULL;
		}
		return;
	}
	switch (c) {
	case '\n':
		screen.x = 0;
		screen.y++;
		assert_true(screen.y < ROWS);
		break;
	case '\b':
		assert_true(screen.x > 0);
		screen.x--;
		break;
	case '\a':
		screen.bells++;
		break;
	default: /* control rubbish must never arrive here */
		assert_true(c >= ' ' && c < 0x7f);
		assert_true(screen.x < COLUMNS);
		screen.row[screen.y][screen.x++] = c;
		if (screen.x == COLUMNS) /* wraps: the editor must not count on getting back */
			screen_put('\n');
	}
}

/* A row as it is seen: never written is blank, and blanks at the end do not show. */
static const char *row(size_t y)
{
	static char text[COLUMNS + 1];
	size_t n = 0;

	for (size_t i = 0; i < COLUMNS; i++) {
		text[i] = screen.row[y][i] ? screen.row[y][i] : ' ';
		if (text[i] != ' ')
			n = i + 1;
	}
	text[n] = '\0';
	return text;
}

static const char *input;
static size_t input_left;

static int input_get(void)
{
	if (input_left == 0)
		return -1;
	input_left--;
	return (unsigned char)*input++;
}

static int reset(void **state)
{
	(void)state;
	memset(&le, 0, sizeof(le));
	memset(&screen, 0, sizeof(screen));
	le.get = input_get;
	le.put = screen_put;
	input_left = 0;
	return 0;
}

static void type(const char *keys)
{
	input = keys;
	input_left = strlen(keys);
}

static void reads(const char *keys, const char *line)
{
	if (keys)
		type(keys);
	assert_int_equal(lineedit_read(&le, PROMPT), strlen(line));
	assert_string_equal(le.line, line);
}

static void test_typing(void **state)
{
	(void)state;
	reads("help me\r", "help me");
	assert_string_equal(row(0), "> help me");
	assert_int_equal(screen.x, 0); /* the command's output starts on a new line */
	assert_int_equal(screen.y, 1);
	/* In a pipe the echo is the line and nothing else. */
	assert_int_equal(screen.bytes, strlen("> help me\n"));
	reads("\r", "");
}

static void test_editing(void **state)
{
	(void)state;
	reads("wrld" LEFT LEFT LEFT "o\r", "world");
	assert_string_equal(row(0), "> world");
	reads("abc\b\x7f\x7f\x7fxy\r", "xy");
	reads("abcd" LEFT LEFT "\b\r", "acd");
	assert_string_equal(row(2), "> acd");
	reads("abcd" LEFT LEFT DELETE DELETE DELETE "\r", "ab");
	assert_string_equal(row(3), "> ab");
	reads("abcd\x1b[1~1\x1b[4~2\x1b[H3\x1b[F4\x1bOH5\x1bOF6\x1b[7~7\x1b[8~8\r", "7531abcd2468");
	reads("abc\x01x\x05y\x02z\x06!\r", "xabczy!");
	reads("one two three\x17\x17"
	      "2\r",
	      "one 2");
	reads("one two\x01\x06\x06\x06\x0b\r", "one");
	reads("one two" LEFT LEFT LEFT "\x15\r", "two");
	assert_string_equal(row(screen.y - 1), "> two");
	reads("ab" LEFT "\x04\x04\r", "a"); /* Ctrl-D at the end does nothing */
}

static void test_clear_screen(void **state)
{
	(void)state;
	reads("one\r", "one");
	reads("two" LEFT "\x0c"
	      "x\r",
	      "twxo");
	assert_string_equal(row(0), "> twxo");
	assert_int_equal(screen.y, 1);
}

static void test_cancel(void **state)
{
	(void)state;
	reads("bad line\x03good\r", "good");
	assert_string_equal(row(0), "> bad line^C");
	assert_string_equal(row(1), "> good");
	reads(UP UP "\r", "good"); /* what was cancelled is not remembered */
}

static void test_line_ends(void **state)
{
	(void)state;
	type("a\rb\nc\r\nd\r\n\r\n\n\re\r\x1b\n");
	reads(NULL, "a");
	reads(NULL, "b");
	reads(NULL, "c");
	reads(NULL, "d");
	reads(NULL, "");
	reads(NULL, "");
	reads(NULL, "");
	reads(NULL, "e");
	reads(NULL, ""); /* a key came between: this '\n' is a line of its own */
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_EOF);
}

static void test_end_of_input(void **state)
{
	(void)state;
	reads("no line end", "no line end");
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_EOF);
	type("\x04");
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_EOF);
	type("a\b\x04");
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_EOF);
	type(DELETE "\x1b[");
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_EOF); /* not by the Delete key */
	assert_int_equal(input_left, 0);
}

static void test_rubbish(void **state)
{
	static const char zero[] = {'a', 0, 'b', '\r'};

	(void)state;
	reads("a\x02\x06\x07\x0e\x0f\x10\x11\x12\x13\x14\x16\x18\x19\x1a\x1c\x1d\x1e\x1f"
	      "b\r",
	      "ab");
	input = zero;
	input_left = sizeof(zero);
	reads(NULL, "ab");
	reads("a\x1b[12;34;56Xb\x1b[99~c\x1b[[Ad\x1bxe\x1b[200~f\x1b[1;5D\r", "abcdef");
	screen.bells = 0;
	reads("a\xc3\xa4"
	      "b\r",
	      "ab"); /* beyond ASCII: left out, but not silently */
	assert_int_equal(screen.bells, 2);
	/* A control character ends a broken sequence and counts itself. */
	reads("a\x1b\r", "a");
	reads("b\x1b[\r", "b");
	reads("c\x1b[12\r", "c");
	reads("d\x1bO\r", "d");
	reads("ef\x1b\x1b[Dg\r", "egf");
	reads("h\x1b[3\x15i\r", "i");
}

static void test_history(void **state)
{
	char line[32];

	(void)state;
	reads("first\r", "first");
	reads("second\r", "second");
	reads("second\r", "second"); /* remembered once */
	reads("   \r", "   ");	     /* not at all */
	reads(UP UP "\r", "first");
	reads(UP UP UP UP UP UP "!\r", "first!");
	reads("new" UP UP DOWN DOWN " line\r", "new line"); /* the unfinished line comes back */
	reads("\x10\x10\x10\x0e?\r", "first!?");
	/* A long line in place of a short one and back leaves nothing on the screen. */
	reads("x" UP DOWN "\r", "x");
	assert_string_equal(row(screen.y - 1), "> x");
	for (int i = 0; i < 100; i++) {
		snprintf(line, sizeof(line), "line %d\r", i);
		type(line);
		assert_true(lineedit_read(&le, PROMPT) > 0);
	}
	screen.bells = 0;
	reads(UP UP UP UP UP UP UP UP UP UP UP UP UP UP UP UP "\r",
	      "line 84"); /* the oldest of 16 */
	assert_int_equal(screen.bells, 0);
	reads(UP UP UP UP UP UP UP UP UP UP UP UP UP UP UP UP UP "\r", "line 85");
	assert_int_equal(screen.bells, 1);
	reads(DOWN "a\r", "a");
	assert_int_equal(screen.bells, 2);
}

static void test_too_long(void **state)
{
	char keys[1000];

	(void)state;
	memset(keys, 'x', sizeof(keys));
	memcpy(keys + LINEEDIT_MAX, "\r", 2);
	type(keys);
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_MAX);
	assert_int_equal(screen.bells, 0);
	assert_true(screen.bytes < 6 * LINEEDIT_MAX); /* a paste at line speed must keep up */

	memset(keys, 'y', sizeof(keys));
	memcpy(keys + LINEEDIT_MAX + 57, "\rnext\r", 7);
	screen.y = screen.x = 0;
	memset(screen.row, 0, sizeof(screen.row));
	type(keys);
	assert_int_equal(lineedit_read(&le, PROMPT), 4);
	assert_string_equal(le.line, "next");
	assert_int_equal(screen.bells, 57);
	assert_string_equal(row(1),
			    "line not run: it is 57 letters too long; a line has at most 200");
	assert_string_equal(row(2), "> next");
	type(UP UP "\b\r"); /* the line that did fit is still in the history */
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_MAX - 1);
	assert_int_equal(strspn(le.line, "x"), LINEEDIT_MAX - 1);

	/* Taking letters away again does not bring the lost ones back; wiping the line does away
	 * with the trouble. */
	memset(keys, 'z', sizeof(keys));
	memcpy(keys + LINEEDIT_MAX + 1, "\b\b\rok\r", 7);
	reads(keys, "ok");
	memset(keys, 'z', sizeof(keys));
	memcpy(keys + LINEEDIT_MAX + 1, "\x15ok2\r", 6);
	reads(keys, "ok2");
	/* The input ends in the middle of such a line. */
	memset(keys, 'z', sizeof(keys));
	keys[LINEEDIT_MAX + 1] = '\0';
	type(keys);
	assert_int_equal(lineedit_read(&le, PROMPT), LINEEDIT_EOF);
}

static const char *complete(const char *line, size_t start, size_t cursor, unsigned n)
{
	static const char *const words[] = {"set", "show", "shout", "fix=", "unrelated"};
	static char copy[16]; /* valid until the next call only, as promised */

	(void)line;
	assert_true(start <= cursor);
	memset(copy, '#', sizeof(copy));
	if (n >= 5)
		return NULL;
	snprintf(copy, sizeof(copy), "%s", words[n]);
	return copy;
}

static void test_completion(void **state)
{
	(void)state;
	le.complete = complete;
	reads("se\tx\r", "set x");
	reads("f\tpin\r", "fix=pin");
	reads("set u\t\r", "set unrelated ");
	screen.bells = 0;
	reads("sh\tw\t!\r", "show !"); /* "sho", then "show " */
	reads("q\t\r", "q");
	assert_int_equal(screen.bells, 1);
	/* Nothing to add: the candidates are listed and the line comes again. */
	screen.y = screen.x = 0;
	memset(screen.row, 0, sizeof(screen.row));
	reads("a sho b\x1b[D\x1b[D\t!\r", "a sho! b");
	assert_string_equal(row(1), "show  shout");
	assert_string_equal(row(2), "> a sho! b");
	le.complete = NULL;
	reads("se\t\r", "se");
}

/* Random keys on a line of up to 200 letters against the plainest possible model; after each
 * of them the terminal shows the right part of the line, with the cursor in its place. */
static struct {
	char line[LINEEDIT_MAX + 2];
	size_t len, cursor;
	unsigned keys;
	const char *pending;
} model;

static void check_screen(void)
{
	char want[COLUMNS + 1];
	size_t shown = model.len - le.view;

	assert_int_equal(le.len, model.len);
	assert_int_equal(le.cursor, model.cursor);
	assert_memory_equal(le.line, model.line, model.len);
	if (shown > LINEEDIT_COLUMNS - strlen(PROMPT))
		shown = LINEEDIT_COLUMNS - strlen(PROMPT);
	snprintf(want, sizeof(want), PROMPT "%.*s", (int)shown, model.line + le.view);
	for (size_t n = strlen(want); n > 0 && want[n - 1] == ' '; n--)
		want[n - 1] = '\0';
	assert_string_equal(row(0), want);
	assert_int_equal(screen.x, strlen(PROMPT) + model.cursor - le.view);
}

static void model_insert(char c)
{
	memmove(model.line + model.cursor + 1, model.line + model.cursor, model.len - model.cursor);
	model.line[model.cursor++] = c;
	model.len++;
}

static void model_cut(size_t from, size_t to)
{
	memmove(model.line + from, model.line + to, model.len - to);
	model.len -= to - from;
	model.cursor = from;
}

static void seed_random(void)
{
	const char *given = getenv("SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 0) : 20u;

	print_message("seed %u\n", seed);
	srand(seed);
}

static int random_get(void)
{
	size_t word = model.cursor;
	char c;

	if (model.pending && *model.pending)
		return (unsigned char)*model.pending++;
	check_screen();
	if (model.keys-- == 0)
		return '\r';
	switch (rand() % 32) {
	case 0:
		model.cursor -= model.cursor > 0;
		model.pending = &LEFT[1];
		return LEFT[0];
	case 1:
		model.cursor += model.cursor < model.len;
		model.pending = &RIGHT[1];
		return RIGHT[0];
	case 2:
	case 3:
		if (model.cursor > 0)
			model_cut(model.cursor - 1, model.cursor);
		return rand() % 2 ? '\b' : 0x7f;
	case 4:
		if (model.cursor < model.len)
			model_cut(model.cursor, model.cursor + 1);
		model.pending = &DELETE[1];
		return DELETE[0];
	case 5:
		model.cursor = 0;
		return CTRL('A');
	case 6:
		model.cursor = model.len;
		return CTRL('E');
	case 7:
		if (rand() % 8)
			return 0;
		model_cut(model.cursor, model.len);
		return CTRL('K');
	case 8:
		if (rand() % 16)
			return 0;
		model_cut(0, model.cursor);
		return CTRL('U');
	case 9:
		while (word > 0 && model.line[word - 1] == ' ')
			word--;
		while (word > 0 && model.line[word - 1] != ' ')
			word--;
		model_cut(word, model.cursor);
		return CTRL('W');
	case 10:
		return CTRL('L');
	default:
		if (model.len == LINEEDIT_MAX)
			return 0;
		c = rand() % 6 ? (char)('a' + rand() % 26) : ' ';
		model_insert(c);
		return c;
	}
}

static void test_random_keys(void **state)
{
	size_t longest = 0;

	(void)state;
	seed_random();
	le.get = random_get;
	for (int run = 0; run < 300; run++) {
		memset(&model, 0, sizeof(model));
		memset(&screen, 0, sizeof(screen));
		model.keys = (unsigned)rand() % 1000;
		int len = lineedit_read(&le, PROMPT);

		assert_int_equal(len, model.len);
		assert_memory_equal(le.line, model.line, model.len);
		longest = model.len > longest ? model.len : longest;
	}
	assert_true(longest > LINEEDIT_COLUMNS); /* or the sideways scroll was never seen */
}

/* Any bytes at all: the terminal above refuses what a terminal should not be sent. */
static void test_random_bytes(void **state)
{
	static char bytes[3000];

	(void)state;
	seed_random();
	le.complete = complete;
	for (int run = 0; run < 300; run++) {
		int len;

		memset(&screen, 0, sizeof(screen));
		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = rand() % 3	? (char)(' ' + rand() % 95)
				   : rand() % 3 ? (char)(rand() % 32)
						: (char)rand();
		input = bytes;
		input_left = sizeof(bytes);
		while ((len = lineedit_read(&le, PROMPT)) != LINEEDIT_EOF || input_left) {
			assert_true(len <= (int)LINEEDIT_MAX);
			screen.y = 0;
			memset(screen.row, 0, sizeof(screen.row));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_typing, reset),
		cmocka_unit_test_setup(test_editing, reset),
		cmocka_unit_test_setup(test_clear_screen, reset),
		cmocka_unit_test_setup(test_cancel, reset),
		cmocka_unit_test_setup(test_line_ends, reset),
		cmocka_unit_test_setup(test_end_of_input, reset),
		cmocka_unit_test_setup(test_rubbish, reset),
		cmocka_unit_test_setup(test_history, reset),
		cmocka_unit_test_setup(test_too_long, reset),
		cmocka_unit_test_setup(test_completion, reset),
		cmocka_unit_test_setup(test_random_keys, reset),
		cmocka_unit_test_setup(test_random_bytes, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
