/* SPDX-License-Identifier: MIT */
/* Is the image in memory what was linked? A serial loader checks nothing. */
#ifndef BOOT_IMAGE_CHECK_H
#define BOOT_IMAGE_CHECK_H

#include <stdint.h>

/* Compares the image with the CRC-32 that the build has put into murphy.bin (in an ELF file it is
 * 0: whoever loads that can verify it, and a debugger's breakpoints in it are no damage). Head.S
 * calls it before anything of the image has changed, .data included. If they differ it says so on
 * the board's early UART, by itself: nothing else of the image can be trusted. Then it does not
 * return. */
void image_check(void);

/* What was found: the CRC, 0 if the image has none; and how many bytes it is of. */
uint32_t image_crc_found(void);
uint32_t image_bytes(void);

#endif
