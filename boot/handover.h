/* SPDX-License-Identifier: MIT */
/* What the loader tells an ARM kernel (r2 on entry) of memory and command line: an ATAG list or
 * a device tree. Both come from outside, so neither is trusted: nothing beyond the stated limit
 * is read, and whatever is wrong is said in one sentence.
 * Source: Linux Documentation/arch/arm/booting.rst, section 4. */
#ifndef BOOT_HANDOVER_H
#define BOOT_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BANKS_MAX   8u
#define CMDLINE_MAX 1024u /* letters, without the NUL */

enum handover_kind {
	HANDOVER_ABSENT,      /* r2 was 0 */
	HANDOVER_ATAGS,	      /* a list, sound or not: see error */
	HANDOVER_DEVICE_TREE, /* a tree, sound or not */
	HANDOVER_NONSENSE,    /* r2 points to something else */
};

struct memory_bank {
	uint32_t start, size; /* bytes; page aligned, size > 0, start + size < 4 GiB */
};

struct handover {
	enum handover_kind kind;
	uint32_t nbanks;
	struct memory_bank banks[BANKS_MAX]; /* in the loader's order; none overlap */
	char cmdline[CMDLINE_MAX + 1];	     /* "" if there is none */
	uint32_t skipped;		     /* tags of other kinds, nodes that are not ours */
	/* The first thing that was wrong (static text), NULL if nothing. A bad bank or command
	 * line is left out and the rest still read; a broken structure is read up to the break. */
	const char *error;
	uint32_t error_at; /* byte offset of what is concerned (missing: of its place) */
	/* The command line, taken or not, as far as it may be read: byte offset and bytes. cut: it
	 * goes on behind that, or may stand behind the break. */
	uint32_t text_at, text_bytes;
	bool text_cut;
};

/* Reads what at points to, of which max bytes may be read. Returns true if all of it is sound;
 * false otherwise (also with at = NULL), with out->error set and whatever was sound before and
 * after in *out. Context: any; no lock, no allocation. */
bool handover_parse(const void *at, size_t max, struct handover *out);

/* The two readers behind it; at is a multiple of 4 and begins as theirs does, *out is cleared.
 * Of several command lines in a list the last counts; of a tree's, the first. */
void atags_read(const uint32_t *list, size_t words, struct handover *out);
void fdt_read(const void *tree, size_t max, struct handover *out);

/* For the readers. The first fault counts. */
void handover_fault(struct handover *out, uint32_t at, const char *sentence);
/* NULL, or what is wrong with the bank or the text, which is then left out. */
const char *handover_add_bank(struct handover *out, uint32_t start, uint32_t size);
const char *handover_set_cmdline(struct handover *out, const char *text, size_t max);

/* The last word of text that begins with start, however long and wrong the text is: for what must
 * be known even when the rest is refused. Copies it to word (at most len - 1 letters); false if
 * there is none. Context: any. */
bool handover_find_word(const char *text, size_t bytes, const char *start, char *word, size_t len);

#endif
