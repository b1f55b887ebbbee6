/* SPDX-License-Identifier: MIT */
/* Which function an address belongs to: by the names that -mpoke-function-name leaves before
 * each function. The word before a function's first instruction is 0xFF000000 plus the length
 * of the padded name that ends there; no instruction looks like it. */
#include "boot/symbol.h"

#define NAME_MAX 128
#define REACH	 16384 /* bytes looked back over: more than our longest function */

extern const char _image_start[], _etext[];

const char *symbol_name(uintptr_t pc)
{
	uintptr_t low = (uintptr_t)_image_start + NAME_MAX;

	if (pc < low || pc >= (uintptr_t)_etext)
		return "?";
	for (uintptr_t a = pc & ~3u; a >= low && a > pc - REACH; a -= 4) {
		uint32_t mark = *(const uint32_t *)a;

		if (mark >> 24 == 0xFF && (mark & 0xFFFFFF) <= NAME_MAX && !(mark & 3))
			return (const char *)(a - (mark & 0xFFFFFF));
	}
	return "?";
}
