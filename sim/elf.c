/* SPDX-License-Identifier: MIT */
/* ELF: program headers into RAM by physical address, and function symbols. */
#include <elf.h>
#include <string.h>

#include "sim/loader.h"
#include "sim/machine.h"
#include "sim/debug/symbols.h"

static bool inside(size_t len, uint64_t off, uint64_t n)
{
	return off <= len && n <= len - off;
}

/* Functions, objects, and the labels of assembly, which have no type; $a, $d and $t only say
 * what kind of bytes follow. */
static bool names_a_place(const Elf32_Sym *sym, const char *name)
{
	switch (ELF32_ST_TYPE(sym->st_info)) {
	case STT_FUNC:
	case STT_OBJECT:
		return true;
	case STT_NOTYPE:
		return *name && *name != '$' && sym->st_shndx != SHN_UNDEF &&
		       sym->st_shndx < SHN_LORESERVE;
	default:
		return false;
	}
}

static uint32_t size_of(const Elf32_Sym *sym)
{
	if (ELF32_ST_TYPE(sym->st_info) == STT_NOTYPE)
		return 0;
	return sym->st_size ? sym->st_size : 1; /* a function that forgot its .size */
}

void symbols_from_elf(struct symbols *s, const uint8_t *data, size_t len)
{
	Elf32_Ehdr eh;
	Elf32_Shdr sh, strings;

	memcpy(&eh, data, sizeof eh);
	for (unsigned int n = 0; n < eh.e_shnum; n++) {
		uint64_t at = eh.e_shoff + (uint64_t)n * sizeof sh;

		if (!inside(len, at, sizeof sh))
			return;
		memcpy(&sh, data + at, sizeof sh);
		at = eh.e_shoff + (uint64_t)sh.sh_link * sizeof sh;
		if (sh.sh_type != SHT_SYMTAB || !inside(len, sh.sh_offset, sh.sh_size) ||
		    !inside(len, at, sizeof strings))
			continue;
		memcpy(&strings, data + at, sizeof strings);
		if (!inside(len, strings.sh_offset, strings.sh_size) || !strings.sh_size)
			continue;
		for (uint32_t k = 0; k + sizeof(Elf32_Sym) <= sh.sh_size; k += sizeof(Elf32_Sym)) {
			const char *name;
			Elf32_Sym sym;

			memcpy(&sym, data + sh.sh_offset + k, sizeof sym);
			if (sym.st_name >= strings.sh_size)
				continue;
			name = (const char *)data + strings.sh_offset + sym.st_name;
			if (names_a_place(&sym, name))
				symbols_add(s, sym.st_value & ~1u, size_of(&sym), name,
					    strnlen(name, strings.sh_size - sym.st_name));
		}
	}
	symbols_sort(s);
}

bool elf_load(struct machine *m, const uint8_t *data, size_t len, const char **err)
{
	Elf32_Ehdr eh;
	Elf32_Phdr ph;
	bool any = false;

	if (len < sizeof eh) {
		*err = "the ELF header is cut off";
		return false;
	}
	memcpy(&eh, data, sizeof eh);
	if (eh.e_ident[EI_CLASS] != ELFCLASS32 || eh.e_ident[EI_DATA] != ELFDATA2LSB ||
	    eh.e_machine != EM_ARM) {
		*err = "not a little-endian 32-bit ARM ELF file";
		return false;
	}
	for (unsigned int n = 0; n < eh.e_phnum; n++) {
		uint64_t at = eh.e_phoff + (uint64_t)n * sizeof ph;
		uint8_t *ram;

		if (!inside(len, at, sizeof ph)) {
			*err = "a program header lies outside the file";
			return false;
		}
		memcpy(&ph, data + at, sizeof ph);
		if (ph.p_type != PT_LOAD || !ph.p_memsz)
			continue;
		if (!inside(len, ph.p_offset, ph.p_filesz) || ph.p_filesz > ph.p_memsz) {
			*err = "a segment lies outside the file";
			return false;
		}
		if (!machine_ram(m, ph.p_paddr, &ram, ph.p_memsz)) {
			*err = "a segment's physical address lies outside RAM (see --mem)";
			return false;
		}
		memcpy(ram, data + ph.p_offset, ph.p_filesz);
		memset(ram + ph.p_filesz, 0, ph.p_memsz - ph.p_filesz);
		if (!any || ph.p_paddr < m->image_start)
			m->image_start = ph.p_paddr;
		if (ph.p_paddr + ph.p_memsz > m->image_end)
			m->image_end = ph.p_paddr + ph.p_memsz;
		any = true;
	}
	if (!any) {
		*err = "no segment to load";
		return false;
	}
	m->entry = eh.e_entry;
	symbols_from_elf(m->syms, data, len);
	return true;
}
