/* SPDX-License-Identifier: MIT */
/* The ATAG list: what the loader tells an ARM kernel (r2 on entry) of memory and command
 * line. The list comes from outside, so it is not trusted: nothing beyond the stated limit
 * is read, and whatever is wrong is said in one sentence.
 * Source: Linux Documentation/arch/arm/booting.rst, section 4a. */
#ifndef BOOT_ATAGS_H
#define BOOT_ATAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATAGS_BANKS_MAX	  8u
#define ATAGS_CMDLINE_MAX 1024u /* letters, without the NUL */

enum atags_kind {
	ATAGS_ABSENT,	   /* r2 was 0 */
	ATAGS_LIST,	   /* there is a list, sound or not: see error */
	ATAGS_DEVICE_TREE, /* a device tree blob: not read */
	ATAGS_NONSENSE,	   /* r2 points to something else */
};

struct atags_bank {
	uint32_t start, size; /* bytes; page aligned, size > 0, start + size < 4 GiB */
};

struct atags {
	enum atags_kind kind;
	uint32_t nbanks;
	struct atags_bank banks[ATAGS_BANKS_MAX]; /* in the list's order; none overlap */
	char cmdline[ATAGS_CMDLINE_MAX + 1];	  /* "" if there is none */
	uint32_t skipped;			  /* tags of other kinds */
	/* The first thing that was wrong (static text), NULL if nothing. A bad bank or command
	 * line is left out and the rest still read; a broken list is read up to the break. */
	const char *error;
	uint32_t error_at; /* byte offset in the list of the tag concerned (missing: its place) */
	/* The last command line, taken or not, as far as it may be read: byte offset and bytes.
	 * cut: it goes on behind that. */
	uint32_t text_at, text_bytes;
	bool text_cut;
};

/* Reads the list at list, of which max bytes may be read. Returns true if all of it is sound;
 * false otherwise (also with no list or with a device tree), with out->error set and whatever
 * was sound before and after in *out.
 * Of several command lines the last counts. Context: any; no lock, no allocation. */
bool atags_parse(const void *list, size_t max, struct atags *out);

/* The last word of text that begins with start, however long and wrong the text is: for what must
 * be known even when the rest is refused. Copies it to word (at most len - 1 letters); false if
 * there is none. Context: any. */
bool atags_find_word(const char *text, size_t bytes, const char *start, char *word, size_t len);

#endif
