/* SPDX-License-Identifier: MIT */
/* The device tree reader against libfdt: trees made by libfdt, sound and damaged. Both must agree
 * on which are sound, on the banks and on the command line. Each tree lies at the very end of a
 * heap block, so that ASan sees any read past it. FDT_CASES= asks for another number of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <libfdt.h>

#include "host_seed.h"

#include "boot/handover.h"

#define TREE_MAX 2048
#define CHECK(call)                                      \
	do {                                             \
		int err_ = (call);                       \
		if (err_ < 0)                            \
			fail_msg("%s: %d", #call, err_); \
	} while (0)

static unsigned draw(unsigned n)
{
	return (unsigned)rand() % n;
}

/* ---- What libfdt makes of a tree. ---- */

struct answer {
	bool sound;
	unsigned banks;
	struct memory_bank bank[64];
	const char *cmdline; /* in the tree; NULL: none */
};

/* As fdt_check_full(), without the reservation block, which is not read here, and with what
 * libfdt 1.6.1 does not mind: a length that wraps round, properties outside of a node, no root. */
static bool structure_sound(const void *tree, size_t bytes)
{
	int at, next = 0, depth = 0, len = 0;
	bool root = false;
	const char *name;

	if (fdt_check_header(tree) != 0 || fdt_totalsize(tree) > bytes || fdt_version(tree) < 16)
		return false;
	for (;;) {
		uint32_t tag;

		at = next;
		tag = fdt_next_tag(tree, at, &next);
		if (next < 0 || next <= at || (root && depth == 0 && tag != FDT_END))
			return false;
		if (tag == FDT_END)
			break;
		if (tag == FDT_BEGIN_NODE && depth++ == 0) {
			name = fdt_get_name(tree, at, &len);
			root = true;
			if (!name || *name)
				return false;
		}
		if (tag == FDT_END_NODE && depth-- == 0)
			return false;
		if (tag == FDT_PROP &&
		    (depth == 0 || !fdt_getprop_by_offset(tree, at, &name, &len) || len < 0 ||
		     len > (int)bytes))
			return false;
	}
	if (!root || depth != 0)
		return false;
	assert_true(fdt_num_mem_rsv(tree) < 0 || fdt_check_full(tree, bytes) == 0);
	return true;
}

static uint32_t number(const void *tree, const char *name)
{
	int len;
	const fdt32_t *value = fdt_getprop(tree, 0, name, &len);

	return value && len == 4 ? fdt32_ld(value) : 0;
}

static bool is(const void *tree, int node, const char *property, const char *text)
{
	int len;
	const char *value = fdt_getprop(tree, node, property, &len);

	return value && len == (int)strlen(text) + 1 && memcmp(value, text, (size_t)len) == 0;
}

static bool is_memory(const void *tree, int node)
{
	const char *name = fdt_get_name(tree, node, NULL);
	int len;

	if (fdt_getprop(tree, node, "status", &len) && !is(tree, node, "status", "okay") &&
	    !is(tree, node, "status", "ok"))
		return false;
	if (fdt_getprop(tree, node, "device_type", &len))
		return is(tree, node, "device_type", "memory");
	return strcmp(name, "memory") == 0 || strncmp(name, "memory@", 7) == 0;
}

static uint64_t cells(const uint8_t *p, uint32_t n)
{
	return n == 2 ? fdt64_ld((const fdt64_t *)p) : fdt32_ld((const fdt32_t *)p);
}

static void banks_of(const void *tree, int node, struct answer *a)
{
	uint32_t na = number(tree, "#address-cells"), ns = number(tree, "#size-cells");
	int len;
	const uint8_t *reg = fdt_getprop(tree, node, "reg", &len);

	if (!reg)
		return;
	if (na < 1 || na > 2 || ns < 1 || ns > 2 || (uint32_t)len % (4 * (na + ns)) != 0) {
		a->sound = false;
		return;
	}
	for (const uint8_t *end = reg + len; reg < end; reg += 4 * (na + ns)) {
		uint64_t start = cells(reg, na), size = cells(reg + 4 * na, ns);
		bool good = start + size < UINT64_C(1) << 32 && start < UINT64_C(1) << 32 &&
			    size < UINT64_C(1) << 32 && ((start | size) & 0xfff) == 0;

		if (size == 0)
			continue;
		for (unsigned i = 0; i < a->banks; i++)
			good = good && (start >= (uint64_t)a->bank[i].start + a->bank[i].size ||
					a->bank[i].start >= start + size);
		if (good && a->banks < BANKS_MAX)
			a->bank[a->banks++] = (struct memory_bank){.start = (uint32_t)start,
								   .size = (uint32_t)size};
		else
			a->sound = false;
	}
}

static void ask_libfdt(const void *tree, size_t bytes, struct answer *a)
{
	bool chosen = false;
	int node;

	memset(a, 0, sizeof(*a));
	a->sound = structure_sound(tree, bytes);
	if (!a->sound)
		return;
	fdt_for_each_subnode(node, tree, 0)
	{
		int len;

		if (strcmp(fdt_get_name(tree, node, NULL), "chosen") != 0) {
			if (is_memory(tree, node))
				banks_of(tree, node, a);
			continue;
		}
		if (chosen)
			continue;
		chosen = true;
		const char *text = fdt_getprop(tree, node, "bootargs", &len);
		if (!text || len == 0)
			continue;
		if (memchr(text, '\0', (size_t)len) && strlen(text) <= CMDLINE_MAX)
			a->cmdline = text;
		else
			a->sound = false;
	}
}

/* ---- Trees. ---- */

static void add_memory(void *tree, int na, int ns)
{
	static const char *const names[] = {"memory@0", "memory", "memory@10000000", "ram",
					    "memoryx"};
	static const char types[][8] = {"memory", "memory", "memory", "cpu", "Memory"};
	static const uint32_t starts[] = {0, 0x1000, 0x10000000, 0x20000000, 0x800, 0xfffff000};
	static const uint32_t sizes[] = {0x1000, 0x10000000, 0, 0x800, 0xf0000000, 0x2000};
	const char *status = draw(2) ? "okay" : "disabled"; /* (the macro asks twice) */
	fdt32_t reg[3 * 6 + 1] = {0};
	unsigned n = 0, entries = draw(4);

	CHECK(fdt_begin_node(tree, names[draw(5)]));
	for (unsigned i = 0; i < entries; i++) {
		for (int c = 1; c < na; c++)
			reg[n++] = cpu_to_fdt32(draw(32) == 0);
		reg[n++] = cpu_to_fdt32(draw(8) ? (uint32_t)draw(15) << 28 : starts[draw(6)]);
		for (int c = 1; c < ns; c++)
			reg[n++] = cpu_to_fdt32(draw(32) == 0);
		reg[n++] = cpu_to_fdt32(draw(8) ? 0x10000000 : sizes[draw(6)]);
	}
	if (draw(4))
		CHECK(fdt_property(tree, "device_type", types[draw(5)], draw(16) ? 7 : 8));
	if (draw(8))
		CHECK(fdt_property(tree, "reg", reg, (int)(4 * (n + (draw(16) == 0)))));
	if (draw(8) == 0)
		CHECK(fdt_property_string(tree, "status", status));
	if (draw(8) == 0)
		CHECK(fdt_property(tree, "reg", reg, 4));
	CHECK(fdt_end_node(tree));
}

static void add_chosen(void *tree)
{
	char text[1200];
	unsigned len = draw(8) ? draw(100) : draw(sizeof(text));

	memset(text, 'a', len);
	if (len && draw(16))
		text[len - 1] = '\0';
	CHECK(fdt_begin_node(tree, draw(8) ? "chosen" : "chosen@0"));
	if (draw(2))
		CHECK(fdt_property_u32(tree, "linux,initrd-start", 4));
	if (draw(8))
		CHECK(fdt_property(tree, "bootargs", text, (int)len));
	if (draw(4) == 0) {
		CHECK(fdt_begin_node(tree, "memory@0"));
		CHECK(fdt_property_u32(tree, "reg", 4));
		CHECK(fdt_end_node(tree));
	}
	CHECK(fdt_end_node(tree));
}

static size_t make_tree(void *tree)
{
	static const int counts[] = {1, 2, 1, 2, 1, 2, 1, 2, 0, 3};
	int na = counts[draw(10)], ns = counts[draw(10)];

	CHECK(fdt_create(tree, TREE_MAX));
	if (draw(4) == 0)
		CHECK(fdt_add_reservemap_entry(tree, 0, 0x1000));
	CHECK(fdt_finish_reservemap(tree));
	CHECK(fdt_begin_node(tree, ""));
	CHECK(fdt_property_string(tree, "model", "a board"));
	if (draw(16))
		CHECK(fdt_property_u32(tree, "#address-cells", (uint32_t)na));
	if (draw(16))
		CHECK(fdt_property_u32(tree, "#size-cells", (uint32_t)ns));
	for (unsigned n = draw(5); n > 0; n--) {
		if (draw(2)) {
			add_memory(tree, na, ns);
		} else if (draw(4)) {
			add_chosen(tree);
			break; /* room for one long line */
		} else {
			CHECK(fdt_begin_node(tree, "aliases"));
			CHECK(fdt_property_string(tree, "serial0", "/uart"));
			CHECK(fdt_end_node(tree));
		}
	}
	CHECK(fdt_end_node(tree));
	CHECK(fdt_finish(tree));
	if (draw(4) == 0 && fdt_path_offset(tree, "/chosen") > 0)
		(void)fdt_nop_property(tree, fdt_path_offset(tree, "/chosen"), "bootargs");
	if (draw(8) == 0)
		fdt_set_version(tree, 16);
	return fdt_totalsize(tree);
}

/* Damages what is there: header, tags, lengths, names, single bits; or cuts the tree short. */
static size_t damage(uint8_t *tree, size_t bytes)
{
	static const uint32_t words[] = {0,	1,	    2,		3,	    4,
					 9,	5,	    7,		8,	    40,
					 0x100, 0x7fffffff, 0xfffffff8, 0xfffffff4, 0xffffffff};
	uint32_t structure = fdt_off_dt_struct(tree);

	for (unsigned n = 1 + draw(3); n > 0; n--) {
		size_t at =
			draw(3) == 0 ? draw(40) : structure + draw((unsigned)(bytes - structure));
		fdt32_t word = cpu_to_fdt32(words[draw(sizeof(words) / sizeof(words[0]))]);

		switch (draw(5)) {
		case 0:
			tree[at] ^= (uint8_t)(1u << draw(8));
			break;
		case 1:
			tree[at] = (uint8_t)rand();
			break;
		case 2:
			if (draw(4) == 0)
				return draw((unsigned)bytes - 40) + 40;
			break;
		default:
			at &= ~(size_t)3;
			if (at + 4 <= bytes)
				memcpy(tree + at, &word, 4);
		}
	}
	return bytes;
}

/* ---- The comparison. ---- */

static struct handover got;

static void compare(const uint8_t *tree, size_t bytes, const struct answer *want)
{
	if (want->sound != (got.error == NULL))
		fail_msg("libfdt: %s; here: %s at +0x%x", want->sound ? "sound" : "broken",
			 got.error ? got.error : "sound", got.error_at);
	assert_true(got.error_at <= bytes);
	assert_true((size_t)got.text_at + got.text_bytes <= bytes);
	assert_non_null(memchr(got.cmdline, '\0', sizeof(got.cmdline)));
	if (!want->sound) {
		assert_null(strchr(got.error, '\n'));
		return;
	}
	assert_int_equal(got.nbanks, want->banks);
	for (unsigned i = 0; i < want->banks; i++) {
		assert_int_equal(got.banks[i].start, want->bank[i].start);
		assert_int_equal(got.banks[i].size, want->bank[i].size);
	}
	assert_string_equal(got.cmdline, want->cmdline ? want->cmdline : "");
	if (want->cmdline)
		assert_int_equal(got.text_at, (const uint8_t *)want->cmdline - tree);
}

static void test_against_libfdt(void **state)
{
	const char *asked = getenv("FDT_CASES");
	unsigned cases = asked ? (unsigned)strtoul(asked, NULL, 0) : 20000;
	unsigned sound = 0, broken = 0, banks = 0, lines = 0;
	static uint64_t room[TREE_MAX / 8];

	(void)state;
	srand(host_seed());
	for (unsigned n = 0; n < cases; n++) {
		size_t bytes = make_tree(room);
		struct answer want;
		uint8_t *tree;

		if (draw(3))
			bytes = damage((uint8_t *)room, bytes);
		if (fdt_magic(room) != FDT_MAGIC)
			continue;
		tree = malloc(bytes); /* 8-byte aligned, as the library asks */
		assert_non_null(tree);
		memcpy(tree, room, bytes);
		ask_libfdt(tree, bytes, &want);
		handover_parse(tree, bytes, &got);
		assert_int_equal(got.kind, HANDOVER_DEVICE_TREE);
		compare(tree, bytes, &want);
		sound += want.sound;
		broken += !want.sound;
		banks += want.banks;
		lines += want.cmdline != NULL;
		free(tree);
	}
	/* The generator must reach the inside, or the checks above say nothing. */
	print_message("%u sound trees, %u broken, %u banks, %u command lines\n", sound, broken,
		      banks, lines);
	assert_true(sound > cases / 10 && broken > cases / 10 && banks > cases / 20 &&
		    lines > cases / 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_against_libfdt)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
