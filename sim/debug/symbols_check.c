/* SPDX-License-Identifier: MIT */
/* Is an ELF file that gives names (--symbols) of the image that runs? Names of another build are
 * worse than none: each finding would point to the wrong place. */
#include <elf.h>
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

static void compare(struct machine *m, const char *path, const struct file *f, const Elf32_Shdr *sh,
		    uint32_t at)
{
	const uint8_t *want = f->data + sh->sh_offset;
	uint8_t *ram;
	uint32_t n = 0;

	if (at - m->image_start <= m->image_end - m->image_start &&
	    sh->sh_size <= m->image_end - at && machine_ram(m, at, &ram, sh->sh_size))
		while (n < sh->sh_size && want[n] == ram[n])
			n++;
	if (n < sh->sh_size)
		fail("--symbols %s: not of this image: --kernel %s has other bytes for 0x%08x; "
		     "both must be of one build",
		     path, m->opt->kernel, sh->sh_addr + n);
}

void symbols_check(struct machine *m, const char *path, const uint8_t *data, size_t len)
{
	struct file f = {.data = data, .len = len};
	uint32_t pa, lowest = UINT32_MAX;
	Elf32_Shdr sh;

	if (!header(&f, 0, 0, &f.eh, sizeof f.eh) || f.eh.e_ident[EI_CLASS] != ELFCLASS32 ||
	    f.eh.e_ident[EI_DATA] != ELFDATA2LSB || f.eh.e_machine != EM_ARM)
		fail("--symbols %s: not a little-endian 32-bit ARM ELF file", path);
	for (unsigned int n = 0; n < f.eh.e_shnum; n++)
		if (loaded_section(&f, n, &sh, &pa) && pa < lowest)
			lowest = pa;
	/* A plain image begins with the lowest byte that is loaded, wherever it is put */
	for (unsigned int n = 0; n < f.eh.e_shnum; n++)
		if (loaded_section(&f, n, &sh, &pa))
			compare(m, path, &f, &sh,
				m->image_plain ? pa - lowest + m->image_start : pa);
}
