/* SPDX-License-Identifier: MIT */
/* Parsing the command line. Every complaint names the option and what would be right. */
#include "sim/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cache/model.h"
#include "sim/cpu/core.h"
#include "sim/fail.h"

static const char help[] =
	"murphy-sim: an ARM9/ARM11 board whose caches hold data\n"
	"\n"
	"  --kernel FILE      the image: ELF (loaded by physical address), or anything else as an\n"
	"                     ARM Linux image (at its place in RAM, with ATAGs); an ELF of such "
	"an\n"
	"                     image gets ATAGs as well\n"
	"  --append TEXT      command line of the image (ATAGs, semihosting)\n"
	"  --load-at ADDRESS  where a plain image goes; the board's loader says else: 0x10000 in "
	"RAM,\n"
	"                     raspi 0x8000\n"
	"  --dtb FILE         a device tree in r2 instead of ATAGs, as it is: memory and bootargs\n"
	"                     must be in it\n"
	"  --board NAME       versatilepb (default), raspi (Raspberry Pi 1 and Zero)\n"
	"  --alias N          raspi: the bus address alias that the ARM's view of RAM is: 4 "
	"(default:\n"
	"                     0x40000000), 0, 8 or c\n"
	"  --cpu NAME         arm926 (versatilepb), arm1176 (raspi), arm1136, arm11mpcore\n"
	"  --cache GEOMETRY   D-cache, e.g. vivt,16k,4way,32b (\",wa\": write-allocate; "
	"\",random\")\n"
	"  --icache GEOMETRY  I-cache, e.g. vivt,16k,4way,32b\n"
	"  --mem SIZE         RAM, e.g. 64M (default 128M; raspi 512M, of which the GPU keeps "
	"64M)\n"
	"  --seed N           of every random choice (default 1)\n"
	"  --entry STATE      what the loader left: cold (default), dirty (stale lines and TLB\n"
	"                     entries), on (MMU and caches on, as after U-Boot's go; devices\n"
	"                     in the middle of interrupts)\n"
	"  --serial WHERE     stdio (default), none, file:PATH, tcp:PORT (waits for a client)\n"
	"  --semihosting      serve ARM semihosting calls\n"
	"  --trace FILE       one line for each instruction with the registers it changed\n"
	"  --events FILE      what the D-cache did to lines: fill, evict, writeback, discard;\n"
	"                     between them devices' copies and the image's output\n"
	"  --stats            counters at the end\n"
	"  --max-insns N      stop after N instructions (exit status 124)\n"
	"  --mutant NAME      a cache that is not right: inv-writes-back, no-allocate, no-drain,\n"
	"                     walk-in-cache, coherent, inv-keeps-dirty; prefetch: one that may\n"
	"                     fill by itself, as from the Cortex-A on; reorder: raspi, answers of\n"
	"                     peripherals change places (may be repeated)\n"
	"  --mutant-after TEXT the mutants begin when the image has written TEXT to its UART\n"
	"  --check            hunter mode: report what a real board may do to this image\n"
	"  --check-ignore F,G functions whose findings are meant (default cache_probe)\n"
	"  --symbols ELF      function names for a .bin of the same build\n"
	"  --gdb WHERE        wait for a debugger before the first instruction, on 127.0.0.1:PORT\n"
	"                     (WHERE is PORT) or on a socket of this machine (unix:PATH)\n"
	"  --quiet            no message when the run ends early\n"
	"  --help             this text\n"
	"\n"
	"Ctrl-A X leaves. Exit status: that of the image (semihosting), 2 for a wrong option,\n"
	"1 stuck, 123 end of input, 124 --max-insns, 125 an output that failed.\n"
	"\n"
	"Examples:\n"
	"  murphy-sim --kernel build/versatilepb/murphy.bin --append \"fix=none preempt=at:41\"\n"
	"  murphy-sim --kernel murphy.elf --cache vivt,8k,4way,32b --stats --semihosting\n"
	"  murphy-sim --kernel murphy.bin --symbols murphy.elf --check\n"
	"  murphy-sim --kernel murphy.elf --gdb 1234   # gdb-multiarch: target remote :1234\n";

static const struct {
	const char *name;
	uint32_t quirk; /* of the cache; 0: the option of that name */
} mutants[] = {
	{"inv-writes-back", CM_QUIRK_INV_WRITES_BACK},
	{"inv-keeps-dirty", CM_QUIRK_INV_KEEPS_DIRTY},
	{"no-allocate", CM_QUIRK_NO_ALLOCATE},
	{"no-drain", CM_QUIRK_NO_DRAIN},
	{"coherent", CM_QUIRK_COHERENT},
	{"walk-in-cache", 0},
	{"prefetch", 0},
	{"reorder", 0},
};

static void add_mutant(struct options *o, const char *name)
{
	for (unsigned int n = 0; n < sizeof mutants / sizeof mutants[0]; n++)
		if (!strcmp(mutants[n].name, name)) {
			o->quirks |= mutants[n].quirk;
			o->walk_in_cache |= !strcmp(name, "walk-in-cache");
			o->prefetch |= !strcmp(name, "prefetch");
			o->reorder |= !strcmp(name, "reorder");
			return;
		}
	fail("--mutant %s: no such mutant; there are: inv-writes-back inv-keeps-dirty "
	     "no-allocate no-drain coherent walk-in-cache prefetch reorder",
	     name);
}

bool options_size(const char *text, uint64_t *val)
{
	char *end;

	errno = 0;
	if (text[0] == '-')
		return false;
	*val = strtoull(text, &end, 0);
	if (end == text || errno || *val > 1ull << 50)
		return false;
	if ((*end == 'k' || *end == 'K') && end++)
		*val <<= 10;
	else if ((*end == 'm' || *end == 'M') && end++)
		*val <<= 20;
	else if ((*end == 'g' || *end == 'G') && end++)
		*val <<= 30;
	return *end == 0;
}

static uint64_t number(const char *opt, const char *text, uint64_t max)
{
	uint64_t v;

	if (!options_size(text, &v) || v > max)
		fail("%s %s: must be a number from 0 to %llu (K, M, G may follow)", opt, text,
		     (unsigned long long)max);
	return v;
}

/* Where an option without a value goes; NULL if there is none of that name. */
static bool *flag_slot(struct options *o, const char *name)
{
	const struct {
		const char *name;
		bool *where;
	} t[] = {
		{"--semihosting", &o->semihosting},
		{"--stats", &o->stats},
		{"--check", &o->check},
		{"--quiet", &o->quiet},
	};

	for (unsigned int n = 0; n < sizeof t / sizeof t[0]; n++)
		if (!strcmp(t[n].name, name))
			return t[n].where;
	return NULL;
}

static const char **text_slot(struct options *o, const char *name)
{
	const struct {
		const char *name, **where;
	} t[] = {
		{"--board", &o->board},
		{"--kernel", &o->kernel},
		{"--append", &o->append},
		{"--cpu", &o->cpu},
		{"--cache", &o->cache},
		{"--icache", &o->icache},
		{"--serial", &o->serial},
		{"--trace", &o->trace},
		{"--symbols", &o->symbols},
		{"--gdb", &o->gdb},
		{"--events", &o->events},
		{"--entry", &o->entry},
		{"--dtb", &o->dtb},
		{"--mutant-after", &o->mutant_after},
		{"--check-ignore", &o->check_ignore},
	};

	for (unsigned int n = 0; n < sizeof t / sizeof t[0]; n++)
		if (!strcmp(t[n].name, name))
			return t[n].where;
	return NULL;
}

static uint32_t alias(const char *text)
{
	static const char names[] = "048cC";
	const char *at = *text && !text[1] ? strchr(names, *text) : NULL;

	if (!at)
		fail("--alias %s: must be 4, 0, 8 or c", text);
	return at - names == 4 ? 3 : (uint32_t)(at - names);
}

static bool other_option(struct options *o, const char *name, const char *val)
{
	if (!strcmp(name, "--mem")) {
		if (val && !(o->mem = (uint32_t)number(name, val, 1u << 30)))
			fail("--mem %s: at least 1M and whole pages are needed", val);
	} else if (!strcmp(name, "--alias")) {
		o->alias = val ? alias(val) : o->alias;
	} else if (!strcmp(name, "--load-at")) {
		o->load_at = val ? (uint32_t)number(name, val, UINT32_MAX) : 0;
		o->load_at_given = true;
	} else if (!strcmp(name, "--seed")) {
		o->seed = val ? (uint32_t)number(name, val, UINT32_MAX) : o->seed;
	} else if (!strcmp(name, "--max-insns")) {
		o->max_insns = val ? number(name, val, 1ull << 50) : 0;
	} else if (!strcmp(name, "--mutant")) {
		if (val)
			add_mutant(o, val);
	} else {
		return false;
	}
	return true;
}

/* One option; val: what stood behind its "=", or NULL. Returns how many of the following
 * arguments it took. */
static int option(struct options *o, const char *name, const char *val, const char *follows)
{
	const char **text = text_slot(o, name);
	bool *flag = flag_slot(o, name);
	int taken = 0;

	if (strncmp(name, "--", 2))
		fail("%s: not an option; an image is given as --kernel FILE", name);
	if (flag && val)
		fail("%s: takes no value", name);
	if (flag)
		*flag = true;
	if (flag)
		return 0;
	if (!text && !other_option(o, name, NULL))
		fail("%s: no such option; see --help", name);
	if (!val && follows && (strncmp(follows, "--", 2) || text == &o->append)) {
		val = follows;
		taken = 1;
	}
	if (!val)
		fail("%s: its value is missing; see --help", name);
	if (text)
		*text = val;
	else
		other_option(o, name, val);
	return taken;
}

void options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){.board = "versatilepb",
			      .serial = "stdio",
			      .seed = 1,
			      .alias = 1,
			      .entry = "cold",
			      .check_ignore = "cache_probe"};
	for (int n = 1; n < argc; n++) {
		char *name = argv[n], *val = strncmp(name, "--", 2) ? NULL : strchr(name, '=');

		if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
			fputs(help, stdout);
			if (fflush(stdout))
				fail("stdout: %s", strerror(errno));
			exit(0);
		}
		if (val)
			*val++ = 0;
		n += option(o, name, val, n + 1 < argc ? argv[n + 1] : NULL);
	}
	if (o->mutant_after && !*o->mutant_after)
		fail("--mutant-after: the text must not be empty");
	if (o->mutant_after && !o->quirks && !o->walk_in_cache && !o->prefetch && !o->reorder)
		fail("--mutant-after: there is no --mutant to begin then");
	if (o->dtb && o->append && !o->semihosting)
		fail("--append: with --dtb nothing would read it; put the text into the tree's "
		     "/chosen bootargs (fdtput -t s FILE /chosen bootargs TEXT)");
	if (!o->kernel)
		fail("--kernel FILE is missing; see --help");
}
