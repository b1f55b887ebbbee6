/* SPDX-License-Identifier: MIT */
/* What the kernel asks of a board; each boards/<name>/board.c answers all of it.
 *
 * The physical facts the boot code needs before C runs are macros in the board's own
 * board.h (included as "board.h"). Every callback given to a board runs in IRQ context with
 * IRQs masked, must not sleep, and is called after the device's interrupt was cleared, so
 * it may re-arm the same device. All functions here are for the boot CPU only. */
#ifndef BOARDS_BOARD_API_H
#define BOARDS_BOARD_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drivers/dma_seg.h"

/* Device windows to map strongly ordered, in whole sections (1 MiB aligned). */
struct board_io {
	uint32_t pa;
	uint32_t va;
	uint32_t size;
};
extern const struct board_io board_io_map[];
extern const unsigned board_io_count;

/* Words without a dot before '=' that the board's firmware puts on the command line, by their
 * names; NULL ends the list. They are skipped and counted (lib/params.h). */
extern const char *const board_firmware_words[];

const char *board_name(void);
/* Bytes of RAM from PHYS_RAM_BASE on, for a loader that says nothing of it: what the board can find
 * out by itself, else BOARD_RAM_DEFAULT. From board_console_early() on. */
uint32_t board_ram_bytes(void);
/* True on an emulator that says so in the board's identity registers: its caches hold data,
 * but verdicts from them are labelled "simulated", not "measured". */
bool board_is_simulated(void);
/* Where that emulator answers questions about itself (sim/README.md): the address of the system
 * registers. Only where board_is_simulated(). */
uintptr_t board_simulator_words(void);

/* ---- Console. Works from board_console_early() on, with or without interrupts. ---- */

/* Makes putc and getc work by polling. The device windows must be mapped. Not in IRQ. */
void board_console_early(void);
/* Sends one byte as it is (no CR added). Any context. Waits for room, but not for ever: on a
 * UART that does not move the byte is dropped. */
void board_putc(char c);
/* The next received byte, or -1 if there is none. Never waits. One reader at a time. */
int board_getc(void);
/* From now on bytes are received by interrupt, and on_rx is called when some have arrived;
 * read them with board_getc() until it returns -1. After board_irq_init(). */
void board_console_irq(void (*on_rx)(void));

/* ---- Interrupts. ---- */

/* Masks and forgets everything the loader left on. IRQs masked, once, before the others. */
void board_irq_init(void);
/* Serves every pending interrupt; called by the IRQ entry with IRQs masked. Not reentrant. */
void board_irq_dispatch(void);

/* Calls tick hz times a second (1..10000) for ever. A second call replaces the first. */
void board_tick_start(uint32_t hz, void (*tick)(void));

/* A free-running 32-bit up-counter that wraps, and its rate. Any context, from
 * board_console_early() on; costs one device read. */
uint32_t board_clock_ticks(void);
uint32_t board_clock_hz(void);

/* Calls fire once, us microseconds from now (0 counts as 1); replaces one still pending.
 * Any context. */
void board_oneshot_us(uint32_t us, void (*fire)(void));
/* After it returns, fire is not called any more (unless re-armed). Any context. */
void board_oneshot_cancel(void);

/* The interrupt that software raises itself, to preempt at an exact place. The handler
 * clears it and calls fire. With IRQs open, fire has run when raise returns; with IRQs
 * masked it runs as soon as they are opened. */
void board_softirq_init(void (*fire)(void));
void board_softirq_raise(void);

/* ---- Memory-to-memory DMA. Addresses are bus addresses (physical here); cache upkeep is
 * wholly the caller's. Never sleeps. ---- */

/* What the engine takes as one piece (struct dma_seg). dma_transfer() refuses everything else
 * by name and splits nothing; who calls the engine past it keeps to them himself. */
struct board_dma_limits {
	uint32_t least;	   /* bytes of a piece; 1: any */
	uint32_t multiple; /* a length is whole ones of these bytes; a power of two, 1: any */
	uint32_t align;	   /* of the source's and of the destination's address; likewise */
	uint32_t longest;  /* bytes of a piece at any alignment that `align` allows */
};
/* Constant from board_dma_init() on. Any context. */
struct board_dma_limits board_dma_limits(void);

/* Status: 0 = the transfer is complete, BOARD_DMA_BUSY = under way, negative = an error that
 * board_dma_error() puts in words. */
#define BOARD_DMA_BUSY 1

/* desc_*: memory for chained descriptors, uncached, a whole page and page aligned, by its CPU and
 * its bus address. drain() makes every CPU store so far visible to the device
 * (ARM926: drain write buffer); it is called after descriptors were written and before the
 * engine is started. Returns 0 or a negative status. */
int board_dma_init(void *desc_cpu, uint32_t desc_bus, size_t desc_len, void (*drain)(void));
/* Starts a scatter list (copied, the caller may forget it). done(arg, status) is called once,
 * from the completion interrupt, which may come before this function returns. Returns a
 * handle (0 or more) for board_dma_poll/stop, or a negative status with nothing started.
 * done = NULL: no interrupt; the caller polls until the status is not BUSY. Any context. */
int board_dma_start(const struct dma_seg *segs, unsigned n, void (*done)(void *arg, int status),
		    void *arg);
/* BUSY, or once the final status, which ends the handle. Only for transfers started with
 * done = NULL; these also time out. */
int board_dma_poll(int handle);
/* What a waiter does when its own time-out has come: stops the transfer, whatever it has moved;
 * done is not called any more. Returns 0 if it was cut short, 1 if the data was complete but
 * its interrupt had not been taken, negative if the handle had ended (done was called). */
int board_dma_stop(int handle);
/* The whole of a copy by busy polling. 0 or a negative status (a time-out included). */
int board_dma_copy_poll(uint32_t dst, uint32_t src, uint32_t len);
/* One line, static text, for any status. */
const char *board_dma_error(int status);

/* A verdict was printed: shown, where the board can, to who has no serial line (a LED; which sign
 * is which is in the board's README), until the next one. Any context. */
void board_verdict(bool ok);

/* Restarts the board; where that cannot be done (or does not work), stops the CPU. */
__attribute__((noreturn)) void board_reset_or_halt(void);

#endif
