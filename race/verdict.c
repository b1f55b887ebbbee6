/* SPDX-License-Identifier: MIT */
/* The one line that everything which judges prints. */
#include <stdio.h>

#include "race/verdict.h"

#include "boards/board_api.h"
#include "cache/machine.h"
#include "dma/fix.h"
#include "mm/pkmap.h"
#include "race/exhibit.h"

static const char *const names[] = {
	[VERDICT_OK] = "OK",
	[VERDICT_LOST] = "LOST",
	[VERDICT_STALE] = "STALE",
	[VERDICT_ERROR] = "ERROR",
};

void verdict_add(struct verdict *v, const struct race_outcome *out)
{
	v->runs++;
	v->bad += out->lost_lines || out->stale_dma;
	v->lost_lines += out->lost_lines;
	v->lost_bytes += out->lost_bytes;
	v->stale_dma += out->stale_dma;
	v->detected += out->detected;
	v->why |= out->why;
	v->preempted += out->preempted;
	v->saved_lines += out->saved_lines;
	v->witnessed = out->witnessed;
}

void verdict_expect_add(struct verdict *v, unsigned expect)
{
	static const enum verdict_status worse[] = {VERDICT_OK, VERDICT_STALE, VERDICT_LOST};
	unsigned sum = 0;

	for (unsigned a = 0; a < 3; a++)
		for (unsigned b = 0; b < 3; b++)
			if (v->expect & 1u << worse[a] && expect & 1u << worse[b])
				sum |= 1u << worse[a > b ? a : b];
	v->expect = v->expect ? sum : expect;
}

void verdict_clear(struct verdict *v)
{
	v->runs = v->bad = v->lost_lines = v->stale_dma = 0;
	v->lost_bytes = 0;
	v->detected = v->why = v->preempted = v->saved_lines = 0;
}

enum verdict_status verdict_status(const struct verdict *v)
{
	return v->lost_lines || v->other_lines ? VERDICT_LOST
	       : v->stale_dma		       ? VERDICT_STALE
					       : VERDICT_OK;
}

const char *verdict_status_name(enum verdict_status s)
{
	return names[s];
}

bool verdict_expected(const struct verdict *v)
{
	return v->expect & 1u << verdict_status(v) && !v->unexpected && !v->other_lines;
}

const char *verdict_truth(void)
{
	return machine_truth_name();
}

const char *verdict_cache(void)
{
	static char text[40];

	if (!machine.dcache_known)
		return "unknown";
	cm_config_print(&machine.dcache, text, sizeof(text));
	return text;
}

static void expect_text(unsigned expect, char *buf, size_t len)
{
	size_t n = 0;

	buf[0] = '\0';
	for (unsigned s = VERDICT_OK; s <= VERDICT_ERROR; s++)
		if (expect & 1u << s)
			n += snprintf(buf + n, len - n, "%s%s", n ? "|" : "", names[s]);
}

/* "-", or what destroyed data, joined by "+". */
static void why_text(unsigned why, char *buf, size_t len)
{
	static const char *const mechanisms[] = {"dirty-lines-discarded",
						 "old-lines-written-over-dma", "old-lines-hit",
						 "unexplained"};
	size_t n = 0;

	snprintf(buf, len, "-");
	for (unsigned i = 0; i < sizeof(mechanisms) / sizeof(mechanisms[0]); i++)
		if (why & 1u << i)
			n += snprintf(buf + n, len - n, "%s%s", n ? "+" : "", mechanisms[i]);
}

/* In two parts: the printf of a small C library need not know 64 bits. */
static void bytes_text(uint64_t n, char *buf, size_t len)
{
	const uint32_t part = 1000000000;

	if (n < part)
		snprintf(buf, len, "%lu", (unsigned long)n);
	else
		snprintf(buf, len, "%lu%09lu", (unsigned long)(n / part),
			 (unsigned long)(n % part));
}

void verdict_print(const struct verdict *v)
{
	char expect[24], why[80], bytes[24], saved[12] = "?";

	expect_text(v->expect, expect, sizeof(expect));
	bytes_text(v->lost_bytes, bytes, sizeof(bytes));
	if (v->witnessed) /* on a board nobody sees an eviction */
		snprintf(saved, sizeof(saved), "%lu", (unsigned long)v->saved_lines);
	why_text(v->why, why, sizeof(why));
	printf("verdict exhibit=%s board=%s cpu=%s cache=%s truth=%s fix=%s preempt=%s seed=%lu "
	       "runs=%lu bad=%lu lost_lines=%lu lost_bytes=%s stale_dma=%lu pkmap=%lu victim=%s "
	       "detected=%lu other_lines=%lu unexpected=%lu why=%s preempted=%lu expect=%s "
	       "saved_lines=%s status=%s\n",
	       v->exhibit, machine.board, machine.cpu, verdict_cache(), verdict_truth(),
	       dma_fix->name, v->preempt, (unsigned long)v->seed, (unsigned long)v->runs,
	       (unsigned long)v->bad, (unsigned long)v->lost_lines, bytes,
	       (unsigned long)v->stale_dma, (unsigned long)pkmap_slots, v->victim,
	       (unsigned long)v->detected, (unsigned long)v->other_lines,
	       (unsigned long)v->unexpected, why, (unsigned long)v->preempted, expect, saved,
	       names[verdict_status(v)]);
	board_verdict(verdict_status(v) == VERDICT_OK);
}
