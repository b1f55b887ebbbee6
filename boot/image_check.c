/* SPDX-License-Identifier: MIT */
/* Is the image in memory what was linked? Everything here is in .bss, in registers or constant: a
 * store into .data would be damage. */
#include "boot/image_check.h"

#include <stddef.h>

#include "board.h"
#include "boot/crc32.h"
#include "cache/cp15.h"
#include "core.h"
#include "drivers/mmio.h"
#include "lib/memory_map.h"

/* The PL011's data and flag registers (ARM DDI0183). */
#define DR	0x00
#define FR	0x18
#define FR_TXFF (1u << 5)

extern const uint8_t _image_start[], _image_end[];
extern const uint32_t image_crc; /* in head.S, at a place that tools/image_crc knows */

static uint32_t found;

uint32_t image_crc_found(void)
{
	return found;
}

uint32_t image_bytes(void)
{
	return (uintptr_t)_image_end - (uintptr_t)_image_start;
}

/* The UART at its physical address: no device is mapped yet. */
static void map_early_uart(void)
{
	uint32_t section = BOARD_EARLY_UART_PA >> SECTION_SHIFT;
	uint32_t *entry = (uint32_t *)(PAGE_OFFSET + L1_TABLE_OFF) + section;

	*entry = section << SECTION_SHIFT | CORE_SECTION_DEVICE;
	cp15_dcache_clean_mva((uint32_t)entry); /* walks do not look into the D-cache */
	cp15_drain();
}

static void say(const char *text)
{
	for (; *text; text++) {
		while (mmio_read32(BOARD_EARLY_UART_PA + FR) & FR_TXFF)
			;
		mmio_write32(BOARD_EARLY_UART_PA + DR, (uint8_t)*text);
	}
}

static void say_hex(uint32_t n)
{
	char digit[2] = "";

	for (int shift = 28; shift >= 0; shift -= 4) {
		digit[0] = "0123456789abcdef"[n >> shift & 15];
		say(digit);
	}
}

void image_check(void)
{
	static struct crc32 crc;
	static const uint32_t zero; /* stands for the word itself, which is 0 when it is computed */
	const uint8_t *word = (const uint8_t *)&image_crc, *behind = word + sizeof(zero);

	if (!image_crc)
		return;
	crc32_start(&crc);
	crc32_add(&crc, _image_start, (uintptr_t)word - (uintptr_t)_image_start);
	crc32_add(&crc, &zero, sizeof(zero));
	crc32_add(&crc, behind, (uintptr_t)_image_end - (uintptr_t)behind);
	found = crc32_end(&crc);
	if (found == image_crc)
		return;
	map_early_uart();
	say("image: damaged: its CRC is ");
	say_hex(found);
	say(" and should be ");
	say_hex(image_crc);
	say("; load it again\r\nverdict reason=\"damaged image\" status=ERROR\r\n");
	for (;;)
		cp15_wfi();
}
