/* SPDX-License-Identifier: MIT */
/* The line editor before a small terminal of 80 columns, which tells what a person sees. */
#ifndef TEST_LINEEDIT_H
#define TEST_LINEEDIT_H

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

static struct lineedit le;

/* The terminal. '\\b' stops at the left edge, as on most. */
static struct {
	char row[ROWS][COLUMNS + 1];
	size_t y, x, bells, bytes;
	const char *escape; /* what is still to come of a clear-screen */
} screen;

static inline void screen_put(char c)
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
static inline const char *row(size_t y)
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

static inline int input_get(void)
{
	if (input_left == 0)
		return -1;
	input_left--;
	return (unsigned char)*input++;
}

static inline int reset(void **state)
{
	(void)state;
	memset(&le, 0, sizeof(le));
	memset(&screen, 0, sizeof(screen));
	le.get = input_get;
	le.put = screen_put;
	input_left = 0;
	return 0;
}

static inline void type(const char *keys)
{
	input = keys;
	input_left = strlen(keys);
}

static inline void reads(const char *keys, const char *line)
{
	if (keys)
		type(keys);
	assert_int_equal(lineedit_read(&le, PROMPT), strlen(line));
	assert_string_equal(le.line, line);
}

static inline const char *complete(const char *line, size_t start, size_t cursor, unsigned n)
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

#endif
