/* SPDX-License-Identifier: MIT */
/* Why data was lost: only what was seen to happen, by the witness where there is one. */
#include "race/why.h"

unsigned why_lost(const struct ghost_check *check, const struct account *account,
		  const struct preempt_seen *seen, bool same_address)
{
	unsigned why = 0;

	for (uint32_t n = 0; n < LINES_PER_PAGE; n++) {
		bool explained = account->line[n].discarded;

		if (!check->bad[n])
			continue;
		if (!account->witnessed)
			explained = seen->taken && same_address && check->old[n] &&
				    (!seen->counted || n >= seen->lines);
		why |= explained ? WHY_DISCARDED : WHY_UNKNOWN;
	}
	return why;
}

unsigned why_stale(const struct ghost_check *memory, const struct ghost_check *cpu,
		   const struct account *account)
{
	unsigned why = 0;

	for (uint32_t n = 0; n < LINES_PER_PAGE; n++) {
		if (memory->bad[n] && memory->old[n] &&
		    (account->line[n].written_over || !account->witnessed))
			why |= WHY_OVERWRITTEN;
		else if (cpu->bad[n] && !memory->bad[n] && cpu->old[n])
			why |= WHY_STALE_HIT;
		else if (memory->bad[n] || cpu->bad[n])
			why |= WHY_UNKNOWN;
	}
	return why;
}
