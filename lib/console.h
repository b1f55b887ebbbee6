/* SPDX-License-Identifier: MIT */
/* Where standard output goes. */
#ifndef LIB_CONSOLE_H
#define LIB_CONSOLE_H

/* From now on each byte that newlib writes goes to putc. What was written before is lost.
 * Boot only. */
void console_use(void (*putc)(char c));

#endif
