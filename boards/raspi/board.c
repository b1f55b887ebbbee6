/* SPDX-License-Identifier: MIT */
/* Raspberry Pi 1 and Zero: interrupts, time, the software's interrupt, restart. */
#include "boards/board_api.h"
#include "boards/raspi/raspi.h"

#include <stdio.h>

#include "boards/raspi/board.h"

#include "drivers/bcm2835_aux.h"
#include "drivers/bcm2835_barrier.h"
#include "drivers/bcm2835_ic.h"
#include "drivers/bcm2835_pm.h"
#include "drivers/bcm2835_timer.h"
#include "drivers/irq.h"
#include "drivers/mmio.h"
#include "lib/run_params.h"

#define TICK_COMPARE	1 /* 0 and 2 are the GPU's */
#define ONESHOT_COMPARE 3

const struct board_io board_io_map[] = {
	{.pa = BOARD_IO_PA, .va = BOARD_IO_VA, .size = BOARD_IO_SIZE},
	{.pa = PHYS_RAM_BASE, .va = LOW_RAM_VA, .size = LOW_RAM_SIZE},
};
const unsigned board_io_count = sizeof(board_io_map) / sizeof(board_io_map[0]);

static struct bcm2835_ic ic;
static struct bcm2835_timer tick_timer, oneshot_timer;

static void (*tick_fn)(void);
static void (*oneshot_fn)(void);

/* murphy-sim answers "MURPHSIM" in two words behind the GPIO's registers; QEMU has 0 there. */
bool board_is_simulated(void)
{
	return mmio_read32(IO_VA(GPIO_PA) + 0xFF0) == 0x4D555250 &&
	       mmio_read32(IO_VA(GPIO_PA) + 0xFF4) == 0x4853494D;
}

uintptr_t board_simulator_words(void)
{
	return IO_VA(GPIO_PA);
}

const char *board_name(void)
{
	return BOARD_NAME;
}

uint32_t board_ram_bytes(void)
{
	return raspi_firmware.arm_bytes ? raspi_firmware.arm_bytes : BOARD_RAM_DEFAULT;
}

/* Interrupt findings come in IRQ context, where only the raw console is sure to work. */
static void report(const char *line)
{
	while (*line)
		board_putc(*line++);
	board_putc('\r');
	board_putc('\n');
}

static void print_machine(void)
{
	const struct raspi_firmware *f = &raspi_firmware;

	if (f->answers)
		printf("raspi: %s, revision %06lx, RAM of ARM and GPU %lu + %lu MiB, UART clock "
		       "%lu kHz\n",
		       raspi_model(f->revision), (unsigned long)f->revision,
		       (unsigned long)f->arm_bytes >> 20, (unsigned long)f->gpu_bytes >> 20,
		       (unsigned long)f->uart_hz / 1000);
	else
		printf("raspi: the firmware does not answer by the mailbox; a UART clock of %lu "
		       "kHz is taken\n",
		       (unsigned long)f->uart_hz / 1000);
	printf("raspi: ACT LED on %s\n", raspi_led_name());
}

/* Rounds of an empty loop. */
static void spin(uint32_t rounds)
{
	__asm__ volatile("1: subs %0, %0, #1\n\tbhs 1b" : "+r"(rounds) : : "cc");
}

static uint32_t spins_per_us = 1;

static void calibrate_spin(void)
{
	const uint32_t rounds = 20000;
	uint32_t start = board_clock_ticks(), us;

	spin(rounds);
	us = board_clock_ticks() - start;
	spins_per_us = us ? rounds / us : rounds;
}

void board_irq_init(void)
{
	struct irq_chip first = bcm2835_ic_first(&ic), second = bcm2835_ic_second(&ic);

	bcm2835_ic_init(&ic, IO_VA(IC_PA));
	irq_init(&first, report);
	irq_chain(&second, BCM2835_IC_CHAIN);

	bcm2835_timer_init(&tick_timer, IO_VA(TIMER_PA), TICK_COMPARE);
	bcm2835_timer_init(&oneshot_timer, IO_VA(TIMER_PA), ONESHOT_COMPARE);
	irq_register(IRQ_TICK, bcm2835_timer_irq, &tick_timer);
	irq_register(IRQ_ONESHOT, bcm2835_timer_irq, &oneshot_timer);
	irq_register(IRQ_AUX, bcm2835_aux_irq, &raspi_aux);
	calibrate_spin();
	print_machine();
}

/* The interrupted code may have been between a peripheral's address and its answer, and the
 * handlers use others. */
void board_irq_dispatch(void)
{
	bcm2835_barrier();
	irq_dispatch();
	bcm2835_barrier();
}

static void on_tick(void *arg)
{
	(void)arg;
	raspi_led_tick();
	tick_fn();
}

void board_tick_start(uint32_t hz, void (*tick)(void))
{
	bcm2835_timer_cancel(&tick_timer); /* the old rate must not call the new function */
	tick_fn = tick;
	bcm2835_timer_periodic(&tick_timer, hz, on_tick, 0);
}

/* The system timer and not the core's cycle counter, which stands still while the core waits for
 * an interrupt, changes its rate with the core's clock, and is always 0 in QEMU. */
uint32_t board_clock_ticks(void)
{
	return bcm2835_timer_now(IO_VA(TIMER_PA));
}

uint32_t board_clock_hz(void)
{
	return BCM2835_TIMER_HZ;
}

static void on_oneshot(void *arg)
{
	(void)arg;
	oneshot_fn();
}

/* The timer rings at edges of its 1 MHz counter only, of which two or three fall into a loop of 128
 * lines: interrupted there, the same few lines would be met each time. So the code waits for a part
 * of a microsecond, drawn anew each time from seed=, before it starts the timer, and the edge
 * falls anywhere. */
static void spin_below_a_microsecond(void)
{
	static uint32_t n;
	uint32_t x = (run_seed + 1) * 2654435761u + ++n * 2246822519u;

	x ^= x >> 15;
	x *= 0x85EBCA6Bu;
	x ^= x >> 13;
	spin((uint32_t)((uint64_t)x * spins_per_us >> 32));
}

void board_oneshot_us(uint32_t us, void (*fire)(void))
{
	bcm2835_timer_cancel(&oneshot_timer); /* as above */
	oneshot_fn = fire;
	spin_below_a_microsecond();
	bcm2835_timer_oneshot_us(&oneshot_timer, us, on_oneshot, 0);
}

void board_oneshot_cancel(void)
{
	bcm2835_timer_cancel(&oneshot_timer);
}

void board_softirq_init(void (*fire)(void))
{
	bcm2835_aux_force_init(&raspi_aux, fire);
}

/* Never inlined: QEMU looks for interrupts between translation blocks, and the return from
 * here ends one. */
__attribute__((noinline)) void board_softirq_raise(void)
{
	bcm2835_aux_force(&raspi_aux);
}

void board_reset_or_halt(void)
{
	bcm2835_pm_restart(IO_VA(PM_PA));
	for (;;)
		;
}
