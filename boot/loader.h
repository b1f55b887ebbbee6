/* SPDX-License-Identifier: MIT */
/* What the loader passed: read once, said, and refused if it is wrong. */
#ifndef BOOT_LOADER_H
#define BOOT_LOADER_H

#include <stddef.h>

#include "boot/handover.h"

/* All boot only, in this order, once the console works. */

/* Reads the loader's list or tree; says what is done without. Does not return if it is broken. */
const struct handover *loader_handover(void);
/* Sets the parameters of its command line. Does not return if one cannot be taken, or for help. */
void loader_parameters(void);
/* Where they came from, in words: "ATAGs at 00000100, ...". */
void loader_describe(char *buf, size_t len);

#endif
