/* SPDX-License-Identifier: MIT */
/* A cache model with a small memory behind it and a record of all it does, for its tests. */
#ifndef TESTS_UNIT_TEST_MODEL_H
#define TESTS_UNIT_TEST_MODEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "cache/model.h"

#define RIG_MEM 0x10000u
#define RIG_LOG 256
#define WB	(CM_C | CM_B) /* write-back */
#define WT	CM_C	      /* write-through */
#define NCB	CM_B	      /* uncached, buffered */
#define SO	0u	      /* strongly ordered */

struct rig_event {
	struct cm_event ev; /* ev.data points to data below */
	uint8_t data[64];
};

struct rig_write {
	uint32_t pa, len;
};

struct rig {
	struct cm m;
	uint8_t mem[RIG_MEM];
	struct rig_event ev[RIG_LOG];
	struct rig_write wr[RIG_LOG];
	unsigned events, reads, writes;
	void *storage;
};

/* Memory repeats every RIG_MEM bytes, so that tests may use any address. */
static void rig_check(const struct rig *r, uint32_t pa, uint32_t len)
{
	assert_in_range(len, 1, r->m.cfg.line);
	assert_int_equal(pa & ~(r->m.cfg.line - 1), (pa + len - 1) & ~(r->m.cfg.line - 1));
}

static void rig_read(void *ctx, uint32_t pa, void *buf, uint32_t len)
{
	struct rig *r = ctx;

	rig_check(r, pa, len);
	r->reads++;
	memcpy(buf, r->mem + pa % RIG_MEM, len);
}

static void rig_write(void *ctx, uint32_t pa, const void *buf, uint32_t len)
{
	struct rig *r = ctx;

	rig_check(r, pa, len);
	if (r->writes < RIG_LOG)
		r->wr[r->writes] = (struct rig_write){pa, len};
	r->writes++;
	memcpy(r->mem + pa % RIG_MEM, buf, len);
}

static void rig_event(void *ctx, const struct cm_event *ev)
{
	struct rig *r = ctx;
	struct rig_event *e;

	assert_true(r->events < RIG_LOG);
	e = &r->ev[r->events++];
	e->ev = *ev;
	memcpy(e->data, ev->data, r->m.cfg.line);
	e->ev.data = e->data;
}

/* A small ARM926: 4 sets of 4 ways, 32-byte lines. */
static inline struct cm_config rig_config(void)
{
	return (struct cm_config){
		.index = CM_VIVT,
		.size = 512,
		.ways = 4,
		.line = 32,
		.halves = 2,
		.replace = CM_ROUND_ROBIN,
		.wb_words = 16,
		.wb_addrs = 4,
	};
}

/* Memory holds at each word its own address; all events are wanted. */
static inline struct rig *rig_new(struct cm_config cfg)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct cm_bus bus = {r, rig_read, rig_write};
	uint32_t a;

	assert_null(cm_config_error(&cfg));
	for (a = 0; a < RIG_MEM; a += 4)
		memcpy(r->mem + a, &a, 4);
	/* exactly this much, so that the sanitizer sees a byte too many */
	r->storage = malloc(cm_storage_size(&cfg));
	memset(r->storage, 0xa5, cm_storage_size(&cfg));
	cm_init(&r->m, &cfg, &bus, r->storage);
	r->m.on_event = rig_event;
	r->m.event_ctx = r;
	r->m.event_mask = ~0u;
	return r;
}

static inline void rig_free(struct rig *r)
{
	free(r->storage);
	free(r);
}

static inline uint32_t rig_word(const struct rig *r, uint32_t pa)
{
	uint32_t v;

	memcpy(&v, r->mem + pa % RIG_MEM, 4);
	return v;
}

/* Reads and then writes a word: the way to a dirty line in a read-allocate cache. */
static inline void rig_dirty(struct rig *r, uint32_t va, uint32_t pa, uint32_t value)
{
	cm_load(&r->m, va, pa, 4, WB);
	cm_store(&r->m, va, pa, 4, value, WB);
}

#define assert_event(r, n, k, o, va_, dirty_)                  \
	do {                                                   \
		assert_true((n) < (r)->events);                \
		assert_int_equal((r)->ev[n].ev.kind, k);       \
		assert_int_equal((r)->ev[n].ev.op, o);         \
		assert_int_equal((r)->ev[n].ev.va, va_);       \
		assert_int_equal((r)->ev[n].ev.dirty, dirty_); \
	} while (0)

#endif
