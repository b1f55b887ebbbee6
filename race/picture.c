/* SPDX-License-Identifier: MIT */
/* A page's 128 lines, and a sweep's 129 positions, as pictures for people. */
#include "race/picture.h"

#include <stdio.h>

#include "lib/params.h"

#define PER_ROW	  32
#define STRIP_ROW 64

static uint32_t colour;
static const char *const off_on[] = {"off", "on", NULL};
PARAM_ENUM(color, PARAM_ANY, colour, off_on, "colours in pictures, tables and timelines");

bool picture_colour(void)
{
	return colour;
}

static void page_picture(const struct ghost_check *check, const char *good, const char *bad)
{
	for (uint32_t line = 0; line < LINES_PER_PAGE; line++) {
		bool is_bad = check->bad[line];

		if (line % PER_ROW == 0)
			printf("    line %3lu  ", (unsigned long)line);
		if (colour)
			printf(is_bad ? "\033[1;31mX\033[0m" : "\033[32m#\033[0m");
		else
			printf(is_bad ? "X" : "#");
		if (line % PER_ROW == PER_ROW - 1)
			printf("\n");
	}
	printf("    # %s: %lu   X %s: %lu\n", good,
	       (unsigned long)(LINES_PER_PAGE - check->bad_lines), bad,
	       (unsigned long)check->bad_lines);
}

void picture_print(const struct race_outcome *out)
{
	printf("  Page Q, as the CPU reads it at %08lx (128 lines of 32 bytes):\n",
	       (unsigned long)out->cpu_va);
	page_picture(out->cpu_check, "kept", "lost");
	if (!out->stale_dma) {
		printf("  Page P, written by the device: all 128 lines are the device's\n");
		return;
	}
	printf("  Page P, written by the device:\n");
	page_picture(out->dma_check, "the device's data", "stale");
}

void strip_print(const enum verdict_status *status, uint32_t n)
{
	static const struct {
		char cell;
		const char *colour, *name;
	} look[] = {
		[VERDICT_OK] = {'.', "32", "ok"},
		[VERDICT_LOST] = {'X', "1;31", "lost"},
		[VERDICT_STALE] = {'S', "1;33", "stale"},
		[VERDICT_ERROR] = {'?', "1;31", "error"},
	};
	uint32_t seen[sizeof(look) / sizeof(look[0])] = {0};

	printf("  Interrupted before line\n");
	for (uint32_t i = 0; i < n; i++) {
		enum verdict_status s = status[i];

		if (i % STRIP_ROW == 0)
			printf("    %3lu  ", (unsigned long)i);
		if (colour)
			printf("\033[%sm%c\033[0m", look[s].colour, look[s].cell);
		else
			printf("%c", look[s].cell);
		seen[s]++;
		if (i % STRIP_ROW == STRIP_ROW - 1 || i == n - 1)
			printf("\n");
	}
	printf("  ");
	for (unsigned s = 0; s < sizeof(look) / sizeof(look[0]); s++)
		if (s <= VERDICT_STALE || seen[s])
			printf("  %c %s: %lu", look[s].cell, look[s].name, (unsigned long)seen[s]);
	printf("   (%lu is after the last line)\n", (unsigned long)(n - 1));
}
