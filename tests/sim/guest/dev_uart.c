/* SPDX-License-Identifier: MIT */
/* PL011: flags, FIFO, masks, interrupts; 20 bytes "abc...t" come in from the host. */
#include "devices.h"

#define DR   REG(UART, 0x00)
#define FR   REG(UART, 0x18)
#define LCR  REG(UART, 0x2c)
#define CR   REG(UART, 0x30)
#define IMSC REG(UART, 0x38)
#define RIS  REG(UART, 0x3c)
#define MIS  REG(UART, 0x40)
#define ICR  REG(UART, 0x44)

#define RXFE 0x10u
#define RXFF 0x40u
#define RX   0x10u
#define TX   0x20u
#define RT   0x40u

static void transmit(void)
{
	ICR = ~0u;
	show("ris-clear", RIS & TX);
	DR = 'U';
	show("tx-flags", FR & 0xa8); /* empty, not full, not busy */
	show("tx-ris", RIS & TX);
	show("tx-mis-masked", MIS);
	show("tx-vic-masked", VIC_RAW >> 12 & 1);
	IMSC = TX;
	show("tx-mis", MIS);
	show("tx-vic", VIC_RAW >> 12 & 1);
	VIC_EN = 1u << 12;
	show("tx-irq", interrupt_try(I_BIT));
	ICR = TX;
	show("tx-ris-after", RIS & TX);
	show("tx-irq-after", interrupt_try(I_BIT));
	IMSC = 0;
	VIC_DIS = ~0u;
}

static uint32_t wait_byte(void)
{
	uint32_t start = now_us();

	while (FR & RXFE)
		if (now_us() - start > 2000000)
			return 0xffffffff;
	return DR & 0xff;
}

static void receive(void)
{
	uint32_t sum = 0;

	LCR = 0x70; /* FIFO on */
	CR = 0x301;
	show("send-now", 1);
	IMSC = RX;
	VIC_EN = 1u << 12;
	show("rx-comes", wait_bits(&RIS, RX));
	show("rx-flag", FR & RXFE);
	show("rx-mis", MIS & RX);
	show("rx-irq", interrupt_try(I_BIT));
	show("rx-full", wait_bits(&FR, RXFF));
	show("rx-first", wait_byte());
	for (int n = 1; n < 20; n++)
		sum = sum * 31 + wait_byte();
	show("rx-rest", sum);
	show("rx-empty", FR & (RXFE | RXFF));
	show("rx-ris-empty", RIS & RX);
	show("rx-irq-empty", interrupt_try(I_BIT));
	VIC_DIS = ~0u;
	IMSC = 0;
}

int guest_main(void)
{
	vectors_install();
	for (uint32_t off = 0xfe0; off < 0x1000; off += 4)
		show("uart-id", REG(UART, off));
	show("cr-reset", CR);
	show("ifls-reset", REG(UART, 0x34));
	show("imsc-reset", IMSC);
	REG(UART, 0x24) = 0x12345;
	REG(UART, 0x28) = 0x7f;
	show("fbrd", REG(UART, 0x28) & 0x3f);
	show("ibrd", REG(UART, 0x24) & 0xffff);
	IMSC = 0x7ff;
	show("imsc", IMSC);
	IMSC = 0;
	transmit();
	receive();
	return 0;
}
