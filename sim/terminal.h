/* SPDX-License-Identifier: MIT */
/* The terminal on stdin. */
#ifndef SIM_TERMINAL_H
#define SIM_TERMINAL_H

/* No line editing, no echo, no signals from keys; undone at exit. */
void terminal_raw(void);
/* As it was found; does nothing if terminal_raw() was not called. Safe in a signal handler. */
void terminal_restore(void);

#endif
