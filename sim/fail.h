/* SPDX-License-Identifier: MIT */
/* The end of a run that cannot start: one line, exit status 2. */
#ifndef SIM_FAIL_H
#define SIM_FAIL_H

/* Prints "murphy-sim: " and the message, and exits with 2. */
void fail(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
