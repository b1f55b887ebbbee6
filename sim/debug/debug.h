/* SPDX-License-Identifier: MIT */
/* Hooks of trace, hunter mode and debugger. They are called only when one of those is on
 * (ATTN_STEP, c->no_fast), so that a plain run pays nothing. */
#ifndef SIM_DEBUG_DEBUG_H
#define SIM_DEBUG_DEBUG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct cpu;
struct insn;
struct cm_line;
struct cm_event;
struct machine;

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
	bool check; /* hunter mode */
	uint64_t findings;
	uint8_t *behind; /* a byte a D-line: a device wrote the memory under it */
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
	bool hit_watch;	 /* GDB expects ARM to stop before the access */
	bool skip_watch; /* the first instruction after resuming does not stop */
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
/* Before and after a data access; before returns false if a watchpoint stops it. */
bool debug_data(struct cpu *c, uint32_t va, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr);
void debug_data_done(struct cpu *c, uint32_t va, uint32_t mva, uint32_t pa, uint32_t size,
		     uint32_t kind, uint32_t attr);
/* A fetch hit an I-cache line. */
void debug_fetch_hit(struct cpu *c, const struct cm_line *l, const uint8_t *data);
/* A device reads or writes memory. */
void debug_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write);

/* events.c: the D-cache's events go to the log and to hunter mode. */
void events_init(struct cpu *c);
/* A line of the image's output and a device's copy go to the log too: they date the rest. */
void events_console(struct cpu *c, uint8_t byte);
void events_copy(struct cpu *c, uint32_t from, uint32_t to, uint32_t bytes);

/* check.c: the findings of hunter mode. */
void check_data(struct cpu *c, uint32_t mva, uint32_t pa, uint32_t size, uint32_t kind,
		uint32_t attr);
void check_stored(struct cpu *c, uint32_t mva, uint32_t pa);
void check_fetch(struct cpu *c, const struct cm_line *l, const uint8_t *data);
void check_dma(struct cpu *c, uint32_t pa, uint32_t len, bool write);
void check_event(void *cpu, const struct cm_event *ev);

/* lost.c: bytes thrown away by an invalidate, until they are written anew. lost_read():
 * true if such a byte is read; *pc and *va are those of the invalidate. */
void lost_note(struct cpu *c, const struct cm_event *ev, uint32_t pc);
void lost_written(uint32_t pa, uint32_t len);
bool lost_read(uint32_t pa, uint32_t len, uint32_t *pc, uint32_t *va);

#endif
