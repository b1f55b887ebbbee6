/* SPDX-License-Identifier: MIT */
/* What the boot parameters ask for, once the machine is up. */
#include "boot/actions.h"

#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "cache/ops.h"
#include "dma/skip.h"
#include "lib/params.h"
#include "monitor/console.h"
#include "race/demo.h"
#include "race/runner.h"
#include "selftest/selftest.h"

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

/* "a|b|c", as the linker has gathered them. What does not fit is cut. */
static void add_name(char *buf, size_t len, const char *name)
{
	size_t used = strlen(buf);

	snprintf(buf + used, len - used, "%s%s", used ? "|" : "", name);
}

static void list_exhibits(char *buf, size_t len)
{
	exhibit_for_each (e)
		add_name(buf, len, e->name);
}

static void list_selftests(char *buf, size_t len)
{
	selftest_for_each (t)
		add_name(buf, len, t->name);
}

PARAM_CUSTOM_LIST(exhibit, PARAM_BOOT, set_exhibit, show_exhibit, list_exhibits,
		  "run this exhibit at boot, then end");
PARAM_CUSTOM_LIST(selftest, PARAM_BOOT, set_selftest, show_selftest, list_selftests,
		  "run this test at boot, then end");

/* What a parameter asks for; false if nothing. */
static bool asked(const char *name, char *value, size_t len)
{
	param_show(param_find(name), value, len);
	return strcmp(value, "off") != 0 && strcmp(value, "-") != 0 && strcmp(value, "0") != 0;
}

/* The first of names that asks for something, with its value. */
static const char *first_asked(const char *const *names, char *value, size_t len)
{
	for (; *names; names++)
		if (asked(*names, value, len))
			return *names;
	return NULL;
}

bool actions_conflict(char *error, size_t len)
{
	static const char *const jobs[] = {"bench", "demo", "exhibit", "selftest", NULL};
	static const char *const own_runs[] = {"bench", "demo", NULL};
	static const char *const of_runs[] = {"sweep", "runs", NULL};
	char a[32], b[32];
	const char *job, *other;

	for (const char *const *j = jobs; *j; j++)
		if (asked(*j, a, sizeof(a)) && (other = first_asked(j + 1, b, sizeof(b)))) {
			snprintf(error, len,
				 "parameter %s=%s: cannot go with %s=%s; a boot does one of bench, "
				 "demo, exhibit, selftest",
				 other, b, *j, a);
			return true;
		}
	job = first_asked(own_runs, a, sizeof(a));
	if (job && (other = first_asked(of_runs, b, sizeof(b)))) {
		snprintf(error, len,
			 "parameter %s=%s: cannot go with %s=%s, which has its own runs", other, b,
			 job, a);
		return true;
	}
	if (selftest[0] && asked("sweep", b, sizeof(b))) {
		snprintf(error, len,
			 "parameter sweep=%s: cannot go with selftest=%s; it is for an exhibit", b,
			 selftest);
		return true;
	}
	if (exhibit[0] && race_leaf_conflict()) {
		snprintf(error, len, "parameter leaf=block: %s", race_leaf_conflict());
		return true;
	}
	if (race_demo_wanted() && dcache.block) {
		snprintf(error, len,
			 "parameter leaf=block: cannot go with demo=on, which stops before single "
			 "lines");
		return true;
	}
	if (!race_conflict())
		return false;
	param_show(param_find("runs"), b, sizeof(b));
	snprintf(error, len, "parameter runs=%s: %s", b, race_conflict());
	return true;
}

static int run_what_was_asked(void)
{
	if (bench_wanted())
		return bench_run();
	if (race_demo_wanted())
		return race_demo();
	if (exhibit[0])
		return race_command(exhibit);
	if (selftest[0])
		return selftest_command(selftest);
	return (int)console_monitor();
}

int actions_run(void)
{
	int status;

	skip_apply();
	status = run_what_was_asked();
	skip_undo();
	return status;
}
