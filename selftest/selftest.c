/* SPDX-License-Identifier: MIT */
/* Tests that need the machine. */
#include "selftest/selftest.h"

#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "lib/exit.h"
#include "lib/run_params.h"

int selftest_command(const char *name)
{
	selftest_for_each (t) {
		bool ok;

		if (strcmp(t->name, name) != 0)
			continue;
		ok = t->run(run_count, run_seed);
		printf("verdict selftest=%s board=%s truth=%s seed=%lu status=%s\n", name,
		       machine.board, machine_truth_name(), (unsigned long)run_seed,
		       ok ? "OK" : "FAIL");
		board_verdict(ok);
		return ok ? EXIT_OK : EXIT_VERDICT;
	}
	printf("selftest %s is not known; valid:", name);
	selftest_for_each (t)
		printf(" %s", t->name);
	printf("\n");
	return EXIT_USAGE;
}
