/* SPDX-License-Identifier: MIT */
/* CRC-32, four bytes at a time. */
#include "boot/crc32.h"

#define POLYNOMIAL 0xEDB88320u

void crc32_start(struct crc32 *crc)
{
	crc->state = 0xFFFFFFFFu;
	for (uint32_t n = 0; n < 256; n++) {
		uint32_t c = n;

		for (int bit = 0; bit < 8; bit++)
			c = c >> 1 ^ (c & 1 ? POLYNOMIAL : 0);
		crc->table[0][n] = c;
	}
	/* table[k]: of a byte with k zero bytes behind it. */
	for (uint32_t n = 0; n < 256; n++)
		for (int k = 1; k < 4; k++)
			crc->table[k][n] = crc->table[k - 1][n] >> 8 ^
					   crc->table[0][crc->table[k - 1][n] & 0xFF];
}

static uint32_t add_byte(const struct crc32 *crc, uint32_t c, uint8_t byte)
{
	return c >> 8 ^ crc->table[0][(c ^ byte) & 0xFF];
}

void crc32_add(struct crc32 *crc, const void *data, size_t bytes)
{
	const uint8_t *p = data;
	uint32_t c = crc->state;

	for (; bytes && (uintptr_t)p % 4; bytes--)
		c = add_byte(crc, c, *p++);
	for (; bytes >= 4; bytes -= 4, p += 4) {
		c ^= *(const uint32_t *)p; /* little-endian, as all our machines */
		c = crc->table[3][c & 0xFF] ^ crc->table[2][c >> 8 & 0xFF] ^
		    crc->table[1][c >> 16 & 0xFF] ^ crc->table[0][c >> 24];
	}
	for (; bytes; bytes--)
		c = add_byte(crc, c, *p++);
	crc->state = c;
}

uint32_t crc32_end(const struct crc32 *crc)
{
	return ~crc->state;
}
