/* SPDX-License-Identifier: MIT */
/* The PL011 driver over a UART as a loader leaves it: sending, its last byte still on the wire,
 * interrupts on; and receiving by interrupt, with bytes that come at the worst moment. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/mmio.h"
#include "drivers/pl011.h"

#define BASE	 0x101F1000u
#define CLOCK_HZ 24000000u
#define FIFO	 16u

#define RX 0x10u
#define RT 0x40u

static struct {
	uint32_t cr, lcrh, ibrd, fbrd, ifls, imsc, ris;
	uint32_t latched; /* the divisor in use: taken over by a write to LCRH */
	unsigned busy;	  /* reads of FR until the last byte is out */
	unsigned tx_full; /* reads of FR until there is room to send */
	uint16_t fifo[FIFO];
	unsigned in, out;
	int late; /* a byte that arrives when the FIFO was seen empty, or -1 */
	char sent[400];
	unsigned sent_count, fr_reads;
	bool irqs_open; /* an interrupt comes between any two accesses */
} hw;

static void receive(uint16_t data)
{
	if (hw.in - hw.out == FIFO)
		return;
	hw.fifo[hw.in++ % FIFO] = data;
	hw.ris |= RX;
}

static struct pl011 uart;

static uint32_t flags(void)
{
	uint32_t fr = 0;

	hw.fr_reads++;
	if (hw.busy) {
		hw.busy--;
		fr |= 1u << 3;
	}
	if (hw.tx_full) {
		hw.tx_full -= hw.tx_full != ~0u;
		fr |= 1u << 5;
	}
	if (hw.in == hw.out) {
		fr |= 1u << 4;
		if (hw.late >= 0) {
			receive((uint16_t)hw.late);
			hw.late = -1;
		}
	}
	if (hw.irqs_open && hw.ris & hw.imsc) {
		hw.irqs_open = false; /* not inside itself */
		pl011_irq(&uart);
		hw.irqs_open = true;
	}
	return fr;
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	assert_int_equal(bytes, 4);
	switch (addr - BASE) {
	case 0x00:
		assert_true(hw.in != hw.out); /* an empty FIFO has nothing to say */
		return hw.fifo[hw.out++ % FIFO];
	case 0x18:
		return flags();
	case 0x24:
		return hw.ibrd;
	case 0x30:
		return hw.cr;
	case 0x40:
		return hw.ris & hw.imsc;
	default:
		fail_msg("read of register 0x%lx", (unsigned long)addr);
		return 0;
	}
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	assert_int_equal(bytes, 4);
	switch (addr - BASE) {
	case 0x00:
		assert_int_equal(hw.tx_full, 0);
		assert_int_equal(hw.cr & 0x101, 0x101);
		hw.sent[hw.sent_count++] = (char)value;
		break;
	case 0x24:
		hw.ibrd = value;
		break;
	case 0x28:
		hw.fbrd = value;
		break;
	case 0x2C:
		assert_int_equal(hw.cr & 1, 0); /* not while it runs (DDI0183 3.3.7) */
		if (!(value & 0x10))
			hw.in = hw.out; /* FIFO off: emptied */
		hw.lcrh = value;
		hw.latched = hw.ibrd << 6 | hw.fbrd;
		break;
	case 0x30:
		/* Off in the middle of a byte cuts it short. */
		if (hw.cr & 1 && !(value & 1))
			assert_int_equal(hw.busy, 0);
		hw.cr = value;
		break;
	case 0x34:
		hw.ifls = value;
		break;
	case 0x38:
		hw.imsc = value;
		break;
	case 0x44:
		hw.ris &= ~value;
		break;
	default:
		fail_msg("write to register 0x%lx", (unsigned long)addr);
	}
}

static unsigned rx_calls;

static void on_rx(void)
{
	rx_calls++;
}

/* A loader's UART: 115200 baud of another clock, RTS and DTR up, receiving by interrupt. */
static int setup(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	hw.cr = 0xF01 & ~0x200u; /* RTS, DTR, TXE, UARTEN; not RXE */
	hw.ibrd = 2;
	hw.fbrd = 9;
	hw.ifls = 0x12;
	hw.imsc = 0x7F0;
	hw.busy = 40;
	hw.late = -1;
	receive('?'); /* left over */
	hw.ris |= RT;
	memset(&uart, 0xAA, sizeof(uart));
	pl011_init(&uart, BASE, CLOCK_HZ, 115200);
	rx_calls = 0;
	return 0;
}

static void a_loaders_rate_and_lines_are_kept(void **state)
{
	(void)state;
	assert_int_equal(hw.latched, 2 << 6 | 9);
	assert_int_equal(hw.cr, 0xF01);	 /* RTS, DTR as they were; both ways on */
	assert_int_equal(hw.lcrh, 0x70); /* 8N1, FIFOs */
	assert_int_equal(hw.imsc, 0);
	assert_int_equal(hw.ris, 0);
	assert_int_equal(hw.ifls, 0);
	assert_int_equal(pl011_getc(&uart), -1); /* what lay in the FIFO is gone */
}

static void an_unused_uart_gets_our_rate(void **state)
{
	static const struct {
		uint32_t cr, ibrd, baud, divisor; /* divisor in 1/64 */
	} row[] = {{0, 0, 115200, 833},	    {0, 7, 115200, 833}, {0x101, 0, 38400, 2500},
		   {0x101, 0, 230400, 417}, {0, 0, 9600, 10000}, {0, 0, 460800, 208}};

	(void)state;
	for (unsigned i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		memset(&hw, 0, sizeof(hw));
		hw.late = -1;
		hw.cr = row[i].cr;
		hw.ibrd = row[i].ibrd;
		pl011_init(&uart, BASE, CLOCK_HZ, row[i].baud);
		assert_int_equal(hw.latched, row[i].divisor);
		assert_int_equal(hw.cr & 0x301, 0x301);
	}
}

/* The wait for the loader's last byte has an end, even if the line is held. */
static void a_line_that_is_held_does_not_hang_the_boot(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	hw.late = -1;
	hw.busy = 3000000;
	pl011_init(&uart, BASE, CLOCK_HZ, 115200);
	assert_in_range(hw.busy, 1, 2900000); /* it has waited, and given up */
	assert_int_equal(hw.cr & 0x301, 0x301);
}

static void bytes_wait_for_room(void **state)
{
	(void)state;
	pl011_putc(&uart, 'a');
	hw.tx_full = 999;
	pl011_putc(&uart, 0xFF);
	assert_int_equal(hw.sent_count, 2);
	assert_int_equal((uint8_t)hw.sent[1], 0xFF);
	assert_int_equal(hw.tx_full, 0);
}

/* A line that is stopped costs its patience once, then nothing; and is used again at once. */
static void a_stopped_line_drops_bytes_and_recovers(void **state)
{
	unsigned reads;

	(void)state;
	hw.tx_full = ~0u;
	pl011_putc(&uart, 'a');
	assert_int_equal(hw.sent_count, 0);
	reads = hw.fr_reads;
	for (unsigned i = 0; i < 100; i++)
		pl011_putc(&uart, 'b');
	assert_true(hw.fr_reads - reads <= 200);
	assert_int_equal(hw.sent_count, 0);
	hw.tx_full = 0;
	pl011_putc(&uart, 'c');
	assert_int_equal(hw.sent_count, 1);
	hw.tx_full = 500; /* and has its patience back */
	pl011_putc(&uart, 'd');
	assert_int_equal(hw.sent_count, 2);
}

static void polled_without_an_interrupt(void **state)
{
	(void)state;
	receive('x');
	receive(0xFF);
	assert_int_equal(pl011_getc(&uart), 'x');
	assert_int_equal(pl011_getc(&uart), 0xFF); /* a byte, not -1 */
	assert_int_equal(pl011_getc(&uart), -1);
	assert_int_equal(hw.imsc, 0); /* nobody asked for interrupts */
}

static void received_by_interrupt_in_order(void **state)
{
	(void)state;
	pl011_rx_enable(&uart, on_rx);
	assert_int_equal(hw.imsc, RX | RT);
	receive('a');
	receive('b');
	pl011_irq(&uart);
	assert_int_equal(rx_calls, 1);
	assert_int_equal(hw.ris & hw.imsc, 0);
	assert_int_equal(pl011_getc(&uart), 'a');
	assert_int_equal(pl011_getc(&uart), 'b');
	assert_int_equal(pl011_getc(&uart), -1);
	assert_int_equal(hw.imsc, RX | RT); /* after a look into the FIFO too */
	hw.ris |= RT;			    /* rings for nothing */
	pl011_irq(&uart);
	assert_int_equal(rx_calls, 1);
}

/* A byte that comes after the handler's last look must ring again. */
static void a_late_byte_rings_again(void **state)
{
	(void)state;
	pl011_rx_enable(&uart, on_rx);
	receive('a');
	hw.late = 'b';
	pl011_irq(&uart);
	assert_int_equal(pl011_getc(&uart), 'a');
	assert_int_equal(hw.in - hw.out, 1);
	assert_true(hw.ris & hw.imsc);
	pl011_irq(&uart);
	assert_int_equal(pl011_getc(&uart), 'b');
}

static void a_full_ring_rests_until_there_is_room(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) { /* somewhere in the ring, not at its start */
		receive('-');
		assert_int_equal(pl011_getc(&uart), '-');
	}
	pl011_rx_enable(&uart, on_rx);
	for (unsigned i = 0; i < PL011_RING + 5; i++) {
		receive((uint8_t)i);
		if (hw.imsc)
			pl011_irq(&uart);
	}
	assert_int_equal(hw.imsc, 0); /* else its level stays up and nothing else ever runs */
	assert_int_equal(rx_calls, PL011_RING);
	for (unsigned i = 0; i < PL011_RING + 5; i++) {
		assert_int_equal(pl011_getc(&uart), (uint8_t)i);
		assert_int_equal(hw.imsc, RX | RT);
		if (hw.ris & hw.imsc)
			pl011_irq(&uart);
	}
	assert_int_equal(pl011_getc(&uart), -1);
	assert_int_equal(uart.overruns, 0);
}

/* The reader looks into the FIFO itself; the handler must not take the same byte meanwhile. */
static void the_reader_and_the_handler_take_turns(void **state)
{
	(void)state;
	pl011_rx_enable(&uart, on_rx);
	for (unsigned i = 0; i < 2 * PL011_RING; i++) {
		receive((uint8_t)i);
		hw.irqs_open = true;
		assert_int_equal(pl011_getc(&uart), (uint8_t)i);
		hw.irqs_open = false;
		hw.ris = 0;
	}
	assert_int_equal(pl011_getc(&uart), -1);
}

static void lost_bytes_are_counted(void **state)
{
	(void)state;
	pl011_rx_enable(&uart, NULL); /* nobody to call */
	receive('a');
	receive(0x800 | 'b'); /* one was lost before it */
	receive('c');
	pl011_irq(&uart);
	assert_int_equal(uart.overruns, 1);
	assert_int_equal(pl011_getc(&uart), 'a');
	assert_int_equal(pl011_getc(&uart), 'b');
	assert_int_equal(pl011_getc(&uart), 'c');
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(a_loaders_rate_and_lines_are_kept),
		T(an_unused_uart_gets_our_rate),
		T(a_line_that_is_held_does_not_hang_the_boot),
		T(bytes_wait_for_room),
		T(a_stopped_line_drops_bytes_and_recovers),
		T(polled_without_an_interrupt),
		T(received_by_interrupt_in_order),
		T(a_late_byte_rings_again),
		T(a_full_ring_rests_until_there_is_room),
		T(the_reader_and_the_handler_take_turns),
		T(lost_bytes_are_counted),
	};

	return cmocka_run_group_tests_name("pl011", tests, NULL, NULL);
}
