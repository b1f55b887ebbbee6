/* SPDX-License-Identifier: MIT */
/* The line editor: keys, escape sequences, redrawing, history, completion. */
#include <stdio.h>
#include <string.h>

#include "monitor/lineedit.h"

#define CTRL(c)	   ((c)&0x1f)
#define BELL	   CTRL('G')
#define ESC	   0x1b
#define DEL	   0x7f
#define KEY_DELETE 0x100 /* no byte: Ctrl-D does the same, but can also mean the end */

static void put_text(struct lineedit *le, const char *text)
{
	while (*text)
		le->put(*text++);
}

static void move_to(struct lineedit *le, size_t column)
{
	for (; le->column > column; le->column--)
		le->put('\b');
	for (; le->column < column; le->column++)
		le->put(le->line[le->view + le->column]);
}

/* Brings the screen up to date after a change of line[from..] or of the cursor. What stands
 * before `from` must still be as it was drawn. */
static void redraw(struct lineedit *le, size_t from)
{
	size_t end, shown;

	if (le->cursor < le->view || le->cursor - le->view > le->width) {
		/* Half a window at once, so that a paste costs a few bytes a letter. */
		le->view = le->cursor > le->width / 2 ? le->cursor - le->width / 2 : 0;
		from = le->view;
	}
	if (from < le->view)
		from = le->view;
	end = le->len < le->view + le->width ? le->len : le->view + le->width;
	shown = end - le->view;
	if (from < end || shown < le->shown) {
		move_to(le, from - le->view);
		for (; le->column < shown; le->column++)
			le->put(le->line[le->view + le->column]);
		for (; le->column < le->shown; le->column++)
			le->put(' ');
	}
	le->shown = shown;
	move_to(le, le->cursor - le->view);
}

/* Prompt and line anew, on a screen line that is empty. */
static void redraw_all(struct lineedit *le)
{
	put_text(le, le->prompt);
	le->view = le->shown = le->column = 0;
	redraw(le, 0);
}

static void insert(struct lineedit *le, char c)
{
	if (le->len == LINEEDIT_MAX) {
		le->dropped++;
		le->put(BELL);
		return;
	}
	memmove(le->line + le->cursor + 1, le->line + le->cursor, le->len - le->cursor + 1);
	le->line[le->cursor++] = c;
	le->len++;
	redraw(le, le->cursor - 1);
}

/* Takes out the letters from..to; the cursor ends at from. */
static void cut(struct lineedit *le, size_t from, size_t to)
{
	memmove(le->line + from, le->line + to, le->len - to + 1);
	le->len -= to - from;
	le->cursor = from;
	if (le->len == 0)
		le->dropped = 0; /* wiped on purpose, so nothing is missing any more */
	redraw(le, from);
}

static void move_cursor(struct lineedit *le, size_t to)
{
	le->cursor = to;
	redraw(le, le->len);
}

static void replace(struct lineedit *le, const char *text)
{
	snprintf(le->line, sizeof(le->line), "%s", text);
	le->len = le->cursor = strlen(le->line);
	redraw(le, 0);
}

static void walk_history(struct lineedit *le, int step)
{
	unsigned kept = le->lines < LINEEDIT_HISTORY ? le->lines : LINEEDIT_HISTORY;

	if (step > 0 ? le->back == kept : le->back == 0) {
		le->put(BELL);
		return;
	}
	if (le->back == 0)
		memcpy(le->fresh, le->line, sizeof(le->fresh));
	le->back += step;
	replace(le, le->back ? le->history[(le->lines - le->back) % LINEEDIT_HISTORY] : le->fresh);
}

static void remember(struct lineedit *le)
{
	if (strspn(le->line, " ") == le->len)
		return;
	if (le->lines && strcmp(le->history[(le->lines - 1) % LINEEDIT_HISTORY], le->line) == 0)
		return;
	memcpy(le->history[le->lines % LINEEDIT_HISTORY], le->line, sizeof(le->line));
	le->lines++;
}

static size_t word_start(const struct lineedit *le)
{
	size_t start = le->cursor;

	while (start > 0 && le->line[start - 1] == ' ')
		start--;
	while (start > 0 && le->line[start - 1] != ' ')
		start--;
	return start;
}

static void list_candidates(struct lineedit *le, size_t start, size_t typed)
{
	const char *word;

	put_text(le, "\n");
	for (unsigned n = 0; (word = le->complete(le->line, start, le->cursor, n)) != NULL; n++) {
		if (strncmp(word, le->line + start, typed) != 0)
			continue;
		put_text(le, word);
		put_text(le, "  ");
	}
	put_text(le, "\n");
	redraw_all(le);
}

static void complete(struct lineedit *le)
{
	size_t start = le->cursor, typed, common = 0;
	char text[LINEEDIT_MAX + 2] = "";
	unsigned found = 0;
	const char *word;

	while (start > 0 && le->line[start - 1] != ' ')
		start--;
	typed = le->cursor - start;
	for (unsigned n = 0; le->complete; n++) {
		word = le->complete(le->line, start, le->cursor, n);
		if (!word)
			break;
		if (strncmp(word, le->line + start, typed) != 0)
			continue;
		if (found++ == 0) {
			snprintf(text, LINEEDIT_MAX + 1, "%s", word);
			common = strlen(text);
		}
		for (size_t i = typed; i < common; i++)
			if (word[i] != text[i])
				common = i;
	}
	text[common] = '\0';
	if (found == 1 && (common == 0 || text[common - 1] != '='))
		strcpy(text + common, " ");
	if (found == 0)
		le->put(BELL);
	else if (strlen(text) > typed)
		for (const char *c = text + typed; *c; c++)
			insert(le, *c);
	else
		list_candidates(le, start, typed);
}

/* The key that the bytes after ESC stand for: a control character that does the same,
 * KEY_DELETE, or 0 for none. A control character inside ends a broken sequence and is
 * returned, because it was meant for itself (ESC, then Enter); so is the end of the input. */
static int escape(struct lineedit *le)
{
	int c = le->get(), number = 0;
	bool first = true;

	if (c == '[') {
		c = le->get();
		if (c == '[') /* the Linux console's function keys: ESC [ [ A */
			return le->get() < 0 ? -1 : 0;
		for (; c >= 0x20 && c < 0x40; c = le->get()) {
			first = first && c >= '0' && c <= '9' && number < 100;
			if (first) /* of "1;5" only the 1: the rest says Ctrl or Shift */
				number = number * 10 + c - '0';
		}
	} else if (c == 'O') {
		c = le->get();
	} else {
		return c < ' ' ? c : 0;
	}
	switch (c) {
	case 'A':
		return CTRL('P');
	case 'B':
		return CTRL('N');
	case 'C':
		return CTRL('F');
	case 'D':
		return CTRL('B');
	case 'H':
		return CTRL('A');
	case 'F':
		return CTRL('E');
	case '~':
		return number == 1 || number == 7   ? CTRL('A')
		       : number == 4 || number == 8 ? CTRL('E')
		       : number == 3		    ? KEY_DELETE
						    : 0;
	default:
		return c < ' ' ? c : 0;
	}
}

static void start_line(struct lineedit *le)
{
	le->line[0] = '\0';
	le->len = le->cursor = le->dropped = le->back = 0;
	redraw_all(le);
}

/* A control character other than line end, end of input and ESC, or another key. */
static void control(struct lineedit *le, int c)
{
	switch (c) {
	case CTRL('A'):
		move_cursor(le, 0);
		break;
	case CTRL('B'):
		if (le->cursor > 0)
			move_cursor(le, le->cursor - 1);
		break;
	case CTRL('C'):
		put_text(le, "^C\n");
		start_line(le);
		break;
	case CTRL('D'):
	case KEY_DELETE:
		if (le->cursor < le->len)
			cut(le, le->cursor, le->cursor + 1);
		break;
	case CTRL('E'):
		move_cursor(le, le->len);
		break;
	case CTRL('F'):
		if (le->cursor < le->len)
			move_cursor(le, le->cursor + 1);
		break;
	case CTRL('H'):
	case DEL:
		if (le->cursor > 0)
			cut(le, le->cursor - 1, le->cursor);
		break;
	case CTRL('I'):
		complete(le);
		break;
	case CTRL('K'):
		cut(le, le->cursor, le->len);
		break;
	case CTRL('L'):
		put_text(le, "\x1b[H\x1b[2J");
		redraw_all(le);
		break;
	case CTRL('N'):
		walk_history(le, -1);
		break;
	case CTRL('P'):
		walk_history(le, 1);
		break;
	case CTRL('U'):
		cut(le, 0, le->cursor);
		break;
	case CTRL('W'):
		cut(le, word_start(le), le->cursor);
		break;
	default: /* nothing to us, and it must not reach the terminal */
		if (c > DEL)
			le->put(BELL); /* a letter beyond ASCII is left out: not silently */
		break;
	}
}

int lineedit_read(struct lineedit *le, const char *prompt)
{
	size_t taken = strlen(prompt);

	le->prompt = prompt;
	le->width = taken + 20 < LINEEDIT_COLUMNS ? LINEEDIT_COLUMNS - taken : 20;
	start_line(le);
	for (;;) {
		int c = le->get();
		bool after_cr = le->after_cr;

		le->after_cr = false;
		while (c == ESC) {
			after_cr = false;
			c = escape(le);
		}
		if (c == '\n' && after_cr)
			continue;
		if (c < 0 || (c == CTRL('D') && le->len == 0)) {
			/* A last line without an end, from a pipe, still counts. */
			put_text(le, "\n");
			if (le->len == 0 && le->dropped == 0)
				return LINEEDIT_EOF;
		} else if (c == '\r' || c == '\n') {
			le->after_cr = c == '\r';
			move_cursor(le, le->len);
			put_text(le, "\n");
		} else if (c >= ' ' && c < DEL) {
			insert(le, (char)c);
			continue;
		} else {
			control(le, c);
			continue;
		}
		if (le->dropped == 0) {
			remember(le);
			return (int)le->len;
		}
		char text[96];

		snprintf(text, sizeof(text),
			 "line not run: it is %u letters too long; a line has at most %u\n",
			 (unsigned)le->dropped, LINEEDIT_MAX);
		put_text(le, text);
		start_line(le);
	}
}
