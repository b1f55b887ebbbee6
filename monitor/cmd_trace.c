/* SPDX-License-Identifier: MIT */
/* trace: what was recorded last, as a timeline. */
#include <stdio.h>
#include <string.h>

#include "mm/page.h"
#include "monitor/command.h"
#include "trace/ring.h"
#include "trace/timeline.h"

/* An exhibit's own names ended with it. A page that had more done to it than a kmap() is told
 * by its frame; the others have no name and are told together. */
static const char *name_of(uint32_t pa)
{
	static char name[2][24];
	static unsigned turn;
	const struct trace_event *e;

	for (uint32_t i = 0; (e = trace_at(i)); i++)
		if (e->kind != TRACE_KMAP && e->kind != TRACE_ATOMIC && e->pa &&
		    (e->pa & PAGE_MASK) == pa)
			break;
	if (!e || !phys_is_ram(pa))
		return NULL;
	turn = !turn;
	snprintf(name[turn], sizeof(name[0]), "frame %lu",
		 (unsigned long)(phys_to_page(pa) - mem_map));
	return name[turn];
}

static const char *run_trace(int argc, char **argv)
{
	if (argc == 1) {
		if (trace_count())
			timeline_print(name_of, NULL);
		else
			printf("nothing is recorded; 'run EXHIBIT trace=on' records a run, 'trace "
			       "on' what is done by hand\n");
		return NULL;
	}
	if (argc == 2 && strcmp(argv[1], "on") == 0)
		trace_on = true;
	else if (argc == 2 && strcmp(argv[1], "off") == 0)
		trace_on = false;
	else if (argc == 2 && strcmp(argv[1], "clear") == 0)
		trace_clear();
	else
		return "nothing expected, or one of on, off, clear";
	return NULL;
}

static const char *complete_trace(int arg, const char *before, unsigned n)
{
	static const char *const words[] = {"on", "off", "clear"};

	(void)before;
	return arg == 1 && n < 3 ? words[n] : NULL;
}

COMMAND_COMPLETE(trace, run_trace, "trace [on|off|clear]",
		 "tells what was recorded; on: by hand, too", complete_trace);
