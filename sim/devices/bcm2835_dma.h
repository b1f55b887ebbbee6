/* SPDX-License-Identifier: MIT */
/* The BCM2835's DMA channels: their registers, and what a control block moves. */
#ifndef SIM_DEVICES_BCM2835_DMA_H
#define SIM_DEVICES_BCM2835_DMA_H

#include "sim/devices/device.h"

#define CHANNELS      15u /* the sixteenth is elsewhere, and the GPU's */
#define FIRST_LITE    7u
#define FIRST_SHARED  11u     /* 11 to 14 have one interrupt line */
#define ARMS_CHANNELS 0x7f35u /* what the firmware leaves to the ARM */
#define BLOCK_ALIGN   32u

#define CS_ACTIVE      0x00000001u
#define CS_END	       0x00000002u
#define CS_INT	       0x00000004u
#define CS_PAUSED      0x00000010u
#define CS_WAITING     0x00000040u /* for writes that have not arrived */
#define CS_ERROR       0x00000100u
#define CS_WAIT_WRITES 0x10000000u
#define CS_ABORT       0x40000000u
#define CS_RESET       0x80000000u
#define CS_KEEPS       0x30ff0001u /* what is written and read back */

#define TI_INTEN      0x00000001u
#define TI_2D	      0x00000002u
#define TI_WAIT_RESP  0x00000008u
#define TI_DST_INC    0x00000010u
#define TI_DST_WIDE   0x00000020u
#define TI_DST_IGNORE 0x00000080u
#define TI_SRC_INC    0x00000100u
#define TI_SRC_WIDE   0x00000200u
#define TI_SRC_IGNORE 0x00000800u

#define DEBUG_ERRORS	 0x00000007u
#define DEBUG_READ_ERROR 0x00000004u
#define DEBUG_VERSION	 0x04000000u
#define DEBUG_LITE	 0x10000000u

#define FETCH_CYCLES 100u   /* half a microsecond before a block moves anything */
#define POSTED_BYTES 64u    /* that may be on their way: eight writes of 64 bits */
#define LATE_CYCLES  10000u /* how long they take: far longer than any handler's way in */

struct bcm2835_channel {
	uint32_t cs, conblk;
	uint32_t ti, src, dst, len, stride, next; /* as a control block has them */
	uint32_t debug, starter;		  /* PC of the CS write */
	uint32_t deferred;			  /* flags of CS that wait for the writes */
	uint64_t due, lands;
	uint32_t late_bus, late_bytes;
	uint8_t late[POSTED_BYTES];
};

struct bcm2835_dma {
	struct device d;
	uint32_t enable;
	struct bcm2835_channel ch[CHANNELS];
};

static inline bool lite(const struct bcm2835_dma *s, const struct bcm2835_channel *c)
{
	return c - s->ch >= FIRST_LITE;
}

/* Bytes that the channel's block moves. */
uint32_t block_bytes(const struct bcm2835_channel *c);
/* Moves them, the last ones perhaps only on their way; false if a read was answered by nothing. */
bool bcm2835_dma_copy(struct bcm2835_dma *s, struct bcm2835_channel *c);

#endif
