/* SPDX-License-Identifier: MIT */
/* A bounded, distrustful reader of the ATAG list. */
#include "boot/handover.h"

#define ATAG_NONE    0x00000000u
#define ATAG_CORE    0x54410001u
#define ATAG_MEM     0x54410002u
#define ATAG_CMDLINE 0x54410009u

#define HEADER_WORDS 2u /* size in words (these two included), then the tag */

/* One tag of size words at tag, wholly inside the limit. NULL, or what is wrong with it. */
static const char *read_tag(struct handover *out, const uint32_t *tag, uint32_t size)
{
	switch (tag[1]) {
	case ATAG_CORE:
		return NULL;
	case ATAG_MEM:
		if (size < HEADER_WORDS + 2)
			return "an ATAG_MEM is too short; it needs 4 words";
		return handover_add_bank(out, tag[3], tag[2]);
	case ATAG_CMDLINE:
		return handover_set_cmdline(out, (const char *)(tag + HEADER_WORDS),
					    (size - HEADER_WORDS) * sizeof(uint32_t));
	default:
		out->skipped++;
		return NULL;
	}
}

static void fault(struct handover *out, size_t word, const char *sentence)
{
	handover_fault(out, (uint32_t)(word * sizeof(uint32_t)), sentence);
}

static void note_text(struct handover *out, size_t tag_at, size_t tag_words)
{
	out->text_at = (uint32_t)((tag_at + HEADER_WORDS) * sizeof(uint32_t));
	out->text_bytes = (uint32_t)((tag_words - HEADER_WORDS) * sizeof(uint32_t));
}

void atags_read(const uint32_t *list, size_t words, struct handover *out)
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
