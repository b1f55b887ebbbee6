/* SPDX-License-Identifier: MIT */
/* murphy-sim: the command. */
#include <stdio.h>

#include "sim/debug/gdb.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/serial.h"
#include "sim/debug/stats.h"

int main(int argc, char **argv)
{
	struct options o;
	struct machine *m;
	int code;

	options_parse(&o, argc, argv);
	m = machine_new(&o);
	code = o.gdb ? gdb_serve(m, o.gdb) : machine_run(m);
	serial_flush(m->serial);
	if (o.stats)
		stats_print(m, stderr);
	machine_free(m);
	return code;
}
