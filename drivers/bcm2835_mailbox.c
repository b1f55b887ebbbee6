/* SPDX-License-Identifier: MIT */
/* The mailbox to the VideoCore's firmware: see bcm2835_mailbox.h. */
#include "drivers/bcm2835_mailbox.h"
#include "drivers/mmio.h"

/* Mailbox 0 is read by the ARM, mailbox 1 written; each has its own status. */
#define READ	     0x00
#define READ_STATUS  0x18
#define WRITE	     0x20
#define WRITE_STATUS 0x38

#define STATUS_EMPTY (1u << 30)
#define STATUS_FULL  (1u << 31)

#define CHANNEL_PROPERTY 8u
#define CHANNEL_MASK	 15u

#define CODE_OK 0x80000000u /* also "this tag was answered" */

/* Polls of a status. The firmware answers in well under a millisecond; a poll is a bus read of no
 * less than some 30 ns. */
#define PATIENCE 3000000u

static int wait_clear(const struct bcm2835_mailbox *mailbox, unsigned status, uint32_t flag)
{
	for (uint32_t polls = PATIENCE; polls; polls--)
		if (!(mmio_read32(mailbox->base + status) & flag))
			return 0;
	return -1;
}

/* Sends the buffer and waits until it comes back. */
static int exchange(const struct bcm2835_mailbox *mailbox)
{
	uint32_t word = mailbox->buffer_bus | CHANNEL_PROPERTY;

	/* What an earlier owner asked and did not fetch: eight words is all that fit. */
	for (unsigned i = 0; i < 8; i++)
		if (!(mmio_read32(mailbox->base + READ_STATUS) & STATUS_EMPTY))
			(void)mmio_read32(mailbox->base + READ);
	if (wait_clear(mailbox, WRITE_STATUS, STATUS_FULL))
		return -1;
	mailbox->drain();
	mmio_write32(mailbox->base + WRITE, word);
	do {
		if (wait_clear(mailbox, READ_STATUS, STATUS_EMPTY))
			return -1;
	} while (mmio_read32(mailbox->base + READ) != word); /* another channel's: not ours */
	return 0;
}

int bcm2835_property(const struct bcm2835_mailbox *mailbox, uint32_t tag, uint32_t *values,
		     unsigned words)
{
	volatile uint32_t *buffer = mailbox->buffer;
	int result;

	if (words > PROPERTY_WORDS_MAX)
		return -1;
	buffer[0] = (words + 6) * 4;
	buffer[1] = 0; /* a request */
	buffer[2] = tag;
	buffer[3] = words * 4;
	buffer[4] = 0;
	for (unsigned i = 0; i < words; i++)
		buffer[5 + i] = values[i];
	buffer[5 + words] = 0;
	result = exchange(mailbox);
	/* An unknown tag comes back untouched although the whole counts as answered. */
	if (!result && (buffer[1] != CODE_OK || !(buffer[4] & CODE_OK)))
		result = -1;
	for (unsigned i = 0; i < words; i++)
		values[i] = result ? 0 : buffer[5 + i];
	return result;
}
