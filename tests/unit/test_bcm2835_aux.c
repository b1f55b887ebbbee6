/* SPDX-License-Identifier: MIT */
/* The mini UART: as a console, and as the interrupt that software raises. Its interrupts are levels
 * and come as the errata say; its FIFOs take their time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "drivers/bcm2835_aux.h"
#include "drivers/mmio.h"
#include "lib/irqflags.h"

#define BASE 0x20215000u

static struct bcm2835_aux aux;

static struct {
	uint32_t enables, ier, lcr, cntl, baud;
	unsigned tx, rx; /* bytes in the FIFOs */
	bool jammed;	 /* nothing leaves */
	uint8_t next;	 /* byte received */
	char sent[64];
	unsigned nsent, interrupts;
} hw;

static bool line(void)
{
	if (!(hw.enables & 1) || !(hw.ier & 0xC))
		return hw.enables & 1 && hw.ier & 2 && hw.tx == 0;
	return (hw.ier & 2 && hw.tx == 0) || (hw.ier & 1 && hw.rx);
}

/* The CPU: takes what is up as soon as IRQs are open. */
static void take(void)
{
	unsigned long flags;

	while (line() && !irqs_masked()) {
		assert_in_range(hw.interrupts++, 0, 1000);
		flags = irq_save();
		bcm2835_aux_irq(&aux);
		host_irq_mask = flags;
	}
}

void host_irqs_opened(void)
{
	take();
}

uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes)
{
	uint32_t offset = (uint32_t)addr - BASE, value = 0;

	assert_int_equal(bytes, 4);
	if (offset >= 0x40)
		assert_true(hw.enables & 1); /* on the chip the others are not there */
	switch (offset) {
	case 0x00:
		value = line();
		break;
	case 0x04:
		value = hw.enables;
		break;
	case 0x40:
		assert_int_not_equal(hw.rx, 0);
		hw.rx--;
		value = hw.next++;
		break;
	case 0x54:
		if (hw.tx && !hw.jammed)
			hw.tx--;
		value = (hw.rx ? 1 : 0) | (hw.tx < 8 ? 1u << 5 : 0) | (hw.tx ? 0 : 1u << 6);
		break;
	default:
		fail_msg("read of register 0x%x", offset);
	}
	take();
	return value;
}

void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value)
{
	uint32_t offset = (uint32_t)addr - BASE;

	assert_int_equal(bytes, 4);
	if (offset >= 0x40)
		assert_true(hw.enables & 1);
	switch (offset) {
	case 0x04:
		hw.enables = value;
		break;
	case 0x40:
		assert_in_range(hw.tx, 0, 7);
		assert_int_equal(hw.cntl & 2, 2);
		hw.tx++;
		hw.sent[hw.nsent++] = (char)value;
		break;
	case 0x44:
		hw.ier = value;
		break;
	case 0x48:
		if (value & 2)
			hw.rx = 0;
		if (value & 4)
			hw.tx = 0;
		break;
	case 0x4C:
		hw.lcr = value;
		break;
	case 0x50:
		break;
	case 0x60:
		assert_int_equal(hw.tx, 0); /* a byte would be cut short */
		hw.cntl = value;
		break;
	case 0x68:
		hw.baud = value;
		break;
	default:
		fail_msg("write to register 0x%x", offset);
	}
	take();
}

static unsigned forced, received;

static void on_forced(void)
{
	forced++;
}

static void on_rx(void)
{
	received++;
}

static int setup(void **state)
{
	(void)state;
	memset(&hw, 0, sizeof(hw));
	hw.enables = 7; /* a loader's console, in the middle of a word */
	hw.ier = 0xF;
	hw.cntl = 3;
	hw.tx = 5;
	host_irq_mask = PSR_I;
	memset(&aux, 0xAA, sizeof(aux));
	bcm2835_aux_init(&aux, BASE);
	host_irq_mask = 0;
	forced = received = 0;
	return 0;
}

static void it_is_quiet_at_first(void **state)
{
	(void)state;
	assert_int_equal(hw.ier, 0);
	assert_int_equal(hw.cntl, 0);
	assert_int_equal(hw.enables, 7); /* the SPI masters are not ours */
	host_irq_mask = PSR_I;
	hw.enables = 0;
	bcm2835_aux_init(&aux, BASE);
	assert_int_equal(hw.enables, 1);
}

static void a_force_is_taken_before_it_returns(void **state)
{
	(void)state;
	bcm2835_aux_force_init(&aux, on_forced);
	for (unsigned i = 1; i <= 3; i++) {
		bcm2835_aux_force(&aux);
		assert_int_equal(forced, i);
		assert_int_equal(hw.ier & 2, 0);
	}
	assert_int_equal(hw.interrupts, 3);
}

static void masked_it_waits(void **state)
{
	(void)state;
	bcm2835_aux_force_init(&aux, on_forced);
	host_irq_mask = PSR_I;
	bcm2835_aux_force(&aux);
	bcm2835_aux_force(&aux);
	assert_int_equal(forced, 0);
	assert_true(line());
	irq_restore(0);
	assert_int_equal(forced, 1);
	host_irq_mask = PSR_I;
	bcm2835_aux_force(&aux);
	bcm2835_aux_force_init(&aux, on_forced); /* a new owner does not get the old one's */
	irq_restore(0);
	assert_int_equal(forced, 1);
	assert_int_equal(hw.ier, 0);
}

static unsigned rounds;

static void once_more(void)
{
	if (++rounds < 5)
		bcm2835_aux_force(&aux);
}

static void the_function_may_force_again(void **state)
{
	(void)state;
	rounds = 0;
	bcm2835_aux_force_init(&aux, once_more);
	bcm2835_aux_force(&aux);
	assert_int_equal(rounds, 5);
	assert_int_equal(hw.ier, 0);
}

/* "Transmit FIFO empty" is what is raised: not while the console's last byte is in it. */
static void a_console_that_sends_does_not_delay_it(void **state)
{
	(void)state;
	bcm2835_aux_open(&aux, 250000000, 115200);
	bcm2835_aux_force_init(&aux, on_forced);
	for (const char *c = "a line to send"; *c; c++)
		bcm2835_aux_putc(&aux, (uint8_t)*c);
	assert_int_not_equal(hw.tx, 0);
	bcm2835_aux_force(&aux);
	assert_int_equal(forced, 1);
	assert_string_equal(hw.sent, "a line to send");
}

static void rates_are_rounded(void **state)
{
	(void)state;
	bcm2835_aux_open(&aux, 250000000, 115200);
	assert_int_equal(hw.baud, 270); /* 250 MHz / 8 / 115200 = 271.27, less one */
	assert_int_equal(hw.lcr, 3);	/* the manual's 1 would be seven bits */
	assert_int_equal(hw.cntl, 3);
	bcm2835_aux_open(&aux, 400000000, 115200);
	assert_int_equal(hw.baud, 433); /* 434.03 */
	bcm2835_aux_putc(&aux, 'x');
	bcm2835_aux_close(&aux);
	assert_int_equal(hw.cntl, 0);
}

static void a_jam_drops_bytes_and_does_not_hang(void **state)
{
	(void)state;
	bcm2835_aux_open(&aux, 250000000, 115200);
	hw.jammed = true;
	for (unsigned i = 0; i < 50; i++)
		bcm2835_aux_putc(&aux, 'x');
	assert_int_equal(hw.nsent, 8);
	assert_true(aux.stuck);
	hw.jammed = false;
	bcm2835_aux_putc(&aux, 'y');
	bcm2835_aux_putc(&aux, 'y');
	assert_int_equal(hw.nsent, 10);
}

static void bytes_are_received_by_interrupt_and_without(void **state)
{
	(void)state;
	bcm2835_aux_open(&aux, 250000000, 115200);
	assert_int_equal(bcm2835_aux_getc(&aux), -1);
	hw.next = 'a';
	hw.rx = 2;
	assert_int_equal(bcm2835_aux_getc(&aux), 'a');
	assert_int_equal(bcm2835_aux_getc(&aux), 'b');
	bcm2835_aux_rx_enable(&aux, on_rx);
	hw.rx = 3;
	take();
	assert_int_equal(received, 1);
	assert_int_equal(hw.rx, 0);
	for (int c = 'c'; c <= 'e'; c++)
		assert_int_equal(bcm2835_aux_getc(&aux), c);
	assert_int_equal(bcm2835_aux_getc(&aux), -1);
}

static void a_full_ring_rests_and_goes_on(void **state)
{
	(void)state;
	bcm2835_aux_open(&aux, 250000000, 115200);
	bcm2835_aux_rx_enable(&aux, on_rx);
	bcm2835_aux_force_init(&aux, on_forced);
	hw.next = 0;
	hw.rx = 300;
	take(); /* the level must not keep the CPU busy for ever */
	assert_int_equal(hw.rx, 44);
	bcm2835_aux_force(&aux); /* nor another interrupt of the same line bring that about */
	assert_int_equal(forced, 1);
	for (unsigned i = 0; i < 300; i++)
		assert_int_equal(bcm2835_aux_getc(&aux), (uint8_t)i);
	assert_int_equal(bcm2835_aux_getc(&aux), -1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, setup)
	const struct CMUnitTest tests[] = {
		T(it_is_quiet_at_first),
		T(a_force_is_taken_before_it_returns),
		T(masked_it_waits),
		T(the_function_may_force_again),
		T(a_console_that_sends_does_not_delay_it),
		T(rates_are_rounded),
		T(a_jam_drops_bytes_and_does_not_hang),
		T(bytes_are_received_by_interrupt_and_without),
		T(a_full_ring_rests_and_goes_on),
	};

	return cmocka_run_group_tests_name("bcm2835_aux", tests, NULL, NULL);
}
