/* SPDX-License-Identifier: MIT */
/* Names of functions, objects and labels by address. */
#ifndef SIM_DEBUG_SYMBOLS_H
#define SIM_DEBUG_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct symbols;

struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);
/* size 0: not known, as of a label in assembly. */
void symbols_add(struct symbols *s, uint32_t addr, uint32_t size, const char *name, size_t len);
/* After the last symbols_add(), before the first symbols_name(). */
void symbols_sort(struct symbols *s);
/* "func+0x12", or "?" if nothing is known; the buffer is overwritten by the next call. */
const char *symbols_name(const struct symbols *s, uint32_t addr);
/* The symbols of an ELF file beside a .bin, when the image is loaded and has not run;
 * exits with a message if it is not that, or of another image. */
void symbols_load_file(struct machine *m, const char *path);
/* symbols_check.c: exits with a message if the ELF file in data is not of m's image, or has given
 * no names (named). */
void symbols_check(struct machine *m, const char *path, const uint8_t *data, size_t len,
		   bool named);
void symbols_from_elf(struct symbols *s, const uint8_t *data, size_t len);
/* The address of a name; 0 if unknown. */
uint32_t symbols_addr(const struct symbols *s, const char *name);

#endif
