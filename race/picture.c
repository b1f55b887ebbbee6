/* SPDX-License-Identifier: MIT */
/* A page's 128 lines as a picture, for people. */
#include "race/picture.h"

#include <stdio.h>

#include "lib/params.h"

#define PER_ROW 32

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
	printf("  Page Q, written by the CPU at %08lx (128 lines of 32 bytes):\n",
	       (unsigned long)out->cpu_va);
	page_picture(out->cpu_check, "kept", "lost");
	if (!out->stale_dma) {
		printf("  Page P, written by the device: all 128 lines are the device's\n");
		return;
	}
	printf("  Page P, written by the device:\n");
	page_picture(out->dma_check, "the device's data", "stale");
}
