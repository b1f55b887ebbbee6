/* SPDX-License-Identifier: MIT */
/* One fault, one line, one place. */
#ifndef LIB_PANIC_H
#define LIB_PANIC_H

#ifdef MURPHY_HOST
#include <stdlib.h>

/* A unit test that expects panics supplies it, and leaves it by longjmp or mock_assert. */
void host_panic(const char *file, int line, const char *fmt, ...)
	__attribute__((weak, format(printf, 3, 4)));

#define panic(...)                                                   \
	do {                                                         \
		if (host_panic)                                      \
			host_panic(__FILE__, __LINE__, __VA_ARGS__); \
		abort();                                             \
	} while (0)
#else

struct exception_frame;

/* Prints file, line, function and reason, registers and a back trace, then the
 * machine-readable last line `verdict reason="..." status=ERROR`, and ends the kernel with a
 * non-zero exit. Context: any, also IRQ and abort. Does not return. */
void panic_at(const char *file, int line, const char *func, const char *status,
	      const struct exception_frame *frame, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 6, 7), cold));

#define panic(...)	     panic_at(__FILE__, __LINE__, __func__, "ERROR", 0, __VA_ARGS__)
#define panic_status(s, ...) panic_at(__FILE__, __LINE__, __func__, s, 0, __VA_ARGS__)
#define panic_frame(f, ...)  panic_at(__FILE__, __LINE__, __func__, "FAULT", f, __VA_ARGS__)

#endif

#ifdef MURPHY_HOST
#define BUG(text) panic("BUG: %s", text)
#else
/* panic() with all it needs in registers: a function that may end there, and calls nothing
 * else, needs no stack for it. */
void bug_at(const char *text, const char *file, int line, const char *func)
	__attribute__((noreturn, cold));
#define BUG(text) bug_at(text, __FILE__, __LINE__, __func__)
#endif

/* The condition that must never hold, said as the reason. */
#define BUG_ON(cond)                               \
	do {                                       \
		if (__builtin_expect(!!(cond), 0)) \
			BUG(#cond);                \
	} while (0)

#endif
