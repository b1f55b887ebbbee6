/* SPDX-License-Identifier: MIT */
/* What the monitor's commands share: reading arguments, and saying what was wrong with them. */
#include "monitor/cmd_args.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cache/machine.h"
#include "mm/pkmap.h"

/* strtoul alone would take a sign or a space in front. */
static bool number(const char *text, int base, uint32_t *n)
{
	unsigned long got;
	char *end;

	if (!isxdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	got = strtoul(text, &end, base);
	if (end == text || *end || errno == ERANGE || got > UINT32_MAX)
		return false;
	*n = (uint32_t)got;
	return true;
}

bool args_number(const char *text, uint32_t *n)
{
	return number(text, text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10, n);
}

bool args_address(const char *text, uint32_t *n)
{
	return number(text, 16, n);
}

const char *args_wrong(const char *format, ...)
{
	static char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

static bool allocated(const struct page *page)
{
	return page->state == PAGE_USED || page->state == PAGE_USED_TAIL;
}

static const char *page_wrong(uintptr_t va, bool change)
{
	void *at = (void *)va;

	if (is_pkmap_address(at))
		return pkmap_page(pkmap_slot(at))
			       ? NULL
			       : args_wrong(
					 "no page is mapped at %08lx; pkmap lists those that are",
					 (unsigned long)va);
	if (!virt_is_lowmem(at))
		return args_wrong("%08lx is neither lowmem (%08lx..%08lx) nor a mapped page of "
				  "the pkmap window (%08lx..%08lx)",
				  (unsigned long)va, (unsigned long)PAGE_OFFSET,
				  (unsigned long)(PAGE_OFFSET + machine.lowmem_bytes - 1),
				  (unsigned long)PKMAP_BASE,
				  (unsigned long)pkmap_address(pkmap_slots) - 1);
	if (change && !allocated(virt_to_page(at)))
		return args_wrong("%08lx is the kernel's own or free; only allocated lowmem and "
				  "mapped pages of the pkmap window can be changed",
				  (unsigned long)va);
	return NULL;
}

const char *args_range(uint32_t va, uint32_t bytes, bool change)
{
	uint32_t last = va + (bytes - 1);
	const char *wrong = NULL;

	if (last < va)
		return "the range ends beyond the address space";
	for (uint32_t page = va & PAGE_MASK; !wrong && page <= last; page += PAGE_SIZE)
		wrong = page_wrong(page < va ? va : page, change);
	return wrong;
}
