/* SPDX-License-Identifier: MIT */
/* A line editor for a serial console, over callbacks: history, completion, no terminal type.
 *
 * It moves the cursor by '\b' and by printing what is there, so any terminal will do, and a
 * plain pipe too. Lines wider than the screen scroll sideways in a window of
 * LINEEDIT_COLUMNS, because '\b' does not climb from one screen line to the one above. */
#ifndef MONITOR_LINEEDIT_H
#define MONITOR_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>

#define LINEEDIT_MAX	 200u /* letters in a line */
#define LINEEDIT_HISTORY 16u  /* lines remembered */
#define LINEEDIT_COLUMNS                                                  \
	79u /* prompt and text: one less than a terminal has, so that the \
	     * cursor behind the last letter does not wrap */
#define LINEEDIT_EOF (-1)

/* The nth (from 0) completion of the word line[start..cursor), as a whole word in place of
 * that one; NULL after the last. Words that do not begin with what is typed are ignored. The
 * text need stay valid only until the next call. A space is added behind a single candidate
 * unless it ends in '='. */
typedef const char *(*lineedit_complete_fn)(const char *line, size_t start, size_t cursor,
					    unsigned n);

struct lineedit {
	/* Set by the caller; the rest starts as zeroes. */
	int (*get)(void); /* one byte 0..255; may block; negative: the input has ended */
	/* One character out; '\n' must come out as a line end, as it does for printf. */
	void (*put)(char c);
	lineedit_complete_fn complete; /* or NULL */

	const char *prompt;
	char line[LINEEDIT_MAX + 1];
	size_t len, cursor;
	size_t width;	/* letters that fit beside the prompt */
	size_t view;	/* index of the first letter on the screen */
	size_t shown;	/* letters on the screen */
	size_t column;	/* where the terminal's cursor is, from view on */
	size_t dropped; /* letters that did not fit into the line */
	bool after_cr;	/* a '\n' that comes now belongs to that '\r' */
	char history[LINEEDIT_HISTORY][LINEEDIT_MAX + 1]; /* a ring */
	unsigned lines;					  /* entered into the ring so far */
	unsigned back;		      /* lines gone back by cursor-up; 0: the new line */
	char fresh[LINEEDIT_MAX + 1]; /* the new line, while an old one is looked at */
};

/* Shows prompt and lets the user edit one line, ended by CR, LF or CR LF. Returns its length;
 * the text is in le->line. LINEEDIT_EOF: Ctrl-D on an empty line, or the input has ended.
 * A line that was typed longer than LINEEDIT_MAX is refused with a message and asked for
 * again. Context: a task; sleeps if get() does; one task per editor. */
int lineedit_read(struct lineedit *le, const char *prompt);

#endif
