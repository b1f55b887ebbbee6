/* SPDX-License-Identifier: MIT */
/* Rows of a table whose texts are wider than their columns. */
#include "lib/columns.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* How many letters of text make the next line. */
static size_t line_length(const char *text, size_t width)
{
	size_t n = strlen(text);

	if (n <= width)
		return n;
	for (n = width; n > 0; n--)
		if (text[n] == ' ' || strchr("|,/", text[n - 1]))
			return n;
	return width;
}

void columns_print(const struct column *columns, unsigned n)
{
	const char *rest[COLUMNS_MAX];
	bool more = true;

	for (unsigned i = 0; i < n; i++)
		rest[i] = columns[i].text;
	while (more) {
		size_t owed = 0; /* blanks, printed only when something follows */

		more = false;
		for (unsigned i = 0; i < n; i++) {
			size_t len = line_length(rest[i], columns[i].width);

			if (len)
				printf("%*s%.*s", (int)owed, "", (int)len, rest[i]);
			owed = (len ? 0 : owed) + columns[i].width - len + 1;
			rest[i] += len;
			rest[i] += strspn(rest[i], " ");
			more |= *rest[i];
		}
		printf("\n");
	}
}
