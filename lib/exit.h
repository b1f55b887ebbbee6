/* SPDX-License-Identifier: MIT */
/* How the kernel ends. */
#ifndef LIB_EXIT_H
#define LIB_EXIT_H

#define EXIT_OK	     0 /* the expected outcome */
#define EXIT_VERDICT 1 /* a verdict that was not the expected one */
#define EXIT_USAGE   2 /* a parameter that cannot be taken */
#define EXIT_PANIC   3

/* What the CPU does for ever once it is halted: the core's wait for interrupt. NULL: spin. */
extern void (*exit_idle)(void);

/* What kernel_exit() was given; for exit_idle, which may show it. */
extern int exit_code;

/* exit=semihost: leaves by semihosting with code; else says so and halts the CPU.
 * Context: any. Does not return. */
void kernel_exit(int code) __attribute__((noreturn));

#endif
