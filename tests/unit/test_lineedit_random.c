/* SPDX-License-Identifier: MIT */
/* Random keys against the plainest possible model of a line, and random bytes. */
#include "host_seed.h"
#include "test_lineedit.h"

#define CTRL(c) ((char)((c)&0x1f))

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
	srand(host_seed());
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
	srand(host_seed());
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
		cmocka_unit_test_setup(test_random_keys, reset),
		cmocka_unit_test_setup(test_random_bytes, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
