/* SPDX-License-Identifier: MIT */
/* Tables for people: each text stays in its column. */
#ifndef LIB_COLUMNS_H
#define LIB_COLUMNS_H

struct column {
	unsigned width; /* letters; a blank follows, except after the last column */
	const char *text;
};

/* Prints a row of n columns (COLUMNS_MAX at the most), as many lines as the longest text needs. A
 * text is broken at blanks and after '|', ',' and '/'; a word that is wider than its column is cut
 * in two. */
#define COLUMNS_MAX 4u
void columns_print(const struct column *columns, unsigned n);

#endif
