/* SPDX-License-Identifier: MIT */
/* Prints where r2 points, and the sum of the bytes from there on: of as many as stand behind the
 * magic number of a device tree, which here are 256 different ones over and over. Position
 * independent: no data, no calls. */
#include <stdint.h>

static inline __attribute__((always_inline)) void hex(uint32_t v)
{
	char buf[12];
	register uint32_t r0 asm("r0") = 4;
	register const char *r1 asm("r1") = buf;

	for (int n = 0; n < 8; n++) {
		uint32_t d = v >> (28 - 4 * n) & 15;

		buf[n] = (char)(d < 10 ? '0' + d : 'a' - 10 + d);
	}
	buf[8] = ' ';
	buf[9] = 0;
	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
}

void guest_main(uint32_t r0, uint32_t r1, const uint8_t *r2)
{
	uint32_t sum = 0xd0 + 0x0d + 0xfe + 0xed;

	(void)r0, (void)r1;
	for (uint32_t n = 0; r2[4 + n] == (n & 0xff); n++)
		sum += n & 0xff;
	hex((uint32_t)r2);
	hex(sum);
}
