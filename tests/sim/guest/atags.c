/* SPDX-License-Identifier: MIT */
/* Prints what the boot protocol handed over. Position independent: no data, no calls. */
#include <stdint.h>

static inline __attribute__((always_inline)) void put(const char *s)
{
	register uint32_t r0 asm("r0") = 4;
	register const char *r1 asm("r1") = s;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
}

static inline __attribute__((always_inline)) void hex(uint32_t v, char before, char after)
{
	char buf[12];

	buf[0] = before;
	for (int n = 0; n < 8; n++)
		buf[1 + n] =
			(char)((v >> (28 - 4 * n) & 15) < 10 ? '0' + (v >> (28 - 4 * n) & 15)
							     : 'a' - 10 + (v >> (28 - 4 * n) & 15));
	buf[9] = after;
	buf[10] = 0;
	put(buf);
}

static inline __attribute__((always_inline)) void label(char a, char b)
{
	char buf[4] = {a, b, 0, 0};

	put(buf);
}

void guest_main(uint32_t r0, uint32_t r1, const uint32_t *r2)
{
	label('r', '0');
	hex(r0, ' ', ' ');
	label('r', '1');
	hex(r1, ' ', ' ');
	label('r', '2');
	hex((uint32_t)r2, ' ', '\n');
	while (r2[0]) {
		for (uint32_t n = 0; n < r2[0] && n < 300; n++) {
			uint32_t v = r2[n];

			/* bytes after the text's end are whatever was there */
			if (r2[1] == 0x54410009 && n == r2[0] - 1)
				for (int k = 0, end = 0; k < 4; k++) {
					end |= !((v >> (8 * k)) & 0xff);
					v &= end ? ~(0xffu << (8 * k)) : ~0u;
				}
			hex(v, ' ', n + 1 == r2[0] ? '\n' : ' ');
		}
		r2 += r2[0];
	}
	hex(r2[1], ' ', '\n');
}
