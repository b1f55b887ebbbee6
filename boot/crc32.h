/* SPDX-License-Identifier: MIT */
/* CRC-32 as of zlib, gzip and Ethernet (IEEE 802.3): reflected, polynomial 0xEDB88320. */
#ifndef BOOT_CRC32_H
#define BOOT_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The tables are computed: four words an entry are 4 KiB that need not be in the image. */
struct crc32 {
	uint32_t state;
	uint32_t table[4][256];
};

/* Context: any; no lock. */
void crc32_start(struct crc32 *crc);
/* Words where at and bytes allow, four table look-ups each; data need not be aligned. */
void crc32_add(struct crc32 *crc, const void *data, size_t bytes);
uint32_t crc32_end(const struct crc32 *crc);

#endif
