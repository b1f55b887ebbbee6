/* SPDX-License-Identifier: MIT */
/* What an image can learn of its caches: the cache type register and the emulator's words. */
#include <stdint.h>
#include <stdio.h>

static void write0(const char *s)
{
	register uint32_t r0 asm("r0") = 4;
	register const char *r1 asm("r1") = s;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
}

int guest_main(void)
{
	static char line[40];
	uint32_t ctr;

	asm volatile("mrc p15, 0, %0, c0, c0, 1" : "=r"(ctr));
	snprintf(line, sizeof line, "ctr %08lx\n", ctr);
	write0(line);
	for (uint32_t off = 0xe00; off < 0x1000; off += 4) {
		uint32_t v = *(volatile uint32_t *)(0x10000000 + off);

		if (!v)
			continue;
		snprintf(line, sizeof line, "%03lx %08lx\n", off, v);
		write0(line);
	}
	return 0;
}
