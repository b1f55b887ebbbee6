/* SPDX-License-Identifier: MIT */
/* Which function an address belongs to. */
#ifndef LIB_SYMBOL_H
#define LIB_SYMBOL_H

#include <stdint.h>

/* The name of the function that pc is in, or "?" (assembly, newlib and libgcc have none).
 * Context: any. */
const char *symbol_name(uintptr_t pc);

#endif
