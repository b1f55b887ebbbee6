/* SPDX-License-Identifier: MIT */
/* What murphy-sim says of its own caches. */
#include "cache/simulated.h"

#include "boards/board_api.h"
#include "trace/ring.h"

/* Byte offsets in the system registers (sim/README.md). */
enum {
	WORD_VERSION = 0xFF8,
	WORD_FIRST = 0xFFC, /* offset of the D-cache's words */
	SHAPE_SIZE = 0x00,
	SHAPE_WAYS = 0x04,
	SHAPE_LINE = 0x08,
	SHAPE_POLICY = 0x0C,
	SHAPE_BUFFER = 0x10,
	LINES_VERSION = 0xF00,
	LINES_RECORD = 0xF04,
	LINES_MARK_AT = 0xF08,
	LINES_RESET_REPLACEMENT = 0xF0C,
	LINES_PAGE = 0xF10,
	LINES_INDEX = 0xF14,
	LINES_KIND = 0xF18,
	LINES_VA = 0xF1C,
	LINES_PA = 0xF20,
	LINES_PC = 0xF24,
	LINES_MARK = 0xF28,
	LINES_BY = 0xF2C,
	LINES_DIRTY = 0xF30,
	LINES_LINE = 0xF38,
};

static volatile uint32_t *word(uint32_t offset)
{
	return (volatile uint32_t *)(board_simulator_words() + offset);
}

bool simulated_shape(struct cm_config *cfg)
{
	uint32_t at, policy, buffer;

	if (*word(WORD_VERSION) != 1)
		return false;
	at = *word(WORD_FIRST);
	policy = *word(at + SHAPE_POLICY);
	buffer = *word(at + SHAPE_BUFFER);
	cfg->size = *word(at + SHAPE_SIZE);
	cfg->ways = *word(at + SHAPE_WAYS);
	cfg->line = *word(at + SHAPE_LINE);
	cfg->index = (enum cm_index)(policy & 3);
	cfg->write_allocate = policy >> 4 & 1;
	cfg->replace = policy >> 5 & 1 ? CM_RANDOM : CM_ROUND_ROBIN;
	cfg->rr_global = policy >> 6 & 1;
	cfg->halves = policy >> 8 & 0xF;
	cfg->wb_words = buffer & 0xFF;
	cfg->wb_addrs = buffer >> 8 & 0xFF;
	return true;
}

bool simulated_record(bool on)
{
	if (*word(LINES_VERSION) != 1)
		return false;
	/* Each event carries this word as it was then: where it belongs among our own. */
	*word(LINES_MARK_AT) = (uintptr_t)&trace_next;
	*word(LINES_RECORD) = on;
	return true;
}

void simulated_reset_replacement(void)
{
	*word(LINES_RESET_REPLACEMENT) = 1;
}

uint32_t simulated_select(uint32_t page_pa)
{
	*word(LINES_PAGE) = page_pa;
	return *word(LINES_PAGE);
}

void simulated_event(uint32_t i, struct line_event *e)
{
	uint32_t kind;

	*word(LINES_INDEX) = i;
	kind = *word(LINES_KIND);
	*e = (struct line_event){
		.kind = (enum line_event_kind)(kind & 0xFF),
		.va = *word(LINES_VA),
		.pa = *word(LINES_PA),
		.halves = kind >> 16,
		.pc = *word(LINES_PC),
		.mark = *word(LINES_MARK),
		.by = *word(LINES_BY),
	};
}

uint32_t simulated_missed(void)
{
	return *word(LINES_INDEX);
}

uint32_t simulated_dirty_lines(uint32_t page_pa)
{
	*word(LINES_PAGE) = page_pa;
	return *word(LINES_DIRTY);
}

bool simulated_line(uintptr_t va, uint32_t pa, uint32_t *state)
{
	if (*word(LINES_VERSION) != 1)
		return false;
	*word(LINES_PAGE) = pa;
	*word(LINES_LINE) = va;
	*state = *word(LINES_LINE);
	return true;
}
