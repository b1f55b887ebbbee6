/* SPDX-License-Identifier: MIT */
/* The BCM2835's mini UART: see bcm2835_aux.h. */
#include "drivers/bcm2835_aux.h"
#include "drivers/mmio.h"
#include "lib/irqflags.h"

#define AUX_IRQ	    0x00
#define AUX_ENABLES 0x04
#define IO	    0x40
#define IER	    0x44
#define IIR	    0x48
#define LCR	    0x4C
#define MCR	    0x50
#define LSR	    0x54
#define CNTL	    0x60
#define BAUD	    0x68

#define MINI_UART 1u /* of AUX_IRQ and AUX_ENABLES; the other two are SPI masters */

/* The manual has bits 0 and 1 exchanged, and calls 2 and 3 "don't care", without which nothing is
 * received by interrupt (errata). */
#define IER_RX	     (1u << 0 | 3u << 2)
#define IER_TX_EMPTY (1u << 1)
#define IIR_CLEAR    (3u << 1) /* both FIFOs */
#define LCR_8_BITS   3u	       /* two bits, against the manual's one (errata) */
#define LSR_DATA     (1u << 0)
#define LSR_ROOM     (1u << 5)
#define LSR_IDLE     (1u << 6)
#define CNTL_RX_TX   3u

/* Polls of a register; a byte at 9600 baud takes 1 ms, a poll no less than some 30 ns. */
#define PATIENCE 1000000u
/* For an interrupt that is up to reach the core: some bus cycles. */
#define FORCE_PATIENCE 1000u

static uint32_t rd(const struct bcm2835_aux *aux, unsigned reg)
{
	return mmio_read32(aux->base + reg);
}

static void wr(const struct bcm2835_aux *aux, unsigned reg, uint32_t value)
{
	mmio_write32(aux->base + reg, value);
}

static bool wait_set(const struct bcm2835_aux *aux, uint32_t flag, uint32_t polls)
{
	while (!(rd(aux, LSR) & flag))
		if (polls-- == 0)
			return false;
	return true;
}

static bool ring_full(const struct bcm2835_aux *aux)
{
	return aux->in - aux->out == BCM2835_AUX_RING;
}

/* With a full ring the receive interrupt rests: its level would stay up and nothing else ever
 * run. IRQs masked. */
static void set_interrupts(struct bcm2835_aux *aux)
{
	wr(aux, IER,
	   (aux->rx_irq && !ring_full(aux) ? IER_RX : 0) | (aux->forced ? IER_TX_EMPTY : 0));
}

void bcm2835_aux_init(struct bcm2835_aux *aux, uintptr_t base)
{
	*aux = (struct bcm2835_aux){.base = base};
	/* Until then none of its registers can be read or written. The SPI masters stay as the
	 * loader has them. */
	wr(aux, AUX_ENABLES, rd(aux, AUX_ENABLES) | MINI_UART);
	wait_set(aux, LSR_IDLE, PATIENCE); /* the loader's last bytes */
	set_interrupts(aux);
	wr(aux, CNTL, 0);
	wr(aux, IIR, IIR_CLEAR);
}

void bcm2835_aux_open(struct bcm2835_aux *aux, uint32_t clock_hz, uint32_t baud)
{
	wr(aux, LCR, LCR_8_BITS);
	wr(aux, MCR, 0);
	wr(aux, BAUD, (clock_hz + 4 * baud) / (8 * baud) - 1); /* rounded (2.2.1) */
	wr(aux, IIR, IIR_CLEAR);
	wr(aux, CNTL, CNTL_RX_TX);
	aux->sends = true;
}

void bcm2835_aux_close(struct bcm2835_aux *aux)
{
	wait_set(aux, LSR_IDLE, PATIENCE);
	wr(aux, CNTL, 0);
	aux->sends = aux->rx_irq = false;
	set_interrupts(aux);
}

void bcm2835_aux_putc(struct bcm2835_aux *aux, uint8_t c)
{
	aux->stuck = !wait_set(aux, LSR_ROOM, aux->stuck ? 0 : PATIENCE);
	if (!aux->stuck)
		wr(aux, IO, c);
}

/* Moves received bytes into the ring. IRQs masked. */
static void pump(struct bcm2835_aux *aux)
{
	while (!ring_full(aux) && rd(aux, LSR) & LSR_DATA) {
		aux->ring[aux->in % BCM2835_AUX_RING] = (uint8_t)rd(aux, IO);
		aux->in++;
	}
}

int bcm2835_aux_getc(struct bcm2835_aux *aux)
{
	unsigned long flags = irq_save();
	int c = -1;

	/* The interrupt may be unable to come (panic), or rests because the ring was full. */
	pump(aux);
	if (aux->in != aux->out)
		c = aux->ring[aux->out++ % BCM2835_AUX_RING];
	if (aux->rx_irq)
		set_interrupts(aux);
	irq_restore(flags);
	return c;
}

void bcm2835_aux_rx_enable(struct bcm2835_aux *aux, void (*on_rx)(void))
{
	unsigned long flags = irq_save();

	aux->on_rx = on_rx;
	aux->rx_irq = true;
	set_interrupts(aux);
	irq_restore(flags);
}

void bcm2835_aux_force_init(struct bcm2835_aux *aux, void (*on_forced)(void))
{
	unsigned long flags = irq_save();

	aux->forced = false;
	aux->on_forced = on_forced;
	set_interrupts(aux);
	irq_restore(flags);
}

void bcm2835_aux_force(struct bcm2835_aux *aux)
{
	unsigned long flags;

	if (aux->sends)
		wait_set(aux, LSR_IDLE, PATIENCE);
	flags = irq_save();
	aux->forced = true;
	set_interrupts(aux);
	irq_restore(flags);
	/* On silicon the line takes its time through two bus bridges and the controller, and the
	 * CPU would run past the place that was to be interrupted. Masked, the device's own word
	 * has to do. */
	for (unsigned polls = FORCE_PATIENCE; aux->forced && polls; polls--)
		if (irqs_masked() && rd(aux, AUX_IRQ) & MINI_UART)
			break;
}

void bcm2835_aux_irq(void *arg)
{
	struct bcm2835_aux *aux = arg;
	bool forced = aux->forced;
	uint32_t before = aux->in;

	aux->forced = false; /* first: on_forced may force again */
	pump(aux);
	set_interrupts(aux);
	if (aux->in != before && aux->on_rx)
		aux->on_rx();
	if (forced && aux->on_forced)
		aux->on_forced();
}
