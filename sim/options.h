/* SPDX-License-Identifier: MIT */
/* The command line. */
#ifndef SIM_OPTIONS_H
#define SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct options {
	const char *board, *kernel, *append, *cpu, *cache, *icache, *serial, *trace, *events,
		*symbols, *entry, *dtb, *mutant_after, *check_ignore;
	uint32_t load_at; /* where a plain image goes, if load_at_given; else where the board's
			   * loader puts it */
	bool load_at_given;
	uint32_t mem;	/* bytes; 0 = the board's default */
	uint32_t alias; /* of bus addresses (raspi) that is the ARM's view: 0 to 3 */
	uint32_t seed;
	uint64_t max_insns; /* 0 = no limit */
	uint32_t quirks;    /* CM_QUIRK_* of the mutants */
	bool walk_in_cache, prefetch, reorder;
	bool semihosting, stats, check, quiet;
	const char *gdb; /* PORT or unix:PATH */
	bool wait_gdb;
};

/* Fills *o or exits: 0 after --help, 2 after a message that names the wrong option. */
void options_parse(struct options *o, int argc, char **argv);
/* "16M", "4096K", "0x1000" to bytes. */
bool options_size(const char *text, uint64_t *val);

#endif
