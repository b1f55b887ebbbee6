/* SPDX-License-Identifier: MIT */
/* The monitor on the board's console. */
#ifndef MONITOR_CONSOLE_H
#define MONITOR_CONSOLE_H

/* Runs the monitor on the UART until `exit`, `quit` or Ctrl-D; returns the exit status. The
 * caller sleeps between keys, so other tasks run meanwhile. Context: task, IRQs open. */
unsigned console_monitor(void);

#endif
