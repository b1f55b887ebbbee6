/* SPDX-License-Identifier: MIT */
/* Images: the ARM Linux boot protocol with ATAGs, as QEMU does it, and files in general. */
#include "sim/loader.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/fail.h"
#include "sim/machine.h"
#include "sim/options.h"

#define ATAGS_OFFSET 0x100u

#define ATAG_CORE    0x54410001u
#define ATAG_MEM     0x54410002u
#define ATAG_CMDLINE 0x54410009u

void fail(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("murphy-sim: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(2);
}

static uint8_t *read_file(const char *opt, const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long size;

	if (!f)
		fail("%s %s: %s", opt, path, strerror(errno));
	if (fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0 || size > 1l << 30)
		fail("%s %s: not a regular file of a sensible size", opt, path);
	rewind(f);
	data = malloc((size_t)size + 1);
	if (!data || fread(data, 1, (size_t)size, f) != (size_t)size)
		fail("%s %s: cannot be read", opt, path);
	fclose(f);
	*len = (size_t)size;
	return data;
}

static void put(struct machine *m, uint32_t *at, uint32_t word)
{
	memcpy(m->ram + *at, &word, 4);
	*at += 4;
}

/* The tag list, below limit (an offset in RAM). */
static void write_atags(struct machine *m, const char *append, uint32_t limit)
{
	const char *firmware = m->board->firmware ? m->board->firmware : "";
	uint32_t at = ATAGS_OFFSET, own = (uint32_t)strlen(firmware);
	uint32_t len = own + (uint32_t)strlen(append);

	if (at + len + 64 > limit)
		fail("--append: the tags, with %u characters, do not fit between RAM + 0x%x and "
		     "the image at RAM + 0x%x",
		     len, at, limit);
	put(m, &at, 5);
	put(m, &at, ATAG_CORE);
	put(m, &at, 1);	     /* flags: root is read-only */
	put(m, &at, 0x1000); /* page size */
	put(m, &at, 0);
	put(m, &at, 4);
	put(m, &at, ATAG_MEM);
	put(m, &at, m->arm_ram);
	put(m, &at, m->ram_base);
	if (len) {
		put(m, &at, (len >> 2) + 3);
		put(m, &at, ATAG_CMDLINE);
		memcpy(m->ram + at, firmware, own);
		memcpy(m->ram + at + own, append, len - own + 1);
		at += ((len >> 2) + 1) * 4;
	}
	put(m, &at, 0);
	put(m, &at, 0);
}

/* Does the image at its entry say that it is started as Linux is? By what stands behind its
 * first instruction: "MURPHY", or the magic number of a zImage. The file's format does not say:
 * an ELF file of the very same image is the natural choice, since it has names. */
static bool boots_as_linux(struct machine *m)
{
	static const uint32_t zimage = 0x016f2818;
	uint8_t *p;

	return !(m->entry & 3) && machine_ram(m, m->entry, &p, 0x28) &&
	       (!memcmp(p + 4, "MURPHY\0", 8) || !memcmp(p + 0x24, &zimage, 4));
}

/* The tree, as it is: below the image at limit if there is room, as the Raspberry Pi's firmware
 * puts it, else at the top of RAM, under what --entry on wants there. Where it is. */
static uint32_t put_dtb(struct machine *m, uint32_t limit)
{
	size_t len;
	uint8_t *data = read_file("--dtb", m->opt->dtb, &len);
	uint32_t at = ATAGS_OFFSET, top = m->arm_ram - (2u << 20);

	if (len > limit || at + len > limit) {
		if (len > top / 2)
			fail("--dtb %s: %zu bytes do not fit into RAM", m->opt->dtb, len);
		at = (top - (uint32_t)len) & ~(PAGE_BYTES - 1);
	}
	memcpy(m->ram + at, data, len);
	free(data);
	return m->ram_base + at;
}

static void start_as_linux(struct machine *m, const char *append, uint32_t limit)
{
	struct cpu *c = m->cpu;

	c->r[0] = 0;
	c->r[1] = m->board->machine_type;
	c->r[2] = m->ram_base + ATAGS_OFFSET;
	if (m->opt->dtb)
		c->r[2] = put_dtb(m, limit);
	else
		write_atags(m, append, limit);
}

static void load_elf(struct machine *m, const char *path, const char *append, const uint8_t *data,
		     size_t len)
{
	const char *err;

	if (!elf_load(m, data, len, &err))
		fail("--kernel %s: %s", path, err);
	if (boots_as_linux(m))
		start_as_linux(m, append, m->image_start - m->ram_base);
	else if (*append && !m->opt->semihosting)
		fail("--append: this ELF file does not start with a header of the ARM Linux boot "
		     "protocol, so nothing would read the text; with --semihosting it can ask");
}

static void load_plain(struct machine *m, const char *path, const char *append, const uint8_t *data,
		       size_t len)
{
	uint32_t at = m->board->kernel_offset;

	if (m->opt->load_at_given)
		at = m->opt->load_at - m->ram_base;
	if (at & 3 || at >= m->arm_ram)
		fail("--load-at 0x%x: must be a multiple of 4 in RAM, which is %u bytes from 0x%x",
		     m->opt->load_at, m->arm_ram, m->ram_base);
	if (len == 0)
		fail("--kernel %s: the file is empty", path);
	if (len > m->arm_ram - at)
		fail("--kernel %s: %zu bytes do not fit into %u bytes of RAM from 0x%x", path, len,
		     m->arm_ram, m->ram_base + at);
	memcpy(m->ram + at, data, len);
	m->image_start = m->entry = m->ram_base + at;
	m->image_end = m->entry + (uint32_t)len;
	m->image_plain = true;
	start_as_linux(m, append, at);
}

void load_kernel(struct machine *m, const char *path, const char *append)
{
	struct cpu *c = m->cpu;
	uint8_t *data;
	size_t len;

	data = read_file("--kernel", path, &len);
	if (len >= 4 && !memcmp(data, "\177ELF", 4))
		load_elf(m, path, append, data, len);
	else
		load_plain(m, path, append, data, len);
	c->pc = m->entry & ~1u;
	if (m->entry & 1)
		c->cpsr |= CPSR_T;
	memset(m->dirty, 1, m->ram_size / PAGE_BYTES);
	free(data);
}
