/* SPDX-License-Identifier: MIT */
/* Line operations on an address that is not mapped.
 *
 * A VIVT cache finds the line without a translation. One with physical tags needs it: an ARM11
 * takes a data abort (DDI0301H 6.10). The kernel passes over the operation: what it was to reach
 * is not under this address any more, and the verdict shows what came of that. */
#ifndef CACHE_LINE_FAULT_H
#define CACHE_LINE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

extern uint32_t line_faults; /* since boot */

/* Counts and traces one. Context: any. */
void line_fault(uintptr_t va);

/* True if insn is a D-cache operation on the line of an address, or on a block of lines:
 * invalidate, clean or both. Of a block all that was still to come is passed over: it is of the
 * same page. */
bool is_line_operation(uint32_t insn);

#endif
