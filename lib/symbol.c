/* SPDX-License-Identifier: MIT */
/* Which function an address belongs to: by the table that the second link puts behind all other
 * data (tools/symbol_table), so that it moves nothing it speaks of. */
#include "lib/symbol.h"

#include <stddef.h>

struct symbol {
	uintptr_t address;
	const char *name;
};

/* Both at one place (no entry) in the first link. */
extern const struct symbol symbol_table[], symbol_table_end[];
extern const char _image_start[], _etext[];

const char *symbol_name(uintptr_t pc)
{
	const struct symbol *low = symbol_table, *high = symbol_table_end;

	if (pc < (uintptr_t)_image_start || pc >= (uintptr_t)_etext)
		return "?";
	/* The last entry that is not above pc: low is one, high is none. */
	while (high - low > 1) {
		const struct symbol *middle = low + (high - low) / 2;

		if (middle->address <= pc)
			low = middle;
		else
			high = middle;
	}
	return low < high && low->address <= pc ? low->name : "?";
}
