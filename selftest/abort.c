/* SPDX-License-Identifier: MIT */
/* selftest=abort-...: accesses to a highmem window that nobody can serve; each must end in the
 * panic that says why. */
#include <stdio.h>

#include "mm/page_alloc.h"
#include "mm/pkmap.h"
#include "selftest/selftest.h"

static const uint8_t *window(void)
{
	struct page *page = page_alloc(ZONE_HIGHMEM, 0);

	return page ? kmap(page) : NULL;
}

static bool survived(const char *how, uint32_t value)
{
	printf("abort: a load %s gave %08lx instead of a panic\n", how, (unsigned long)value);
	return false;
}

/* An ordinary word load, which the compiler neither splits nor leaves out. */
static __attribute__((noinline)) uint32_t load(const uint8_t *va)
{
	uint32_t value;

	__asm__ volatile("ldr %0, [%1]" : "=r"(value) : "r"(va) : "memory");
	return value;
}

static bool thumb_selftest(uint32_t runs, uint32_t seed)
{
	register const uint8_t *r0 __asm__("r0") = window();

	(void)runs;
	(void)seed;
	__asm__ volatile("add r1, pc, #1\n\t"
			 "bx r1\n\t"
			 ".thumb\n\t"
			 "ldr r0, [r0]\n\t"
			 "nop\n\t"
			 "bx pc\n\t" /* word aligned: to the word after the next */
			 "nop\n\t"
			 ".arm"
			 : "+r"(r0)
			 :
			 : "r1", "cc", "memory");
	return survived("in Thumb state", (uint32_t)r0);
}

SELFTEST(abort_thumb) = {
	.name = "abort-thumb",
	.what = "a Thumb load from a highmem window: ends in a panic where the window is modelled",
	.run = thumb_selftest,
};

static bool mode_selftest(uint32_t runs, uint32_t seed)
{
	const uint8_t *va = window();
	uint32_t value, psr;

	(void)runs;
	(void)seed;
	/* Undefined mode has a stack; nothing here uses it. */
	__asm__ volatile("mrs %1, cpsr\n\t"
			 "msr cpsr_c, #0xDB\n\t"
			 "ldr %0, [%2]\n\t"
			 "msr cpsr_c, %1"
			 : "=&r"(value), "=&r"(psr)
			 : "r"(va)
			 : "memory");
	return survived("in undefined mode", value);
}

SELFTEST(abort_mode) = {
	.name = "abort-mode",
	.what = "a load from a highmem window in another mode than SVC: ends in a panic where the "
		"window is modelled",
	.run = mode_selftest,
};

static bool status_selftest(uint32_t runs, uint32_t seed)
{
	(void)runs;
	(void)seed;
	return survived("of a word at an odd address", load(window() + 1));
}

SELFTEST(abort_status) = {
	.name = "abort-status",
	.what = "an unaligned load from a highmem window: ends in a panic with the fault status",
	.run = status_selftest,
};

static bool unmapped_selftest(uint32_t runs, uint32_t seed)
{
	const uint8_t *va = window();

	(void)runs;
	(void)seed;
	kunmap(kmap_to_page(va));
	load(va); /* not right, but the mapping is there until the slots wrap */
	kmap_flush_unused();
	return survived("after kunmap() and a wrap", load(va));
}

SELFTEST(abort_unmapped) = {
	.name = "abort-unmapped",
	.what = "a load by a kmap address that the wrap has taken: ends in a panic",
	.run = unmapped_selftest,
};
