/* SPDX-License-Identifier: MIT */
/* A bounded, distrustful reader of the flattened device tree: memory and command line.
 *
 * The whole structure is walked and checked, since a tree that is broken anywhere cannot be
 * believed elsewhere. Reserved memory is not read: the banks that a loader passes leave out what
 * other processors own, and no memory below the image is used.
 * Source: Devicetree Specification 0.4, chapter 5. */
#include "boot/handover.h"

#include <string.h>

#define HEADER_V16 36u /* bytes */
#define HEADER_V17 40u

#define TAG_BEGIN_NODE 1u
#define TAG_END_NODE   2u
#define TAG_PROP       3u
#define TAG_NOP	       4u
#define TAG_END	       9u

struct property {
	const uint8_t *value; /* NULL: there is none */
	uint32_t len;	      /* bytes */
};

struct walk {
	const uint8_t *base;
	uint32_t structure, structure_end, strings, strings_end; /* byte offsets from base */
	uint32_t at;						 /* of the next tag */
	uint32_t depth;						 /* 1: in the root */
	uint32_t open; /* the depth whose properties count: none after a node's first subnode */
	bool root_ended, chosen_seen;
	struct property address_cells, size_cells; /* the root's */
	/* The node below the root that is being read. */
	const char *name;
	struct property device_type, reg, status, bootargs;
	struct handover *out;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool equals(const struct property *p, const char *text)
{
	return p->value && p->len == strlen(text) + 1 && memcmp(p->value, text, p->len) == 0;
}

static void fault(struct walk *w, const uint8_t *where, const char *sentence)
{
	handover_fault(w->out, (uint32_t)(where - w->base), sentence);
}

/* NULL, or why the tree cannot be walked. */
static const char *read_header(struct walk *w, size_t max)
{
	const uint8_t *h = w->base;
	uint32_t total, version, header, structure_size, strings_size;

	if (max < HEADER_V17)
		return "the tree is cut short in its header, which has 40 bytes";
	total = be32(h + 4);
	version = be32(h + 20);
	header = version >= 17 ? HEADER_V17 : HEADER_V16;
	w->structure = be32(h + 8);
	w->strings = be32(h + 12);
	strings_size = be32(h + 32);
	if (version < 16 || be32(h + 24) > 17 || version < be32(h + 24))
		return "the tree is of a version that is not read; 16 and 17 are (dtc -V 17)";
	if (total > max)
		return "the tree is longer than what may be read: 128 KiB, or less where RAM ends";
	if (total < header || be32(h + 16) < header || be32(h + 16) > total)
		return "the tree's total size or reservation block does not fit its header";
	if (w->strings < header || w->strings > total || strings_size > total - w->strings)
		return "the tree's strings are not wholly between its header and its end";
	if (w->structure < header || w->structure > total)
		return "the tree's structure is not between its header and its end";
	structure_size = version >= 17 ? be32(h + 36) : total - w->structure;
	if (structure_size > total - w->structure)
		return "the tree's structure runs past its end";
	w->structure_end = w->structure + structure_size;
	w->strings_end = version >= 17 ? w->strings + strings_size : total;
	return NULL;
}

/* The string at an offset in a block that ends at end (or there), NULL if its NUL is not in it. */
static const char *string_at(const struct walk *w, uint32_t at, uint32_t end)
{
	return memchr(w->base + at, '\0', end - at) ? (const char *)w->base + at : NULL;
}

static uint32_t number(const struct property *p)
{
	return p->value && p->len == 4 ? be32(p->value) : 0;
}

/* The first property of a name counts, as for other readers of trees. */
static void take_property(struct walk *w, const char *name, const uint8_t *value, uint32_t len)
{
	const struct {
		const char *name;
		uint32_t depth;
		struct property *place;
	} wanted[] = {
		{"#address-cells", 1, &w->address_cells},
		{"#size-cells", 1, &w->size_cells},
		{"device_type", 2, &w->device_type},
		{"reg", 2, &w->reg},
		{"status", 2, &w->status},
		{"bootargs", 2, &w->bootargs},
	};

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (w->depth == wanted[i].depth && !wanted[i].place->value &&
		    strcmp(name, wanted[i].name) == 0)
			*wanted[i].place = (struct property){.value = value, .len = len};
}

static void take_banks(struct walk *w)
{
	uint32_t a = number(&w->address_cells), s = number(&w->size_cells), entry = 4 * (a + s);
	const uint8_t *reg = w->reg.value;
	const char *wrong;

	if (!reg)
		return;
	if (a < 1 || a > 2 || s < 1 || s > 2) {
		fault(w, reg, "the root's #address-cells and #size-cells must both be 1 or 2");
		return;
	}
	if (w->reg.len % entry != 0) {
		fault(w, reg, "a memory node's reg is not made of whole pairs of address and size");
		return;
	}
	for (uint32_t i = 0; i < w->reg.len / entry; i++, reg += entry) {
		uint32_t high = a == 2 ? be32(reg) : 0;
		const uint8_t *size = reg + 4 * a;

		if (s == 2)
			high |= be32(size);
		if (high && (be32(size) || be32(size + 4 * (s - 1))))
			wrong = "a memory bank is beyond the 32-bit address space";
		else
			wrong = handover_add_bank(w->out, be32(size - 4), be32(size + 4 * (s - 1)));
		if (wrong)
			fault(w, reg, wrong);
	}
}

static void take_bootargs(struct walk *w)
{
	const struct property *p = &w->bootargs;
	const char *wrong;

	if (w->chosen_seen)
		return;
	w->chosen_seen = true;
	if (!p->value || p->len == 0)
		return;
	w->out->text_at = (uint32_t)(p->value - w->base);
	w->out->text_bytes = p->len;
	wrong = handover_set_cmdline(w->out, (const char *)p->value, p->len);
	if (wrong)
		fault(w, p->value, wrong);
}

static void take_node(struct walk *w)
{
	bool named = strcmp(w->name, "memory") == 0 || strncmp(w->name, "memory@", 7) == 0;
	bool memory = w->device_type.value ? equals(&w->device_type, "memory") : named;

	if (strcmp(w->name, "chosen") == 0)
		take_bootargs(w);
	else if (memory &&
		 (!w->status.value || equals(&w->status, "okay") || equals(&w->status, "ok")))
		take_banks(w);
}

static const char *begin_node(struct walk *w)
{
	const char *name = string_at(w, w->at, w->structure_end);

	if (!name)
		return "a node's name has no end inside the structure";
	if (w->depth == 0 && *name)
		return "the root has a name; it must have none";
	w->at += strlen(name) + 1;
	w->open = ++w->depth;
	if (w->depth == 2) {
		w->name = name;
		w->device_type = w->reg = w->status = w->bootargs = (struct property){0};
	}
	return NULL;
}

static const char *end_node(struct walk *w)
{
	if (w->depth == 0)
		return "a node ends that has not begun";
	if (w->depth == 2)
		take_node(w);
	w->root_ended = --w->depth == 0;
	w->open = 0;
	return NULL;
}

static const char *read_property(struct walk *w)
{
	uint32_t left = w->structure_end - w->at, len, offset;
	const char *name;

	if (w->depth == 0)
		return "a property stands outside of any node";
	if (left < 8)
		return "a property's header runs past the end of the structure";
	len = be32(w->base + w->at);
	offset = be32(w->base + w->at + 4);
	if (len > left - 8)
		return "a property's value runs past the end of the structure";
	if (offset >= w->strings_end - w->strings)
		return "a property's name lies outside of the strings";
	name = string_at(w, w->strings + offset, w->strings_end);
	if (!name)
		return "a property's name has no end inside the strings";
	if (w->open == w->depth)
		take_property(w, name, w->base + w->at + 8, len);
	w->at += 8 + len;
	return NULL;
}

/* Tag by tag to the end. NULL, or what broke it, with w->at at the tag concerned. */
static const char *walk_structure(struct walk *w)
{
	for (;;) {
		const char *wrong = NULL;
		uint32_t tag_at = w->at, tag;

		if (w->structure_end - w->at < 4)
			return "the structure ends without an FDT_END tag";
		tag = be32(w->base + w->at);
		w->at += 4;
		if (tag == TAG_END && w->depth == 0 && w->root_ended)
			return NULL;
		if (w->root_ended)
			wrong = "something other than FDT_END follows the root node";
		else if (tag == TAG_BEGIN_NODE)
			wrong = begin_node(w);
		else if (tag == TAG_END_NODE)
			wrong = end_node(w);
		else if (tag == TAG_PROP)
			wrong = read_property(w);
		else if (tag == TAG_END)
			wrong = w->depth ? "the structure ends inside a node"
					 : "the tree has no root node";
		else if (tag != TAG_NOP)
			wrong = "there is no such tag; 1, 2, 3, 4 and 9 are known";
		/* Tags stand at multiples of 4 from the structure's beginning. */
		w->at += -(w->at - w->structure) & 3;
		if (!wrong && w->at > w->structure_end)
			wrong = "the structure ends without an FDT_END tag";
		if (wrong) {
			w->at = tag_at;
			return wrong;
		}
	}
}

void fdt_read(const void *tree, size_t max, struct handover *out)
{
	struct walk w = {.base = tree, .out = out};
	const char *wrong = read_header(&w, max);

	if (!wrong) {
		w.at = w.structure;
		wrong = walk_structure(&w);
	}
	if (!wrong)
		return;
	handover_fault(out, w.at, wrong);
	/* What was not reached may hold a command line. */
	out->text_cut = out->text_bytes == 0;
}
