/* SPDX-License-Identifier: MIT */
/* A tour of newlib for the comparison with QEMU: formats, allocation, long jumps, strings,
 * floating point, 64-bit arithmetic, sorting. Prints no address and no time. */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf out;

static int by_value(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return x < y ? -1 : x > y;
}

static void jump(int depth)
{
	if (!depth)
		longjmp(out, 42);
	jump(depth - 1);
	puts("never printed");
}

static void numbers(void)
{
	volatile double x = 2;
	volatile float f = 1.5f;
	volatile uint64_t big = 0x123456789abcdefull;
	volatile int64_t neg = -1234567890123ll;

	printf("sqrt %.12f pi %.15g exp %.10e\n", sqrt(x), 4 * atan(1.0), exp(x));
	printf("float %f %a %g\n", (double)(f / 3), (double)f, (double)f * 1e30);
	printf("u64 %llu %llx %llu %llu\n", big, big * 3, big / 12345, big % 12345);
	printf("s64 %lld %lld %lld\n", neg, neg / 1000, neg % 1000);
	printf("conv %d %u %d\n", (int)(x * -1.75), (unsigned)(x * 1e9), (int)f);
	printf("strtod %.17g strtol %ld\n", strtod("3.14159265358979", NULL),
	       strtol("-0x7f", NULL, 0));
}

static void memory(void)
{
	uint32_t seed = 12345, sum = 0;
	char *slot[64] = {0};

	for (int n = 0; n < 5000; n++) {
		size_t len;
		int k;

		seed = seed * 1664525 + 1013904223;
		k = (seed >> 8) & 63;
		len = (seed >> 16) & 2047;
		for (size_t b = 0; slot[k] && b < 16; b++)
			sum = sum * 31 + (unsigned char)slot[k][b];
		free(slot[k]);
		slot[k] = malloc(len + 17);
		memset(slot[k], n, len + 17);
		memmove(slot[k] + 1, slot[k], len + 16);
		slot[k][0] = (char)k;
	}
	printf("malloc sum %08lx\n", (unsigned long)sum);
}

static void strings(void)
{
	char buf[200], *p;

	snprintf(buf, sizeof buf, "%-10s|%5d|%05x|%+.3f|%c|%s", "left", 42, 0xabc, 2.5, 'z', "end");
	puts(buf);
	for (p = buf; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	printf("%s %d %d\n", buf, strcmp("abc", "abd") < 0, (int)strspn("aabbcc", "ab"));
	p = strtok(buf, "|");
	while (p) {
		printf("[%s]", p);
		p = strtok(NULL, "|");
	}
	puts("");
}

int main(int argc, char **argv)
{
	int v[200];

	(void)argv;
	printf("newlib tour, %s\n", argc >= 0 ? "started" : "?");
	for (int n = 0; n < 200; n++)
		v[n] = (n * 7919) % 1009 - 500;
	qsort(v, 200, sizeof v[0], by_value);
	for (int n = 0; n < 200; n += 20)
		printf("%d ", v[n]);
	puts("");
	if (setjmp(out) == 0)
		jump(10);
	else
		puts("long jump taken");
	numbers();
	memory();
	strings();
	srand(7);
	printf("rand %d %d %d\n", rand() % 1000, rand() % 1000, rand() % 1000);
	return 7;
}
