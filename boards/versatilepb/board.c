/* SPDX-License-Identifier: MIT */
/* ARM Versatile PB926EJ-S: which devices there are, and which of them does what. */
#include "board.h"
#include "boards/board_api.h"

#include "drivers/clock24.h"
#include "drivers/irq.h"
#include "drivers/mmio.h"
#include "drivers/pl011.h"
#include "drivers/pl080.h"
#include "drivers/pl190.h"
#include "drivers/sic.h"
#include "drivers/sp804.h"

#define TICK_HALF    0 /* of timers 0 and 1 */
#define ONESHOT_HALF 0 /* of timers 2 and 3: a block of its own, so neither delays the other */

/* SCCTRL: for each timer a bit that chooses the 1 MHz TIMCLK over 32 kHz (DUI0225). */
#define SCCTRL_TIMCLK_ALL (1u << 15 | 1u << 17 | 1u << 19 | 1u << 21)

#define RESET_UNLOCK  0xA05F
#define RESET_REQUEST 0x105 /* bit 8: do it; level 5: as at power-on */

const struct board_io board_io_map[] = {
	{.pa = BOARD_IO_PA, .va = BOARD_IO_VA, .size = BOARD_IO_SIZE},
};
const unsigned board_io_count = sizeof(board_io_map) / sizeof(board_io_map[0]);

const char *const board_firmware_words[] = {NULL}; /* its Boot Monitor adds none */

static struct pl011 uart0;
static struct sp804 timer01, timer23;
static struct pl080 dma;

static void (*tick_fn)(void);
static void (*oneshot_fn)(void);
static void (*softirq_fn)(void);

/* murphy-sim answers "MURPHSIM" in two words of the board registers that are reserved on the
 * Versatile and read as 0 in QEMU. */
bool board_is_simulated(void)
{
	return mmio_read32(IO_VA(SYSREG_PA) + 0xFF0) == 0x4D555250 &&
	       mmio_read32(IO_VA(SYSREG_PA) + 0xFF4) == 0x4853494D;
}

uintptr_t board_simulator_words(void)
{
	return IO_VA(SYSREG_PA);
}

const char *board_name(void)
{
	return BOARD_NAME;
}

uint32_t board_ram_bytes(void)
{
	return BOARD_RAM_DEFAULT;
}

void board_console_early(void)
{
	pl011_init(&uart0, IO_VA(UART0_PA), UART_CLOCK_HZ, UART_BAUD);
}

void board_putc(char c)
{
	pl011_putc(&uart0, (uint8_t)c);
}

int board_getc(void)
{
	return pl011_getc(&uart0);
}

void board_console_irq(void (*on_rx)(void))
{
	pl011_rx_enable(&uart0, on_rx);
	irq_register(IRQ_UART0, pl011_irq, &uart0);
}

/* Interrupt findings come in IRQ context, where only the raw console is sure to work. */
static void report(const char *line)
{
	while (*line)
		board_putc(*line++);
	board_putc('\r');
	board_putc('\n');
}

void board_irq_init(void)
{
	struct irq_chip vic = pl190_chip(IO_VA(VIC_PA));
	struct irq_chip sic = sic_chip(IO_VA(SIC_PA));
	uintptr_t scctrl = IO_VA(SYSCTL_PA);

	pl190_init(IO_VA(VIC_PA));
	sic_init(IO_VA(SIC_PA));
	irq_init(&vic, report);
	irq_chain(&sic, IRQ_SIC);

	/* Silicon only: out of reset the timers count at 32 kHz. */
	mmio_write32(scctrl, mmio_read32(scctrl) | SCCTRL_TIMCLK_ALL);
	sp804_init(&timer01, IO_VA(TIMER01_PA), TIMER_CLOCK_HZ);
	sp804_init(&timer23, IO_VA(TIMER23_PA), TIMER_CLOCK_HZ);
	irq_register(IRQ_TIMER01, sp804_irq, &timer01);
	irq_register(IRQ_TIMER23, sp804_irq, &timer23);
}

void board_irq_dispatch(void)
{
	irq_dispatch();
}

static void on_tick(void *arg)
{
	(void)arg;
	tick_fn();
}

void board_tick_start(uint32_t hz, void (*tick)(void))
{
	sp804_cancel(&timer01, TICK_HALF); /* the old rate must not call the new function */
	tick_fn = tick;
	sp804_periodic(&timer01, TICK_HALF, hz, on_tick, 0);
}

uint32_t board_clock_ticks(void)
{
	return clock24_ticks(IO_VA(SYSREG_PA + SYS_24MHZ));
}

uint32_t board_clock_hz(void)
{
	return COUNTER_CLOCK_HZ;
}

static void on_oneshot(void *arg)
{
	(void)arg;
	oneshot_fn();
}

void board_oneshot_us(uint32_t us, void (*fire)(void))
{
	sp804_cancel(&timer23, ONESHOT_HALF); /* as above */
	oneshot_fn = fire;
	sp804_oneshot_us(&timer23, ONESHOT_HALF, us, on_oneshot, 0);
}

void board_oneshot_cancel(void)
{
	sp804_cancel(&timer23, ONESHOT_HALF);
}

static void on_softirq(void *arg)
{
	(void)arg;
	pl190_soft_clear(IO_VA(VIC_PA), IRQ_SOFT); /* first: fire may raise it again */
	softirq_fn();
}

void board_softirq_init(void (*fire)(void))
{
	irq_unregister(IRQ_SOFT);
	pl190_soft_clear(IO_VA(VIC_PA), IRQ_SOFT);
	softirq_fn = fire;
	irq_register(IRQ_SOFT, on_softirq, 0);
}

/* Never inlined: QEMU looks for interrupts between translation blocks, and the return from
 * here ends one. On silicon the read inside pl190_soft_set waits for the line to be up. */
__attribute__((noinline)) void board_softirq_raise(void)
{
	pl190_soft_set(IO_VA(VIC_PA), IRQ_SOFT);
}

_Static_assert(BOARD_DMA_BUSY == PL080_BUSY, "board_dma statuses are the PL080's");

int board_dma_init(void *desc_cpu, uint32_t desc_bus, size_t desc_len, void (*drain)(void))
{
	struct pl080_config config = {
		.base = IO_VA(DMA_PA),
		.channels = PL080_CHANNELS,
		.desc_cpu = desc_cpu,
		.desc_bus = desc_bus,
		.desc_len = desc_len,
		.drain = drain,
		.ticks = board_clock_ticks,
		.timeout_ticks = COUNTER_CLOCK_HZ, /* 1 s, for at most some hundred KiB */
	};
	int status;

	irq_unregister(IRQ_DMA);
	status = pl080_init(&dma, &config);
	if (status == PL080_OK)
		irq_register(IRQ_DMA, pl080_irq, &dma);
	return status;
}

struct board_dma_limits board_dma_limits(void)
{
	return (struct board_dma_limits){
		.least = 1, .multiple = 1, .align = 1, .longest = pl080_longest(&dma)};
}

int board_dma_start(const struct dma_seg *segs, unsigned n, void (*done)(void *arg, int status),
		    void *arg)
{
	return pl080_start(&dma, segs, n, done, arg);
}

int board_dma_poll(int handle)
{
	return pl080_poll(&dma, handle);
}

int board_dma_stop(int handle)
{
	return pl080_stop(&dma, handle);
}

int board_dma_copy_poll(uint32_t dst, uint32_t src, uint32_t len)
{
	return pl080_copy(&dma, dst, src, len);
}

const char *board_dma_error(int status)
{
	return pl080_error(status);
}

void board_verdict(bool ok)
{
	(void)ok; /* nothing to show it with */
}

void board_reset_or_halt(void)
{
	mmio_write32(IO_VA(SYSREG_PA + SYS_LOCK), RESET_UNLOCK);
	mmio_write32(IO_VA(SYSREG_PA + SYS_RESETCTL), RESET_REQUEST);
	for (;;)
		;
}
