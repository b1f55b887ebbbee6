/* SPDX-License-Identifier: MIT */
/* Hooks of trace, hunter mode and debugger. They are called only when one of those is on
 * (ATTN_STEP, c->hooked), so that a plain run pays nothing. */
#ifndef SIM_DEBUG_DEBUG_H
#define SIM_DEBUG_DEBUG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct cpu;
struct insn;
struct machine;
struct shadow;

#define WATCH_MAX 8
#define BREAK_MAX 32

struct watch {
	uint32_t va, len;
	uint8_t kinds; /* bit ACC_LOAD, bit ACC_STORE */
};

struct debug {
	FILE *trace, *events;
	char console[200]; /* the line that the image is writing */
	uint32_t console_len;
	uint32_t trace_regs[16];
	struct shadow *shadow; /* hunter mode; else NULL */
	uint64_t findings;
	bool gdb, stop_next;
	/* The debugger's connection is looked at while the machine runs, or sleeps; true: stop. */
	bool (*interrupted)(void *ctx);
	void *interrupted_ctx;
	uint32_t breaks[BREAK_MAX];
	unsigned int nbreaks;
	uint32_t skip_break; /* the breakpoint we resume from */
	struct watch watch[WATCH_MAX];
	unsigned int nwatch;
	bool stopped;
	uint32_t watch_hit;
	uint8_t watch_kind;
	uint32_t acts_for; /* PC; see debug_acts_for() */
	bool hit_watch;	   /* GDB expects ARM to stop before the access */
	bool skip_watch;   /* the first instruction after resuming does not stop */
};

void debug_init(struct machine *m);
void debug_free(struct machine *m);
/* Have the log files been written so far (output.h)? Closed, with what their buffers held? */
void debug_check_outputs(struct machine *m);
void debug_close_outputs(struct machine *m);
/* Recomputes ATTN_STEP and no_fast after watchpoints or modes changed. */
void debug_update(struct cpu *c);

/* Before and after an instruction; before returns false to stop in front of it. */
bool debug_before(struct cpu *c, const struct insn *i);
void debug_after(struct cpu *c);
/* Before a data access by the full path; false if a watchpoint stops it. */
bool debug_data(struct cpu *c, uint32_t va, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr);
/* What of the line at mva may take the fast path from now on. */
#define DEBUG_LOADS  1u
#define DEBUG_STORES 2u
uint32_t debug_permits(struct cpu *c, uint32_t mva, uint32_t pa);
/* The fast tables got a page. */
void debug_mapped(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t attr);
/* Before a cache operation: op is CRm << 4 | opcode 2 of c7. */
void debug_cache_op(struct cpu *c, uint32_t op, uint32_t mva, uint32_t pa);
/* Before a device reads or writes memory, and before a table walk reads a descriptor. */
void debug_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write);
void debug_walk(struct cpu *c, uint32_t pa);
/* A line of code begins; true if debug_executes() wants to see its instructions. */
bool debug_code(struct cpu *c, uint32_t pa, bool cached);
void debug_executes(struct cpu *c, uint32_t va, uint32_t pa, uint32_t len, const uint8_t *raw);
/* The debugger, or semihosting, wrote a byte to memory and line at once. */
void debug_poked(struct cpu *c, uint32_t pa, uint8_t byte);

/* What happens from now on was started earlier, at pc (a transfer that takes time); 0: it is the
 * CPU's own again. */
void debug_acts_for(struct machine *m, uint32_t pc);
/* The PC of what happens now, or of what started it. */
uint32_t debug_here(const struct cpu *c);
/* Ends the run: no memory for what hunter mode must remember. */
void debug_no_memory(void) __attribute__((noreturn));

/* events.c: the D-cache's events go to the log and to hunter mode. */
void events_init(struct cpu *c);
/* A line of the image's output and a device's copy go to the log too: they date the rest. */
void events_console(struct cpu *c, uint8_t byte);
void events_copy(struct cpu *c, uint32_t from, uint32_t to, uint32_t bytes);
/* So does an output pin that changes. */
void events_pin(struct cpu *c, uint32_t pin, bool high);

/* unmapped.c: accesses that nothing answers, listed by address, size and PC. */
void unmapped_note(struct machine *m, uint32_t pa, uint32_t size, bool write);
void unmapped_print(struct machine *m, FILE *f, const char *prefix);

#endif
