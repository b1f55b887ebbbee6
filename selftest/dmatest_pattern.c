/* SPDX-License-Identifier: MIT */
/* dmatest's oracle: what each byte of a buffer must be, and what a wrong byte means. */
#include "selftest/dmatest_pattern.h"

#include <string.h>

const char *const pattern_region_names[REGIONS] = {"before", "inside", "after"};
const char *const pattern_fault_names[FAULTS] = {"srcbuf overwritten", "dstbuf not copied",
						 "dstbuf was copied beyond", "dstbuf mismatch"};

static void fill(uint8_t *buf, uint32_t from, uint32_t to, uint32_t pos, uint8_t flags,
		 uint32_t salt)
{
	for (uint32_t i = from; i < to; i++)
		buf[i] = pattern_byte(flags, salt, pos++);
}

void pattern_fill(uint8_t *buf, const struct pattern_area *a, const struct pattern *p)
{
	fill(buf, 0, a->begin, a->pos - a->begin, p->outside, p->outside_salt);
	fill(buf, a->begin, a->end, a->pos, p->inside, p->inside_salt);
	fill(buf, a->end, a->bytes, a->pos + (a->end - a->begin), p->outside, p->outside_salt);
}

static enum pattern_region region_of(const struct pattern_area *a, uint32_t offset)
{
	return offset < a->begin ? REGION_BEFORE : offset < a->end ? REGION_INSIDE : REGION_AFTER;
}

static bool is_source_byte(const uint8_t *got, const struct pattern_area *a,
			   const struct pattern *src, uint32_t offset)
{
	uint32_t pos = a->pos + (offset - a->begin);

	return got[offset] == pattern_byte(src->outside, src->outside_salt, pos) ||
	       got[offset] == pattern_byte(src->inside, src->inside_salt, pos);
}

static enum pattern_fault judge(const uint8_t *got, const struct pattern_area *a,
				const struct pattern_history *h, uint32_t offset)
{
	uint32_t pos = a->pos + (offset - a->begin);
	uint32_t next_to = offset < a->begin ? a->begin - 1 : a->end;

	if (!h->before)
		return FAULT_SRC_OVERWRITTEN;
	if (region_of(a, offset) == REGION_INSIDE)
		return got[offset] == pattern_byte(h->before->inside, h->before->inside_salt, pos)
			       ? FAULT_NOT_COPIED
			       : FAULT_MISMATCH;
	/* A copy that went too far also wrote the byte next to its place. Old memory may look
	 * like the source by chance, one byte in 32, but seldom there as well. */
	return is_source_byte(got, a, h->src, offset) && is_source_byte(got, a, h->src, next_to)
		       ? FAULT_COPIED_BEYOND
		       : FAULT_MISMATCH;
}

bool pattern_find(const uint8_t *got, const uint8_t *want, const struct pattern_area *a,
		  const struct pattern_history *h, uint32_t from, struct pattern_finding *f)
{
	if (from >= a->bytes || memcmp(got + from, want + from, a->bytes - from) == 0)
		return false;
	while (got[from] == want[from])
		from++;
	*f = (struct pattern_finding){.fault = judge(got, a, h, from),
				      .region = region_of(a, from),
				      .offset = from,
				      .want = want[from],
				      .got = got[from]};
	while (from < a->bytes && got[from] != want[from] && region_of(a, from) == f->region &&
	       judge(got, a, h, from) == f->fault)
		from++;
	f->bytes = from - f->offset;
	return true;
}
