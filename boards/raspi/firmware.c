/* SPDX-License-Identifier: MIT */
/* What the VideoCore's firmware says of the machine. */
#include "boards/raspi/raspi.h"

#include "boards/raspi/board.h"

#include "drivers/bcm2835_barrier.h"
#include "drivers/bcm2835_mailbox.h"

/* Linux bcm2835-common.dtsi, brcm,dma-channel-mask: what the firmware never uses itself. Newer ones
 * are asked, and both must agree. */
#define DMA_CHANNELS_FREE 0x7F35u

struct raspi_firmware raspi_firmware;

/* The buffer is strongly ordered memory, as the mailbox is: stores stay in order. */
static void drain(void)
{
	bcm2835_barrier();
}

static const struct bcm2835_mailbox mailbox = {
	.base = IO_VA(MAILBOX_PA),
	.buffer = (volatile uint32_t *)(LOW_RAM_VA + MAILBOX_OFF),
	.buffer_bus = PHYS_RAM_BASE + MAILBOX_OFF + BOARD_DMA_ALIAS,
	.drain = drain,
};

/* The last word of the answer; 0 without one. */
static uint32_t ask(uint32_t tag, uint32_t question, unsigned words)
{
	uint32_t values[PROPERTY_WORDS_MAX] = {question};

	if (bcm2835_property(&mailbox, tag, values, words))
		return 0;
	return values[words - 1];
}

static uint32_t clock_hz(uint32_t clock, uint32_t otherwise)
{
	uint32_t hz = ask(PROPERTY_CLOCK_RATE, clock, 2);

	return hz ? hz : otherwise;
}

void raspi_firmware_read(void)
{
	struct raspi_firmware *f = &raspi_firmware;

	*f = (struct raspi_firmware){.uart_hz = UART_CLOCK_HZ,
				     .core_hz = CORE_CLOCK_HZ,
				     .dma_channels = DMA_CHANNELS_FREE};
	f->revision = ask(PROPERTY_BOARD_REVISION, 0, 1);
	f->answers = f->revision != 0;
	if (!f->answers)
		return; /* the others would wait as long */
	f->arm_bytes = ask(PROPERTY_ARM_MEMORY, 0, 2);
	f->gpu_bytes = ask(PROPERTY_GPU_MEMORY, 0, 2);
	f->uart_hz = clock_hz(PROPERTY_CLOCK_UART, UART_CLOCK_HZ);
	f->core_hz = clock_hz(PROPERTY_CLOCK_CORE, CORE_CLOCK_HZ);
	f->dma_channels = ask(PROPERTY_DMA_CHANNELS, 0, 1);
	f->dma_channels = f->dma_channels ? f->dma_channels & DMA_CHANNELS_FREE : DMA_CHANNELS_FREE;
}

/* Old revisions are numbers of a list; new ones (bit 23) have the model in bits 11:4. */
const char *raspi_model(uint32_t revision)
{
	static const char *const models[] = {[0] = "A",	 [1] = "B",    [2] = "A+",     [3] = "B+",
					     [6] = "CM", [9] = "Zero", [12] = "Zero W"};
	unsigned model = revision >> 4 & 0xFF;

	if (revision & 1u << 23)
		return model < sizeof(models) / sizeof(models[0]) && models[model]
			       ? models[model]
			       : "of unknown model";
	switch (revision & 0xFFFF) {
	case 0x07:
	case 0x08:
	case 0x09:
		return "A";
	case 0x10:
	case 0x13:
		return "B+";
	case 0x11:
	case 0x14:
		return "CM";
	case 0x12:
	case 0x15:
		return "A+";
	default:
		return (revision & 0xFFFF) >= 2 && (revision & 0xFFFF) <= 0x0F ? "B"
									       : "of unknown model";
	}
}
