/* SPDX-License-Identifier: MIT */
/* Tests that need the machine: run by selftest=NAME at boot or by the monitor. The linker
 * gathers them (section murphy_selftests). */
#ifndef SELFTEST_SELFTEST_H
#define SELFTEST_SELFTEST_H

#include <stdbool.h>
#include <stdint.h>

struct selftest {
	const char *name;
	const char *what; /* one line */
	/* Prints what went wrong, if anything, and one closing line with the figures. True if all
	 * is well. runs: 0 = as many as usual. Context: task. */
	bool (*run)(uint32_t runs, uint32_t seed);
};

#define SELFTEST(ident)                               \
	static const struct selftest selftest_##ident \
		__attribute__((used, section("murphy_selftests"), aligned(sizeof(void *))))

extern const struct selftest __start_murphy_selftests[], __stop_murphy_selftests[];
/* The bounds are two symbols of the linker's, not two ends of one array: compared as numbers. */
#define selftest_for_each(t)                                      \
	for (const struct selftest *t = __start_murphy_selftests; \
	     (uintptr_t)t < (uintptr_t)__stop_murphy_selftests; t++)

/* Runs one by name and prints "verdict selftest=NAME seed=.. status=OK|FAIL". The exit status. */
int selftest_command(const char *name);

#endif
