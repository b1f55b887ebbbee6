/* SPDX-License-Identifier: MIT */
/* murphy-sim: the command. */
#include <stdio.h>

#include "sim/debug/gdb.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/signals.h"
#include "sim/debug/stats.h"

int main(int argc, char **argv)
{
	struct options o;
	struct machine *m;
	int code;

	signals_init();
	options_parse(&o, argc, argv);
	m = machine_new(&o);
	if (o.gdb)
		gdb_serve(m, o.gdb);
	else
		machine_run(m);
	code = machine_end(m);
	if (o.stats)
		stats_print(m, stderr);
	machine_free(m);
	signals_end();
	return code;
}
