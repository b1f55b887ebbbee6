/* SPDX-License-Identifier: MIT */
/* A bounded, distrustful reader of the ATAG list. */
#include <string.h>

#include "boot/atags.h"

#define ATAG_NONE    0x00000000u
#define ATAG_CORE    0x54410001u
#define ATAG_MEM     0x54410002u
#define ATAG_CMDLINE 0x54410009u

#define HEADER_WORDS 2u		 /* size in words (these two included), then the tag */
#define DTB_MAGIC_LE 0xedfe0dd0u /* 0xd00dfeed is big-endian in memory */
#define PAGE_MASK    0xfffu

static void fault(struct atags *out, size_t word, const char *sentence)
{
	if (out->error)
		return;
	out->error = sentence;
	out->error_at = (uint32_t)(word * sizeof(uint32_t));
}

static const char *add_bank(struct atags *out, uint32_t size, uint32_t start)
{
	if (size == 0)
		return NULL; /* an empty bank: loaders pass one for each socket of the board */
	if ((size | start) & PAGE_MASK)
		return "a memory bank is not page aligned; start and size must be multiples of "
		       "4096";
	/* Page aligned, so an end of exactly 4 GiB wraps to 0: refused too, or each user of
	 * start + size would have to think of it. */
	if (start + size < start)
		return "a memory bank runs past the 32-bit address space; start + size must stay "
		       "below 4 GiB";
	for (uint32_t i = 0; i < out->nbanks; i++) {
		const struct atags_bank *b = &out->banks[i];

		if (start < b->start + b->size && b->start < start + size)
			return "a memory bank overlaps an earlier one; banks must be separate";
	}
	if (out->nbanks == ATAGS_BANKS_MAX)
		return "there are more than 8 memory banks; the further ones are not used";
	out->banks[out->nbanks++] = (struct atags_bank){.start = start, .size = size};
	return NULL;
}

static const char *set_cmdline(struct atags *out, const char *text, size_t max)
{
	const char *end = memchr(text, '\0', max);

	/* Cut short it could mean something else than was typed: better none at all. */
	out->cmdline[0] = '\0';
	if (!end)
		return "the command line has no NUL inside its tag; the loader must end it";
	if ((size_t)(end - text) > ATAGS_CMDLINE_MAX)
		return "the command line is longer than 1024 letters; shorten it";
	memcpy(out->cmdline, text, (size_t)(end - text) + 1);
	return NULL;
}

/* One tag of size words at tag, wholly inside the limit. NULL, or what is wrong with it. */
static const char *read_tag(struct atags *out, const uint32_t *tag, uint32_t size)
{
	switch (tag[1]) {
	case ATAG_CORE:
		return NULL;
	case ATAG_MEM:
		if (size < HEADER_WORDS + 2)
			return "an ATAG_MEM is too short; it needs 4 words";
		return add_bank(out, tag[2], tag[3]);
	case ATAG_CMDLINE:
		return set_cmdline(out, (const char *)(tag + HEADER_WORDS),
				   (size - HEADER_WORDS) * sizeof(uint32_t));
	default:
		out->skipped++;
		return NULL;
	}
}

static void note_text(struct atags *out, size_t tag_at, size_t tag_words)
{
	out->text_at = (uint32_t)((tag_at + HEADER_WORDS) * sizeof(uint32_t));
	out->text_bytes = (uint32_t)((tag_words - HEADER_WORDS) * sizeof(uint32_t));
}

static void read_list(struct atags *out, const uint32_t *list, size_t words)
{
	for (size_t at = 0; words - at >= HEADER_WORDS;) {
		uint32_t size = list[at];
		const char *wrong;

		/* Loaders disagree on the size of the last tag (0 or 2), so it does not count. */
		if (list[at + 1] == ATAG_NONE)
			return;
		if (size < HEADER_WORDS) {
			fault(out, at, "a tag's size is below 2 words; its header alone has 2");
			return;
		}
		if (size > words - at) {
			out->text_cut = list[at + 1] == ATAG_CMDLINE;
			if (out->text_cut)
				note_text(out, at, words - at);
			fault(out, at,
			      out->text_cut
				      ? "the command line runs past the end of what may be read; "
					"shorten it to 1024 letters"
				      : "a tag's size runs past the end of what may be read");
			return;
		}
		if (list[at + 1] == ATAG_CMDLINE)
			note_text(out, at, size);
		wrong = read_tag(out, list + at, size);
		if (wrong)
			fault(out, at, wrong);
		at += size;
		if (words - at < HEADER_WORDS)
			fault(out, at, "the list has no ATAG_NONE at its end");
	}
}

static bool is_letter(char c)
{
	return c > ' ' && c < 0x7f;
}

bool atags_find_word(const char *text, size_t bytes, const char *start, char *word, size_t len)
{
	size_t n = strlen(start);
	bool found = false;

	for (size_t at = 0; bytes >= n && at <= bytes - n; at++) {
		size_t end = at + n;

		if ((at > 0 && is_letter(text[at - 1])) || memcmp(text + at, start, n) != 0)
			continue;
		while (end < bytes && is_letter(text[end]))
			end++;
		if (end - at >= len)
			continue;
		memcpy(word, text + at, end - at);
		word[end - at] = '\0';
		found = true;
	}
	return found;
}

bool atags_parse(const void *list, size_t max, struct atags *out)
{
	const uint32_t *word = list;
	size_t words = max / sizeof(uint32_t);

	memset(out, 0, sizeof(*out));
	if (!list) {
		out->kind = ATAGS_ABSENT;
		fault(out, 0, "r2 is 0: the loader passed no ATAG list");
		return false;
	}
	out->kind = ATAGS_NONSENSE;
	if ((uintptr_t)list % sizeof(uint32_t) != 0) {
		fault(out, 0, "r2 is not a multiple of 4; it must point to an ATAG list, or be 0");
		return false;
	}
	if (words >= 1 && word[0] == DTB_MAGIC_LE) {
		out->kind = ATAGS_DEVICE_TREE;
		fault(out, 0,
		      "r2 points to a device tree, which Murphy does not read; pass an ATAG list, "
		      "or r2 = 0");
		return false;
	}
	if (words < HEADER_WORDS || word[1] != ATAG_CORE) {
		fault(out, 0,
		      "no ATAG_CORE where r2 points; it must point to an ATAG list, or be 0");
		return false;
	}
	out->kind = ATAGS_LIST;
	read_list(out, word, words);
	return out->error == NULL;
}
