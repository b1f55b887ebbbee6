/* SPDX-License-Identifier: MIT */
/* What the monitor's commands share: reading arguments, and saying what was wrong with them. */
#ifndef MONITOR_CMD_ARGS_H
#define MONITOR_CMD_ARGS_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers are typed as the monitor prints them. */

/* A count: decimal, or hexadecimal after 0x. False, and *n left alone, when text is anything else
 * or more than 32 bits hold. */
bool args_number(const char *text, uint32_t *n);
/* An address or a word of memory: hexadecimal, with 0x or without. */
bool args_address(const char *text, uint32_t *n);

/* A refusal with figures in it, for a command to return. Good until the next call. */
const char *args_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* NULL if bytes (1 or more) from va may be looked at by the CPU without a fault: lowmem, and
 * pages that have a pkmap address now. With change, also without harm to the kernel: lowmem
 * only where it is allocated. Otherwise what is wrong, and what would be valid. */
const char *args_range(uint32_t va, uint32_t bytes, bool change);

#endif
