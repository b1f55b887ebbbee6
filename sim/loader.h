/* SPDX-License-Identifier: MIT */
/* Putting an image into RAM and the CPU at its entry. */
#ifndef SIM_LOADER_H
#define SIM_LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;

/* Loads path: an ELF by p_paddr, anything else as a Linux image (ARM boot protocol); so too an
 * ELF whose entry has the header of such an image. Exits with a message if that is impossible. */
void load_kernel(struct machine *m, const char *path, const char *append);
/* elf.c: true if data is an ELF file that could be loaded; *err names what is wrong. */
bool elf_load(struct machine *m, const uint8_t *data, size_t len, const char **err);

#endif
