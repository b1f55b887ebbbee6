/* SPDX-License-Identifier: MIT */
/* The monitor on the board's console: keys by interrupt, sleep in between. */
#include "monitor/console.h"

#include <stdbool.h>
#include <stdio.h>

#include "boards/board_api.h"
#include "lib/irqflags.h"
#include "monitor/monitor.h"
#include "sched/wait.h"

/* External: with everybody else asleep too, the person at the keys can still go on. */
static struct wait_queue keys = WAIT_QUEUE_INIT("a key on the console", true);

/* Context: IRQ. */
static void on_rx(void)
{
	wake_up_all(&keys);
}

static int get(void)
{
	unsigned long flags = irq_save();
	int c;

	/* IRQs stay masked from the look to the sleep: a key in between would wake nobody. */
	while ((c = board_getc()) < 0)
		wait_on(&keys);
	irq_restore(flags);
	return c;
}

static void put(char c)
{
	if (c == '\n')
		board_putc('\r');
	board_putc(c);
}

unsigned console_monitor(void)
{
	static const struct monitor_io io = {.get = get, .put = put};
	static bool receiving;

	if (!receiving)
		board_console_irq(on_rx);
	receiving = true;
	printf("This is the monitor: help lists the commands, exit ends the kernel.\n");
	return monitor_run(&io);
}
