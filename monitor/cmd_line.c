/* SPDX-License-Identifier: MIT */
/* line: one cache line, step by step, with nothing in between. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "boards/board_api.h"
#include "cache/machine.h"
#include "cache/ops.h"
#include "lib/irqflags.h"
#include "mm/consistent.h"
#include "mm/pkmap.h"
#include "monitor/cmd_args.h"
#include "monitor/command.h"
#include "monitor/line_state.h"

#define STEPS_MAX (COMMAND_ARGS_MAX - 2)

/* What the CPU and the device write tells who wrote it, and in which step. */
#define BY_CPU	  0xC0000000u
#define BY_DEVICE 0xD0000000u

enum step { BEFORE, READ, WRITE, CLEAN, INV, CLEANINV, DEVICE, STEPS };
static const char *const step_names[STEPS] = {
	"(before)", "read", "write", "clean", "inv", "cleaninv", "device",
};

/* After one step. */
struct seen {
	enum step step;
	uint32_t cpu; /* what a read or a write moved; other steps move nothing */
	uint32_t memory;
	struct line_state line;
};

static struct {
	volatile uint32_t *at;
	uint32_t pa;
	volatile uint32_t *window; /* uncached: between us and the device */
	uint32_t window_pa;
	int dma_status;
} word;

/* What memory holds is what a device finds there. A load of ours would ask the cache. What waits in
 * the write buffer is on its way to memory whatever happens, so it counts as there. */
static uint32_t memory_now(void)
{
	int status;

	dcache.drain();
	status = board_dma_copy_poll(word.window_pa, word.pa, sizeof(*word.at));
	word.dma_status = status ? status : word.dma_status;
	return *word.window;
}

static void device_writes(uint32_t value)
{
	int status;

	*word.window = value;
	status = board_dma_copy_poll(word.pa, word.window_pa, sizeof(*word.at));
	word.dma_status = status ? status : word.dma_status;
}

static void take(struct seen *s, uint32_t number)
{
	uintptr_t line = (uintptr_t)word.at & ~(CACHE_LINE - 1);

	switch (s->step) {
	case READ:
		s->cpu = *word.at;
		break;
	case WRITE:
		s->cpu = BY_CPU | number;
		*word.at = s->cpu;
		break;
	case CLEAN:
		dcache_clean_range(line, CACHE_LINE);
		break;
	case INV:
		dcache_inv_range(line, CACHE_LINE);
		break;
	case CLEANINV:
		dcache_clean_inv_range(line, CACHE_LINE);
		break;
	case DEVICE:
		device_writes(BY_DEVICE | number);
		break;
	default:
		break;
	}
	/* The line first: the device has its descriptor written by the CPU, and that may push
	 * lines out. */
	s->line = line_state((uintptr_t)word.at, word.pa);
	s->memory = memory_now();
}

static void print_step(const struct seen *s)
{
	printf("  %-9s ", step_names[s->step]);
	if (s->step == READ || s->step == WRITE)
		printf("%08lx  ", (unsigned long)s->cpu);
	else
		printf("%-8s  ", "-");
	printf("%08lx%s%s\n", (unsigned long)s->memory, s->line.known ? "  " : "",
	       s->line.known ? line_state_text(&s->line) : "");
}

static const char *take_steps(struct seen *seen, uint32_t n)
{
	unsigned long flags;

	word.dma_status = 0;
	/* Nobody else runs, and nothing is printed, until all is seen: the console's own data
	 * would push the line out between two steps. */
	flags = irq_save();
	for (uint32_t i = 0; i < n; i++)
		take(&seen[i], i);
	irq_restore(flags);
	if (word.dma_status)
		return args_wrong("the DMA engine: %s", board_dma_error(word.dma_status));
	printf("  word %08lx, physical %08lx; line %08lx-%08lx; truth=%s\n",
	       (unsigned long)(uintptr_t)word.at, (unsigned long)word.pa,
	       (unsigned long)(uintptr_t)word.at & ~(CACHE_LINE - 1),
	       (unsigned long)(uintptr_t)word.at | (CACHE_LINE - 1), machine_truth_name());
	printf("  step      CPU       memory%s\n", line_state_heading(&seen[0].line));
	for (uint32_t i = 0; i < n; i++)
		print_step(&seen[i]);
	return NULL;
}

static bool find_step(const char *name, enum step *step)
{
	for (*step = READ; *step < STEPS; ++*step)
		if (strcmp(step_names[*step], name) == 0)
			return true;
	return false;
}

static const char *run_line(int argc, char **argv)
{
	static struct seen seen[STEPS_MAX + 1];
	uint32_t addr;
	const char *wrong;

	if (argc < 3 || !args_address(argv[1], &addr) || addr % 4)
		return "a word's address (a multiple of 4) expected, and steps, as in: line "
		       "bfe01000 read write inv read";
	if (!is_pkmap_address((void *)(uintptr_t)addr))
		return "an address in the pkmap window expected; pkmap lists the pages there";
	wrong = args_range(addr, 4, true);
	for (int i = 2; !wrong && i < argc; i++)
		if (!find_step(argv[i], &seen[i - 1].step))
			wrong = args_wrong("read, write, clean, inv, cleaninv or device expected, "
					   "not %s",
					   argv[i]);
	if (wrong)
		return wrong;
	seen[0].step = BEFORE;
	word.at = (volatile uint32_t *)(uintptr_t)addr;
	word.pa = page_to_phys(kmap_to_page((void *)(uintptr_t)addr)) + addr % PAGE_SIZE;
	word.window = consistent_alloc(PAGE_SIZE, &word.window_pa);
	if (!word.window)
		return "no page of memory is free for the device's side";
	wrong = take_steps(seen, (uint32_t)argc - 1);
	consistent_free((void *)word.window, PAGE_SIZE);
	return wrong;
}

static const char *complete_line(int arg, const char *before, unsigned n)
{
	(void)before;
	return arg > 1 && n + READ < STEPS ? step_names[n + READ] : NULL;
}

COMMAND_COMPLETE(line, run_line, "line ADDRESS STEP ...",
		 "one line: read write clean inv cleaninv device", complete_line);
