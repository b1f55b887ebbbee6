/* SPDX-License-Identifier: MIT */
/* Is an ELF file that gives names (--symbols) of the image that runs? Names of another build are
 * worse than none: each finding would point to the wrong place. */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "sim/debug/symbols.h"
#include "sim/fail.h"
#include "sim/machine.h"
#include "sim/options.h"

struct file {
	const uint8_t *data;
	size_t len;
	Elf32_Ehdr eh;
};

/* Header n of a table at off in the file; false outside it. */
static bool header(const struct file *f, uint64_t off, unsigned int n, void *to, size_t size)
{
	off += (uint64_t)n * size;
	if (off > f->len || size > f->len - off)
		return false;
	memcpy(to, f->data + off, size);
	return true;
}

/* A section whose bytes are loaded, and where to: its load address, by the segment it is in. */
static bool loaded_section(const struct file *f, unsigned int n, Elf32_Shdr *sh, uint32_t *pa)
{
	Elf32_Phdr ph;

	if (!header(f, f->eh.e_shoff, n, sh, sizeof *sh) || sh->sh_type == SHT_NOBITS ||
	    !(sh->sh_flags & SHF_ALLOC) || !sh->sh_size || sh->sh_offset > f->len ||
	    sh->sh_size > f->len - sh->sh_offset)
		return false;
	*pa = sh->sh_addr;
	for (unsigned int k = 0; header(f, f->eh.e_phoff, k, &ph, sizeof ph) && k < f->eh.e_phnum;
	     k++)
		if (ph.p_type == PT_LOAD && sh->sh_addr - ph.p_vaddr < ph.p_memsz) {
			*pa = sh->sh_addr - ph.p_vaddr + ph.p_paddr;
			break;
		}
	return true;
}

/* Bytes of a CRC that is filled in when the ELF file has been made into a plain image: a kernel of
 * Murphy has its word at this name. */
#define CRC_NAME "image_crc"
#define CRC_SIZE 4

/* What was compared so far. */
struct match {
	uint32_t crc; /* its linked address, 0: there is none */
	uint64_t bytes, wrong;
	uint32_t first; /* wrong byte, by its linked address */
};

static void compare(struct machine *m, const struct file *f, const Elf32_Shdr *sh, uint32_t at,
		    struct match *r)
{
	const uint8_t *want = f->data + sh->sh_offset;
	bool there = at - m->image_start <= m->image_end - m->image_start;
	uint8_t *ram;

	r->bytes += sh->sh_size;
	for (uint32_t n = 0; n < sh->sh_size; n++) {
		if (there && n < m->image_end - at && machine_ram(m, at + n, &ram, 1) &&
		    *ram == want[n])
			continue;
		if (r->crc && sh->sh_addr + n - r->crc < CRC_SIZE && !want[n])
			continue;
		if (!r->wrong++)
			r->first = sh->sh_addr + n;
	}
}

void symbols_check(struct machine *m, const char *path, const uint8_t *data, size_t len, bool named)
{
	struct file f = {.data = data, .len = len};
	uint32_t pa, lowest = UINT32_MAX;
	struct match r = {.crc = symbols_addr(m->syms, CRC_NAME)};
	Elf32_Shdr sh;

	if (!header(&f, 0, 0, &f.eh, sizeof f.eh) || f.eh.e_ident[EI_CLASS] != ELFCLASS32 ||
	    f.eh.e_ident[EI_DATA] != ELFDATA2LSB || f.eh.e_machine != EM_ARM)
		fail("--symbols %s: not a little-endian 32-bit ARM ELF file", path);
	if (!named)
		fail("--symbols %s: it has no names of functions; take the file as it was linked, "
		     "not stripped",
		     path);
	for (unsigned int n = 0; n < f.eh.e_shnum; n++)
		if (loaded_section(&f, n, &sh, &pa) && pa < lowest)
			lowest = pa;
	/* A plain image begins with the lowest byte that is loaded, wherever it is put */
	for (unsigned int n = 0; n < f.eh.e_shnum; n++)
		if (loaded_section(&f, n, &sh, &pa))
			compare(m, &f, &sh, m->image_plain ? pa - lowest + m->image_start : pa, &r);
	/* In another build all behind the first change has moved; a patch moves nothing */
	if (r.wrong > r.bytes / 16)
		fail("--symbols %s: not of this image: --kernel %s has other bytes from 0x%08x on; "
		     "both must be of one build",
		     path, m->opt->kernel, r.first);
	if (r.wrong && !m->opt->quiet)
		fprintf(stderr,
			"murphy-sim: --symbols %s: %llu bytes of --kernel %s differ, from 0x%08x "
			"on: "
			"names are taken as if it was patched there\n",
			path, (unsigned long long)r.wrong, m->opt->kernel, r.first);
}
