/* SPDX-License-Identifier: MIT */
/* What the boot parameters ask for, once the machine is up. */
#include "boot/actions.h"

#include <stdio.h>
#include <string.h>

#include "boot/exit.h"
#include "boot/params.h"
#include "boot/selftest.h"
#include "race/demo.h"
#include "race/runner.h"

static char exhibit[24], selftest[24];

/* One setter each: parameters have no argument of their own. */
static const char *set_exhibit(const char *text)
{
	if (!exhibit_find(text))
		return "no such exhibit";
	snprintf(exhibit, sizeof(exhibit), "%s", text);
	return NULL;
}

static const char *set_selftest(const char *text)
{
	selftest_for_each (t)
		if (strcmp(t->name, text) == 0) {
			snprintf(selftest, sizeof(selftest), "%s", text);
			return NULL;
		}
	return "no such test";
}

static void show_exhibit(char *buf, size_t len)
{
	snprintf(buf, len, "%s", exhibit[0] ? exhibit : "-");
}

static void show_selftest(char *buf, size_t len)
{
	snprintf(buf, len, "%s", selftest[0] ? selftest : "-");
}

PARAM_CUSTOM(exhibit, PARAM_BOOT, set_exhibit, show_exhibit, "kmap-race",
	     "run this exhibit at boot, then end");
PARAM_CUSTOM(selftest, PARAM_BOOT, set_selftest, show_selftest, "ldst|pkmap|dmatest",
	     "run this test at boot, then end");

int actions_run(void)
{
	if (race_demo_wanted())
		return race_demo();
	if (exhibit[0])
		return race_command(exhibit);
	if (selftest[0])
		return selftest_command(selftest);
	return EXIT_OK;
}
