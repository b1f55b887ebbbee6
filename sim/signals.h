/* SPDX-License-Identifier: MIT */
/* Signals that end a run. */
#ifndef SIM_SIGNALS_H
#define SIM_SIGNALS_H

#include <poll.h>
#include <stdbool.h>

/* Catches SIGINT, SIGTERM, SIGHUP and SIGQUIT unless they are ignored, and ignores SIGPIPE.
 * A wait in a system call ends with EINTR; whoever waits asks signals_pending(). */
void signals_init(void);
/* The signal that has come, or 0. */
int signals_pending(void);
/* Waits until one of the n (-1 as its descriptor: none) has something: true; or for a signal. */
bool signals_poll(struct pollfd *p, unsigned int n);
/* As if sig had come: a key or a broken pipe that means it. */
void signals_note(int sig);
/* Ends the process by the signal that has come, its terminal restored; returns if none has. */
void signals_end(void);

#endif
