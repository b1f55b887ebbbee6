/* SPDX-License-Identifier: MIT */
/* dmatest's oracle: what each byte of a buffer must be, and what a wrong byte means.
 *
 * Each byte tells where it belongs: bit 7 source buffer, bit 6 to be copied, bit 5 to be
 * overwritten, low 5 bits the inverse of its index (the pattern of Linux's dmatest). The index
 * is the place in the transfer, so a byte and its copy have the same; a line number is added
 * to it, so that copies which are off by whole lines show; and a salt, new with each fill, so
 * that what memory held before is not taken for what it must hold now. */
#ifndef SELFTEST_DMATEST_PATTERN_H
#define SELFTEST_DMATEST_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#define PATTERN_SRC	  0x80u
#define PATTERN_COPY	  0x40u
#define PATTERN_OVERWRITE 0x20u
#define PATTERN_INDEX	  0x1Fu

/* pos: place in the transfer, from 0; "negative" (modulo 2^32) before it. */
static inline uint8_t pattern_byte(uint8_t flags, uint32_t salt, uint32_t pos)
{
	return flags | (~(pos + (pos >> 5) + salt) & PATTERN_INDEX);
}

/* What a buffer holds, as a rule. */
struct pattern {
	uint8_t outside, inside; /* flags */
	uint32_t outside_salt, inside_salt;
};

/* A stretch of memory of which [begin, end) takes part in the transfer. */
struct pattern_area {
	uint32_t bytes;	     /* in all */
	uint32_t begin, end; /* offsets in it */
	uint32_t pos;	     /* of the byte at begin */
};

void pattern_fill(uint8_t *buf, const struct pattern_area *a, const struct pattern *p);

enum pattern_region { REGION_BEFORE, REGION_INSIDE, REGION_AFTER, REGIONS };

enum pattern_fault {
	FAULT_SRC_OVERWRITTEN, /* anything wrong in the source */
	FAULT_NOT_COPIED,      /* inside: still what was there before the transfer */
	FAULT_COPIED_BEYOND,   /* outside: the source's bytes, on from the transfer's edge */
	FAULT_MISMATCH,	       /* anything else: data of another time or place */
	FAULTS,
};

extern const char *const pattern_region_names[REGIONS];
extern const char *const pattern_fault_names[FAULTS];

/* Neighbouring wrong bytes of one kind. */
struct pattern_finding {
	enum pattern_fault fault;
	enum pattern_region region;
	uint32_t offset, bytes;
	uint8_t want, got; /* of the first */
};

/* What a destination is judged by; before == NULL: the buffer is a source. */
struct pattern_history {
	const struct pattern *before; /* the destination's contents before the transfer */
	const struct pattern *src;    /* the source's */
};

/* The first finding at or after offset from; false if there is none. want: as pattern_fill()
 * makes it. */
bool pattern_find(const uint8_t *got, const uint8_t *want, const struct pattern_area *a,
		  const struct pattern_history *h, uint32_t from, struct pattern_finding *f);

#endif
