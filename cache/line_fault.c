/* SPDX-License-Identifier: MIT */
/* Line operations on an address that is not mapped. */
#include "cache/line_fault.h"

#include "trace/ring.h"

uint32_t line_faults;

void line_fault(uintptr_t va)
{
	line_faults++;
	trace_record(TRACE_LINE_FAULT, 0, va, 0, 0);
}

/* MCR p15, 0, Rd, c7, c6 or c10 or c14, 1; MCRR p15, 0, Rd, Rn, c6 or c12 or c14 */
bool is_line_operation(uint32_t insn)
{
	uint32_t crm = insn & 0xF;

	if ((insn & 0x0FF00FF0) == 0x0C400F00)
		return crm == 6 || crm == 12 || crm == 14;
	return (insn & 0x0FFF0FF0) == 0x0E070F30 && (crm == 6 || crm == 10 || crm == 14);
}
