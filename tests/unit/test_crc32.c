/* SPDX-License-Identifier: MIT */
/* CRC-32 against its published check value and the definition, bit by bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "host_seed.h"

#include "boot/crc32.h"

static uint32_t whole(const void *data, size_t bytes)
{
	static struct crc32 crc;

	memset(&crc, 0xa5, sizeof(crc));
	crc32_start(&crc);
	crc32_add(&crc, data, bytes);
	return crc32_end(&crc);
}

static uint32_t bit_by_bit(const uint8_t *data, size_t bytes)
{
	uint32_t c = 0xFFFFFFFF;

	for (size_t i = 0; i < 8 * bytes; i++)
		c = c >> 1 ^ ((c ^ data[i / 8] >> i % 8) & 1 ? 0xEDB88320 : 0);
	return ~c;
}

static void test_published(void **state)
{
	(void)state;
	assert_int_equal(whole("123456789", 9), 0xCBF43926);
	assert_int_equal(whole("", 0), 0);
}

static void test_random(void **state)
{
	(void)state;
	srand(host_seed());
	for (int run = 0; run < 2000; run++) {
		size_t from = (size_t)rand() % 8, bytes = (size_t)rand() % 64,
		       cut = rand() % (bytes + 1);
		uint8_t *room = malloc(from + bytes); /* ASan sees each byte outside */
		struct crc32 crc;

		assert_non_null(room);
		for (size_t i = 0; i < from + bytes; i++)
			room[i] = (uint8_t)rand();
		assert_int_equal(whole(room + from, bytes), bit_by_bit(room + from, bytes));
		crc32_start(&crc);
		crc32_add(&crc, room + from, cut);
		crc32_add(&crc, room + from + cut, bytes - cut);
		assert_int_equal(crc32_end(&crc), bit_by_bit(room + from, bytes));
		free(room);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
