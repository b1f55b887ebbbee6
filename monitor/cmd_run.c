/* SPDX-License-Identifier: MIT */
/* exhibits, run, test: what runs and judges, with settings for that one time. */
#include <stdio.h>
#include <string.h>

#include "lib/params.h"
#include "monitor/cmd_args.h"
#include "monitor/cmd_pages.h"
#include "monitor/command.h"
#include "race/runner.h"
#include "selftest/selftest.h"

static struct setting {
	const struct param *param;
	char before[64];
} settings[COMMAND_ARGS_MAX];
static unsigned setting_count;

static void settings_restore(void)
{
	char word[sizeof(settings[0].before) + 32], wrong[200];

	/* Backwards: of a parameter given twice, the first has what was there before. */
	while (setting_count > 0) {
		const struct setting *s = &settings[--setting_count];

		snprintf(word, sizeof(word), "%s=%s", s->param->name, s->before);
		if (!param_set(word, PARAM_ANY, wrong, sizeof(wrong)))
			printf("%s could not be set back to %s: %s\n", s->param->name, s->before,
			       wrong);
	}
}

/* Makes each "name=value" of words hold until settings_restore(). NULL, or what was wrong with
 * one of them; nothing is changed then. */
static const char *settings_take(char **words)
{
	static char wrong[200];

	for (; *words; words++) {
		struct setting *s = &settings[setting_count];
		char name[32];

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(*words, "="), *words);
		s->param = param_find(name);
		if (s->param)
			param_show(s->param, s->before, sizeof(s->before));
		if (!param_set(*words, PARAM_ANY, wrong, sizeof(wrong))) {
			settings_restore();
			return wrong;
		}
		setting_count++;
	}
	return NULL;
}

/* A verdict is about the exhibit's own threads; and with enough slots pinned by hand they would
 * sleep for one for ever. */
static const char *must_be_idle(void)
{
	return pages_kmaps() ? "pages are still mapped by hand; kunmap them first (pages lists "
			       "them)"
			     : NULL;
}

static void list_exhibits(void)
{
	exhibit_for_each (e)
		printf("  %-12s %s\n", e->name, e->what);
}

static const char *run_exhibits(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return "no argument expected; 'run NAME' runs one";
	list_exhibits();
	return NULL;
}

COMMAND(exhibits, run_exhibits, "exhibits", "lists what `run` can run");

static const char *run_run(int argc, char **argv)
{
	const char *wrong;

	if (argc < 2)
		return "an exhibit's name expected; exhibits lists them";
	if (!exhibit_find(argv[1]))
		return args_wrong("there is no exhibit %s; exhibits lists those there are",
				  argv[1]);
	wrong = must_be_idle();
	if (!wrong)
		wrong = settings_take(argv + 2);
	if (wrong)
		return wrong;
	wrong = race_conflict();
	if (!wrong)
		wrong = race_leaf_conflict();
	if (!wrong)
		race_command(argv[1]);
	settings_restore();
	return wrong;
}

/* The nth "name=" that may be set now. */
static const char *setting_word(unsigned n)
{
	static char word[32];
	const struct param *p;

	param_for_each (p)
		if (p->when == PARAM_ANY && n-- == 0) {
			snprintf(word, sizeof(word), "%s=", p->name);
			return word;
		}
	return NULL;
}

static const char *complete_run(int arg, const char *before, unsigned n)
{
	(void)before;
	if (arg > 1)
		return setting_word(n);
	exhibit_for_each (e)
		if (n-- == 0)
			return e->name;
	return NULL;
}

/* By hand: COMMAND(run, ...) would call this object command_run. */
static const struct command run_command TABLE_ENTRY("murphy_commands") = {
	.name = "run",
	.run = run_run,
	.usage = "run EXHIBIT [name=value ...]",
	.help = "runs an exhibit, with these settings this once",
	.complete = complete_run,
};

static const char *run_test(int argc, char **argv)
{
	const char *wrong;
	bool known = false;

	if (argc == 1) {
		selftest_for_each (t)
			printf("  %-12s %s\n", t->name, t->what);
		return NULL;
	}
	selftest_for_each (t)
		known |= strcmp(t->name, argv[1]) == 0;
	if (!known)
		return args_wrong("there is no test %s; test alone lists those there are", argv[1]);
	wrong = must_be_idle();
	if (!wrong)
		wrong = settings_take(argv + 2);
	if (wrong)
		return wrong;
	selftest_command(argv[1]);
	settings_restore();
	return NULL;
}

static const char *complete_test(int arg, const char *before, unsigned n)
{
	(void)before;
	if (arg > 1)
		return setting_word(n);
	selftest_for_each (t)
		if (n-- == 0)
			return t->name;
	return NULL;
}

COMMAND_COMPLETE(test, run_test, "test [NAME [name=value ...]]",
		 "runs a test of the kernel, or lists the tests", complete_test);
