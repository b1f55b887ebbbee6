/* SPDX-License-Identifier: MIT */
/* The mailbox to the VideoCore's firmware: its property channel (github.com/raspberrypi/firmware,
 * wiki "Mailbox property interface"), one question at a time. */
#ifndef DRIVERS_BCM2835_MAILBOX_H
#define DRIVERS_BCM2835_MAILBOX_H

#include <stdint.h>

#define PROPERTY_BOARD_REVISION 0x00010002u /* -> revision */
#define PROPERTY_ARM_MEMORY	0x00010005u /* -> base, bytes */
#define PROPERTY_GPU_MEMORY	0x00010006u /* -> base, bytes */
#define PROPERTY_CLOCK_RATE	0x00030002u /* clock, 0 -> clock, Hz */
#define PROPERTY_DMA_CHANNELS	0x00060001u /* -> mask of those that are the ARM's */

#define PROPERTY_CLOCK_UART 2u
#define PROPERTY_CLOCK_CORE 4u

#define PROPERTY_WORDS_MAX 4u /* values of a question or an answer */

struct bcm2835_mailbox {
	uintptr_t base;
	/* 16-byte aligned, PROPERTY_WORDS_MAX + 6 words; not cached, or the firmware's answer is
	 * not seen and our question not read. */
	volatile uint32_t *buffer;
	uint32_t buffer_bus;
	void (*drain)(void); /* makes every store so far visible on the bus */
};

/* Asks for one property. values[0..words) is the question, padded with zeros, and then the answer.
 * 0, or -1: the firmware does not answer, or does not know the tag; values are zeros then. Waits,
 * but not for ever. Context: boot; not reentrant. */
int bcm2835_property(const struct bcm2835_mailbox *mailbox, uint32_t tag, uint32_t *values,
		     unsigned words);

#endif
