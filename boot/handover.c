/* SPDX-License-Identifier: MIT */
/* What the loader hands over: which of the two forms it has, and what both must keep to. */
#include "boot/handover.h"

#include <string.h>

#define ATAG_CORE    0x54410001u
#define DTB_MAGIC_LE 0xedfe0dd0u /* 0xd00dfeed is big-endian in memory */
#define PAGE_MASK    0xfffu

void handover_fault(struct handover *out, uint32_t at, const char *sentence)
{
	if (out->error)
		return;
	out->error = sentence;
	out->error_at = at;
}

const char *handover_add_bank(struct handover *out, uint32_t start, uint32_t size)
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
		const struct memory_bank *b = &out->banks[i];

		if (start < b->start + b->size && b->start < start + size)
			return "a memory bank overlaps an earlier one; banks must be separate";
	}
	if (out->nbanks == BANKS_MAX)
		return "there are more than 8 memory banks; the further ones are not used";
	out->banks[out->nbanks++] = (struct memory_bank){.start = start, .size = size};
	return NULL;
}

const char *handover_set_cmdline(struct handover *out, const char *text, size_t max)
{
	const char *end = memchr(text, '\0', max);

	/* Cut short it could mean something else than was typed: better none at all. */
	out->cmdline[0] = '\0';
	if (!end)
		return "the command line has no NUL where its room ends; the loader must end it";
	if ((size_t)(end - text) > CMDLINE_MAX)
		return "the command line is longer than 1024 letters; shorten it";
	memcpy(out->cmdline, text, (size_t)(end - text) + 1);
	return NULL;
}

static bool is_letter(char c)
{
	return c > ' ' && c < 0x7f;
}

bool handover_find_word(const char *text, size_t bytes, const char *start, char *word, size_t len)
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

bool handover_parse(const void *at, size_t max, struct handover *out)
{
	const uint32_t *word = at;
	size_t words = max / sizeof(uint32_t);

	memset(out, 0, sizeof(*out));
	out->kind = at ? HANDOVER_NONSENSE : HANDOVER_ABSENT;
	if (!at) {
		handover_fault(out, 0, "r2 is 0: the loader passed neither ATAGs nor device tree");
	} else if ((uintptr_t)at % sizeof(uint32_t) != 0) {
		handover_fault(out, 0,
			       "r2 is not a multiple of 4; it must point to an ATAG list or a "
			       "device tree, or be 0");
	} else if (words >= 1 && word[0] == DTB_MAGIC_LE) {
		out->kind = HANDOVER_DEVICE_TREE;
		fdt_read(at, max, out);
	} else if (words >= 2 && word[1] == ATAG_CORE) {
		out->kind = HANDOVER_ATAGS;
		atags_read(word, words, out);
	} else {
		handover_fault(
			out, 0,
			"neither ATAG_CORE nor a device tree's magic number where r2 points; "
			"it must point to one of them, or be 0");
	}
	return out->error == NULL;
}
