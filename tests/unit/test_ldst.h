/* SPDX-License-Identifier: MIT */
/* Registers and a small memory for the tests of the load/store executor. */
#ifndef TESTS_UNIT_TEST_LDST_H
#define TESTS_UNIT_TEST_LDST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "cache/ldst.h"

/* Memory is the byte at MEM_BASE + i = 0x50 + i, so the word at 0x8040 is 0x93929190. */
#define MEM_BASE  0x8000u
#define MEM_SIZE  0x100u
#define PC_START  0x100u
#define CPSR_SVC  0x13u
#define CPSR_C	  (1u << 29)
#define CPSR_T	  (1u << 5)
#define NO_REFUSE 0u

struct fixture {
	uint8_t bytes[MEM_SIZE];
	uint32_t refuse; /* the word at this address is refused */
	unsigned int accesses;
	struct ldst_regs regs;
	struct ldst_mem mem;
};

static inline uint8_t *byte_at(struct fixture *f, uint32_t va, uint32_t size)
{
	f->accesses++;
	assert_true(size == 1 || size == 2 || size == 4);
	assert_int_equal(va & (size - 1), 0);
	if (va < MEM_BASE || va - MEM_BASE > MEM_SIZE - size || (va & ~3u) == f->refuse)
		return NULL;
	return &f->bytes[va - MEM_BASE];
}

static inline bool mem_load(void *ctx, uint32_t va, uint32_t size, uint32_t *value)
{
	const uint8_t *p = byte_at(ctx, va, size);

	if (!p)
		return false;
	*value = 0;
	memcpy(value, p, size);
	return true;
}

static inline bool mem_store(void *ctx, uint32_t va, uint32_t size, uint32_t value)
{
	uint8_t *p = byte_at(ctx, va, size);

	if (!p)
		return false;
	/* The memory may rely on a value that fits the size. */
	assert_true(size == 4 || value >> (size * 8) == 0);
	memcpy(p, &value, size);
	return true;
}

/* r1 is the base, r2 a small offset; each other register holds its number four times. */
static inline void fixture_init(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	for (uint32_t i = 0; i < MEM_SIZE; i++)
		f->bytes[i] = (uint8_t)(0x50 + i);
	for (uint32_t i = 0; i < 15; i++)
		f->regs.r[i] = i * 0x01010101u;
	f->regs.r[1] = MEM_BASE + 0x40;
	f->regs.r[2] = 8;
	f->regs.r[15] = PC_START;
	f->regs.cpsr = CPSR_SVC;
	f->refuse = NO_REFUSE;
	f->mem = (struct ldst_mem){f, mem_load, mem_store, 8};
}

#endif
