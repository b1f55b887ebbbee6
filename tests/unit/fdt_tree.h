/* SPDX-License-Identifier: MIT */
/* A device tree built word by word, and what the reader makes of it. It lies at the very end of a
 * heap block while it is read, so that ASan sees any read past the limit. */
#ifndef TEST_FDT_TREE_H
#define TEST_FDT_TREE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "boot/handover.h"

#define STRUCTURE 56u /* behind the header and an empty reservation block */

static const char names[] = "#address-cells\0#size-cells\0device_type\0reg\0bootargs\0status";
static uint8_t tree[4096];
static size_t len;
static struct handover got;

static void put_at(size_t at, uint32_t word)
{
	for (int i = 0; i < 4; i++)
		tree[at + i] = (uint8_t)(word >> (24 - 8 * i));
}

static void put(uint32_t word)
{
	put_at(len, word);
	len += 4;
}

static void put_bytes(const void *bytes, size_t n)
{
	memcpy(tree + len, bytes, n);
	len += (n + 3) & ~(size_t)3;
}

static void begin(const char *name)
{
	put(1);
	put_bytes(name, strlen(name) + 1);
}

static void end(void)
{
	put(2);
}

static uint32_t name_offset(const char *name)
{
	for (size_t at = 0; at < sizeof(names); at += strlen(names + at) + 1)
		if (strcmp(names + at, name) == 0)
			return (uint32_t)at;
	fail_msg("%s is not among the names", name);
	return 0;
}

static void property(const char *name, const void *value, size_t n)
{
	put(3);
	put((uint32_t)n);
	put(name_offset(name));
	put_bytes(value, n);
}

static void text(const char *name, const char *value)
{
	property(name, value, strlen(value) + 1);
}

static void number(const char *name, uint32_t value)
{
	put(3);
	put(4);
	put(name_offset(name));
	put(value);
}

#define REG(...)                                                 \
	do {                                                     \
		const uint32_t reg_[] = {__VA_ARGS__};           \
		put(3);                                          \
		put(sizeof(reg_));                               \
		put(name_offset("reg"));                         \
		for (size_t i_ = 0; i_ < sizeof(reg_) / 4; i_++) \
			put(reg_[i_]);                           \
	} while (0)

/* Begins a tree whose root has these cells (0: does not say). */
static void start(uint32_t address_cells, uint32_t size_cells)
{
	memset(tree, 0, sizeof(tree));
	len = STRUCTURE;
	begin("");
	if (address_cells)
		number("#address-cells", address_cells);
	if (size_cells)
		number("#size-cells", size_cells);
}

/* Ends the root and the tree. */
static void finish(void)
{
	end();
	put(9);

	const uint32_t header[] = {0xd00dfeed,
				   (uint32_t)(len + sizeof(names)),
				   STRUCTURE,
				   (uint32_t)len,
				   40,
				   17,
				   16,
				   0,
				   sizeof(names),
				   (uint32_t)(len - STRUCTURE)};
	for (size_t i = 0; i < sizeof(header) / 4; i++)
		put_at(4 * i, header[i]);
	memcpy(tree + len, names, sizeof(names));
	len += sizeof(names);
}

static bool parse(size_t bytes)
{
	void *copy = malloc(bytes);
	bool ok;

	assert_non_null(copy);
	memcpy(copy, tree, bytes);
	memset(&got, 0xa5, sizeof(got));
	ok = handover_parse(copy, bytes, &got);
	free(copy);
	assert_int_equal(ok, got.error == NULL);
	assert_int_equal(got.kind, HANDOVER_DEVICE_TREE);
	return ok;
}

static void sound(void)
{
	if (!parse(len))
		fail_msg("%s at +0x%x", got.error, got.error_at);
}

static void wrong(const char *part, size_t at)
{
	assert_false(parse(len));
	if (!strstr(got.error, part))
		fail_msg("'%s' does not say '%s'", got.error, part);
	assert_null(strchr(got.error, '\n'));
	assert_int_equal(got.error_at, at);
}

#endif
