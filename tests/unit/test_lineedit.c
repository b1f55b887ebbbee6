/* SPDX-License-Identifier: MIT */
/* The line editor: editing keys, line ends, history, completion, and what does not fit. */
#include "test_lineedit.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
