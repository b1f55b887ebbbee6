/* SPDX-License-Identifier: MIT */
/* A mixed load for the speed table: checksums, sorting, a linked list, copying, strings.
 * The exit status says whether the result was right, so that no emulator can skip work. */
#include <stdint.h>
#include <string.h>

#ifdef HOST
#include <stdio.h>
#define guest_mmu_on() ((void)0)
#define EXPECT	       0
#else
#include "mmu_on.h"
#endif

#ifndef ROUNDS
#define ROUNDS 100
#endif
#define N 2048

struct node {
	struct node *next;
	uint32_t key;
};

static uint32_t v[N];
static struct node nodes[N / 4];
static uint8_t text[4096], copy[4096];

static uint32_t crc(const uint8_t *p, uint32_t len)
{
	uint32_t c = 0xffffffff;

	while (len--) {
		c ^= *p++;
		for (int k = 0; k < 8; k++)
			c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
	}
	return ~c;
}

static void sort(uint32_t *a, int lo, int hi)
{
	while (lo < hi) {
		uint32_t pivot = a[(lo + hi) / 2];
		int i = lo, j = hi;

		while (i <= j) {
			while (a[i] < pivot)
				i++;
			while (a[j] > pivot)
				j--;
			if (i <= j) {
				uint32_t t = a[i];

				a[i++] = a[j];
				a[j--] = t;
			}
		}
		sort(a, lo, j);
		lo = i;
	}
}

int guest_main(void)
{
	uint32_t seed = 1, sum = 0;

	guest_mmu_on();
	for (int r = 0; r < ROUNDS; r++) {
		for (int n = 0; n < N; n++)
			v[n] = seed = seed * 1664525 + 1013904223;
		sort(v, 0, N - 1);
		for (int n = 0; n < N / 4; n++) {
			nodes[n].key = v[n];
			nodes[n].next = n ? &nodes[(n * 7) % n] : 0;
		}
		for (int k = 0; k < 50; k++)
			for (struct node *p = &nodes[N / 4 - 1 - k]; p; p = p->next)
				sum += p->key;
		for (int n = 0; n < (int)sizeof text; n++)
			text[n] = (uint8_t)(v[n & (N - 1)] >> 24);
		memcpy(copy, text, sizeof text);
		sum ^= crc(copy, sizeof copy);
		for (int n = 0; n < (int)sizeof copy; n++)
			sum += copy[n] == text[n];
	}
#ifdef HOST
	printf("%u\n", sum);
#endif
	return sum == EXPECT ? 0 : 1;
}

#ifdef HOST
int main(void)
{
	guest_main();
	return 0;
}
#endif
