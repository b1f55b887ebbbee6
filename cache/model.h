/* SPDX-License-Identifier: MIT */
/* A first-level cache that carries data: portable, driven by whoever owns it.
 *
 * The kernel's trap handler (stock QEMU), the board emulator's CPU and the host tests
 * all run this one module. It knows a geometry, policies and a bus; it never knows who
 * calls it. One struct cm is one cache: the emulator has two (I and D).
 *
 * Context: not reentrant. The kernel calls it with IRQs masked; nothing here sleeps,
 * allocates or prints. Addresses are 32-bit ARM ones on every host.
 */
#ifndef CACHE_MODEL_H
#define CACHE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cm_index { CM_VIVT, CM_VIPT, CM_PIPT };
enum cm_replace { CM_ROUND_ROBIN, CM_RANDOM };

/* Departures from a sound ARM9 cache: errata of real cores and the tests' mutants. */
#define CM_QUIRK_INV_KEEPS_DIRTY 0x1u  /* 80200 A0/A1: invalidate leaves the dirty bits set */
#define CM_QUIRK_INV_WRITES_BACK 0x2u  /* mutant: an invalidate cleans first */
#define CM_QUIRK_NO_ALLOCATE	 0x4u  /* mutant: never allocates, so never holds anything */
#define CM_QUIRK_NO_DRAIN	 0x8u  /* mutant: an explicit drain does nothing */
#define CM_QUIRK_COHERENT	 0x10u /* mutant: each store also reaches the bus at once */

struct cm_config {
	enum cm_index index;
	uint32_t size;	 /* bytes: power of two */
	uint32_t ways;	 /* power of two, 1..64 */
	uint32_t line;	 /* bytes: 16, 32 or 64 */
	uint32_t halves; /* dirty bits a line: 1 or 2 */
	enum cm_replace replace;
	bool rr_global;	     /* one round-robin counter for all sets (ARM1136), else one a set */
	bool write_allocate; /* false: a write miss goes to the write buffer (ARM9, ARM11) */
	uint32_t wb_words;   /* write buffer: words (ARM926: 16); 0 = no write buffer */
	uint32_t wb_addrs;   /* write buffer: separate addresses (ARM926: 4) */
	uint32_t seed;	     /* of CM_RANDOM */
	uint32_t quirks;     /* CM_QUIRK_* */
};

/* Memory as the cache sees it, by physical address. len <= line; never crosses a line. */
struct cm_bus {
	void *ctx;
	void (*read)(void *ctx, uint32_t pa, void *buf, uint32_t len);
	void (*write)(void *ctx, uint32_t pa, const void *buf, uint32_t len);
};

/* Page attributes of one access: the C and B bits of its descriptor. C=1 B=0 is
 * write-through, C=1 B=1 write-back, C=0 B=1 buffered, C=0 B=0 strongly ordered. */
#define CM_B 0x1u
#define CM_C 0x2u

enum cm_event_kind {
	CM_EV_FILL,	 /* a line was read from the bus */
	CM_EV_EVICT,	 /* a valid line was replaced (written back before if dirty) */
	CM_EV_WRITEBACK, /* dirty halves were sent to memory */
	CM_EV_DISCARD,	 /* dirty halves were thrown away by an invalidate: data is lost */
};

/* Which operation caused an event. */
enum cm_op {
	CM_OP_LOAD,
	CM_OP_STORE,
	CM_OP_INV_MVA,
	CM_OP_CLEAN_MVA,
	CM_OP_CLEAN_INV_MVA,
	CM_OP_INV_SETWAY,
	CM_OP_CLEAN_SETWAY,
	CM_OP_CLEAN_INV_SETWAY,
	CM_OP_INV_ALL,
	CM_OP_TEST_CLEAN,
	CM_OP_TEST_CLEAN_INV,
	CM_OP_DRAIN,
};

struct cm_event {
	enum cm_event_kind kind;
	enum cm_op op;
	uint32_t va, pa; /* of the line's first byte; va is the MVA it was filled by */
	uint32_t set, way;
	uint32_t dirty;	     /* dirty halves concerned: bit 0 the lower, bit 1 the upper */
	const uint8_t *data; /* the line's bytes at that moment */
	uintptr_t who;	     /* cm.who as the caller had set it */
};

#define CM_EV_BIT(kind) (1u << (kind))

struct cm_counters {
	uint32_t loads, stores, hits, misses, fills, evictions;
	uint32_t writebacks;	   /* dirty halves written to memory */
	uint32_t discarded_halves; /* dirty halves thrown away by an invalidate */
	uint32_t wb_writes;	   /* bus writes that left the write buffer */
	uint32_t drains;
};

struct cm_line {
	uint32_t va;   /* MVA of the first byte as filled */
	uint32_t pa;   /* PA tag: a write-back goes here and never asks the MMU */
	uint8_t valid; /* 0 or 1 */
	uint8_t dirty; /* bit a half */
};

#define CM_WB_ADDRS_MAX 8
#define CM_WB_WORDS_MAX 32

/* One address of the write buffer: a run of consecutive words not yet on the bus. */
struct cm_wb_entry {
	uint32_t pa;			 /* word aligned */
	uint32_t words;			 /* in use */
	uint32_t bytes[CM_WB_WORDS_MAX]; /* byte-enable mask a word: bits 0..3 */
	uint32_t data[CM_WB_WORDS_MAX];
};

/* The struct is public so that the emulator can have its own fast path for a hit and so
 * that a debugger can print it; everything else changes it by the functions below. */
struct cm {
	struct cm_config cfg;
	struct cm_bus bus;
	uint32_t sets, line_shift, set_mask;
	struct cm_line *lines; /* [set * ways + way] */
	uint8_t *data;	       /* [(set * ways + way) * line] */
	uint32_t *rr;	       /* next way to replace, a set (or rr[0] if rr_global) */
	uint32_t rng;
	uint32_t tc_next; /* where test-and-clean looks first */
	struct cm_wb_entry wb[CM_WB_ADDRS_MAX];
	uint32_t wb_used;  /* entries in use, oldest first */
	uint32_t wb_words; /* words in use over all entries */
	/* the write-back buffer: one line on its way to memory (ARM926: 8 words) */
	uint32_t evict_valid, evict_pa, evict_dirty;
	uint8_t evict_data[64];
	uintptr_t who;	     /* opaque: set by the caller, handed back in events */
	uint32_t event_mask; /* CM_EV_BIT() of what on_event wants */
	void (*on_event)(void *ctx, const struct cm_event *ev);
	void *event_ctx;
	struct cm_counters n;
};

/* Checks a configuration: NULL if sound, else one sentence that names what is wrong and
 * what would be right (a string literal). */
const char *cm_config_error(const struct cm_config *cfg);

/* Bytes of storage cm_init needs for cfg (lines, data and counters), any alignment of 8. */
size_t cm_storage_size(const struct cm_config *cfg);

/* Everything invalid, counters 0, write buffer empty. storage must live as long as m.
 * cfg must be sound (cm_config_error() == NULL). */
void cm_init(struct cm *m, const struct cm_config *cfg, const struct cm_bus *bus, void *storage);

/* One CPU access of 1, 2 or 4 bytes, naturally aligned. va is the MVA, pa its translation
 * (always given: a miss needs it). attr: CM_C | CM_B. */
uint32_t cm_load(struct cm *m, uint32_t va, uint32_t pa, uint32_t size, uint32_t attr);
void cm_store(struct cm *m, uint32_t va, uint32_t pa, uint32_t size, uint32_t value, uint32_t attr);

/* Maintenance by MVA. pa is used by VIPT and PIPT only; a VIVT cache finds lines by va
 * alone, as the ARM926 does (DDI0198D 2.3.9 "Register c7"). Not mapped: pass va for pa. */
void cm_inv_mva(struct cm *m, uint32_t va, uint32_t pa);
void cm_clean_mva(struct cm *m, uint32_t va, uint32_t pa);
void cm_clean_inv_mva(struct cm *m, uint32_t va, uint32_t pa);

/* Maintenance by set and way; out of range numbers are masked, as the hardware does. */
void cm_inv_setway(struct cm *m, uint32_t set, uint32_t way);
void cm_clean_setway(struct cm *m, uint32_t set, uint32_t way);
void cm_clean_inv_setway(struct cm *m, uint32_t set, uint32_t way);

void cm_inv_all(struct cm *m);
/* ARM926 test-and-clean: cleans (and invalidates) one dirty line if there is one.
 * Returns true when no dirty line is left (the Z flag). With _inv, also invalidates all
 * clean lines once nothing is dirty. */
bool cm_test_clean(struct cm *m);
bool cm_test_clean_inv(struct cm *m);

/* Write buffer and write-back buffer to memory, in order (c7,c10,4). */
void cm_drain(struct cm *m);

/* Looks without touching anything (no counters): the line that would be hit, or NULL. */
const struct cm_line *cm_peek(const struct cm *m, uint32_t va, uint32_t pa);
/* The data of a line that cm_peek() or a walk over m->lines gave. */
const uint8_t *cm_line_data(const struct cm *m, const struct cm_line *l);

/* Parses "vivt,16k,4way,32b" (in that order; "wa" and "random" may follow, by commas)
 * over the defaults already in *cfg. NULL if sound, else what is wrong and what is right. */
const char *cm_config_parse(struct cm_config *cfg, const char *text);
/* Writes "vivt,16k,4way,32b"; returns like snprintf. */
int cm_config_print(const struct cm_config *cfg, char *buf, size_t len);

#endif
