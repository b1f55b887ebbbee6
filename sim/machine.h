/* SPDX-License-Identifier: MIT */
/* The machine round the CPU: RAM, bus, devices, virtual time, and how a run ends. */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/devices/device.h"
#include "sim/memory/order.h"

struct cpu;
struct options;
struct symbols;
struct serial;
struct debug;
struct cm_line;
struct line_log;
struct page;

/* One instruction is one cycle of this clock; sleeping in WFI adds to it. */
#define CYCLES_PER_US 200u
#define NEVER	      UINT64_MAX

#define PAGE_BYTES 4096u

enum stop_reason {
	STOP_NONE,
	STOP_EXIT,
	STOP_MAX_INSNS,
	STOP_STUCK,
	STOP_QUIT,
	STOP_RESET,
	STOP_LOST,
	STOP_INPUT,  /* the image waits for input, and there is no more */
	STOP_OUTPUT, /* something could not be written */
	STOP_SIGNAL
};

/* Exit statuses of the emulator's own; 2, of a run that cannot start, is in fail.h. */
#define EXIT_STUCK     1
#define EXIT_INPUT     123
#define EXIT_MAX_INSNS 124
#define EXIT_OUTPUT    125

struct machine {
	struct cpu *cpu;
	const struct board *board;
	const struct options *opt;
	uint8_t *ram;
	uint32_t ram_base, ram_size;
	uint32_t arm_ram;    /* bytes of it that the image is told of */
	uint8_t *dirty;	     /* a byte a page: written since the last snapshot or restore */
	struct page **pages; /* what RAM was at the last snapshot or restore; see snapshot.c */
	uint8_t *code;	     /* a byte a page: uncached code was fetched from it */
	struct device *dev[BOARD_DEVICES_MAX];
	unsigned int ndev;
	struct device *last; /* that was accessed */
	struct serial *serial;
	struct device *wire; /* the UART that the serial line's pins are given to, or NULL */
	struct symbols *syms;
	struct debug *dbg;
	uint32_t image_start, image_end; /* of the loaded image; the end is the first free byte */
	bool image_plain; /* no ELF file: it may belong elsewhere than where it was put */
	uint32_t entry;
	uint64_t device_uses;	/* reads and writes of devices */
	uint64_t unmapped;	/* accesses that no device answered */
	uint64_t idle;		/* cycles slept */
	struct line_log *lines; /* what the image wants to know of lines, once it has asked */
	struct order order;
	uint32_t words_pa, words_bytes; /* where it asks */
	enum stop_reason stop;
	int exit_code;
};

/* Builds the machine of opt. Exits with a message if something is impossible. */
struct machine *machine_new(const struct options *opt);
void machine_free(struct machine *m);
/* Runs to the end. */
void machine_run(struct machine *m);
/* After the end: flushes what the image wrote, says why a run ended early, and returns the exit
 * code. */
int machine_end(struct machine *m);
/* Runs up to n instructions (0: no limit) or until something stops it. */
void machine_run_for(struct machine *m, uint64_t n);
/* Asks the CPU to return after this instruction. */
void machine_stop(struct machine *m, enum stop_reason why, int code);

/* ---- bus.c: memory by physical address ---- */
/* The CPU's caches (and its uncached accesses) read and write here. */
void machine_read(void *m, uint32_t pa, void *buf, uint32_t len);
void machine_write(void *m, uint32_t pa, const void *buf, uint32_t len);
/* A device as the master: neither cache sees it. */
void machine_dma_read(struct machine *m, uint32_t pa, void *buf, uint32_t len);
void machine_dma_write(struct machine *m, uint32_t pa, const void *buf, uint32_t len);
/* A table walk reads a descriptor. */
uint32_t machine_walk(struct machine *m, uint32_t pa);
/* An uncached instruction fetch. */
void machine_fetch(struct machine *m, uint32_t pa, void *buf, uint32_t len);
/* RAM by address without side effects: false outside RAM. */
bool machine_ram(struct machine *m, uint32_t pa, uint8_t **p, uint32_t len);

/* ---- view.c: memory as the CPU would see it, without side effects ---- */
/* By virtual address, through TLB, D-cache and write buffer. False if not mapped. */
bool view_read(struct cpu *c, uint32_t va, void *buf, uint32_t len);
bool view_write(struct cpu *c, uint32_t va, const void *buf, uint32_t len);
/* Every valid D-cache line of pa's physical line, one a call: *iter starts at 0; NULL at the
 * end. Looks only at the sets that pa can be in: pages keep the low 10 address bits. */
struct cm_line *view_line_of_pa(struct cpu *c, uint32_t pa, uint32_t *iter);
/* Puts into buf, which holds memory from pa on, what the write buffer still has for it. */
void view_buffered(struct cpu *c, uint32_t pa, uint8_t *buf, uint32_t len);
/* The word at pa if a line or the write buffer holds it. */
bool machine_peek_cached(struct cpu *c, uint32_t pa, uint32_t *val);

#endif
