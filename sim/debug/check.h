/* SPDX-License-Identifier: MIT */
/* Hunter mode (--check): its findings, and the rooms of it: shadow.c keeps what is owed, debts.c
 * (the CPU's data), debts_ops.c (cache operations) and debts_masters.c (all others) change it. */
#ifndef SIM_DEBUG_CHECK_H
#define SIM_DEBUG_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct machine;
struct unit;
struct cm_event;

enum check_kind {
	CHECK_DMA_STALE,
	CHECK_DMA_UNDRAINED,
	CHECK_STALE_READ,
	CHECK_UNDER_DIRTY,
	CHECK_DISCARD,
	CHECK_WALK_STALE,
	CHECK_WALK_UNDRAINED,
	CHECK_STALE_CODE,
	CHECK_UNCACHED,
	CHECK_ALIASES,
	CHECK_WRONG_PAGE,
	CHECK_KINDS /* also "none" */
};

/* pc: the instruction at fault, or the one that suffers; the other PCs are 0 if they are not
 * known or the same. got: the word at pa as it was read; other: as it might have been. */
struct finding {
	enum check_kind kind;
	uint32_t pc, va, pa;
	uint32_t got, other;
	uint32_t filled, stored, transfer, invalidated, read;
};

/* Counts f, and prints it if nothing like it was printed for this PC and page. */
void check_report(struct cpu *c, const struct finding *f);
/* Is pc in one of the functions of --check-ignore? */
bool check_ignores(const struct cpu *c, uint32_t pc);
/* The counts by kind, at the end of the run. */
void check_summary(struct machine *m);

/* What a reader that does not see the cache is told; CHECK_KINDS: does not apply. got: what
 * it reads of the unit, NULL for what memory has. */
struct reader {
	enum check_kind stale, undrained;
	const uint8_t *got;
};
void debts_memory_read(struct cpu *c, struct unit *u, uint32_t mask, uint32_t va,
		       const struct reader *r);
void debts_memory_written(struct cpu *c, struct unit *u, uint32_t mask);
void debts_code_changes(struct cpu *c, struct unit *u, uint32_t mask);
bool debts_undrained(const struct cpu *c, const struct unit *u);

/* The hooks, each called just before the thing happens; see debug.h. */
void check_data(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr);
void check_cache_op(struct cpu *c, uint32_t op, uint32_t mva, uint32_t pa);
void check_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write);
void check_walk(struct cpu *c, uint32_t pa);
bool check_code(struct cpu *c, uint32_t pa, bool cached);
void check_executes(struct cpu *c, uint32_t va, uint32_t pa, uint32_t len, const uint8_t *raw);
void check_poked(struct cpu *c, uint32_t pa, uint8_t byte);
void check_event(void *cpu, const struct cm_event *ev);
/* A loader left the line at addr dirty in the cache; memory has other bytes. */
void check_left_dirty(struct cpu *c, uint32_t addr, const uint8_t *memory);

#endif
