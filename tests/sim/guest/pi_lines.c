/* SPDX-License-Identifier: MIT */
/* Interrupts, the system timer, the mini UART and GPIO of the Raspberry Pi, as drivers use them:
 * some right, some with a mistake that QEMU lets pass. */
#include "pi.h"

#define UART_BANK2 (1u << 25)
#define AUX_BANK1  (1u << 29)

/* Is the PL011's interrupt found? By bit 9 of the basic register, or in pending 2. */
static int uart(int by_basic, int b)
{
	(void)b;
	UART_DR = '.'; /* the transmitter's interrupt is up when it has become empty */
	UART_IMSC = 0x20;
	IC_EN2 = UART_BANK2;
	if (by_basic && !(IC_BASIC & 0x200))
		return 1;
	return !(IC_PEND2 & UART_BANK2);
}

static int uart_bit_of_its_own(int a, int b)
{
	uart(0, 0);
	(void)a, (void)b;
	return !(IC_BASIC & 1u << 19);
}

/* Lines without a bit of their own do set bit 8. An interrupt that is there at once. */
static int aux(int enabled, int by_basic)
{
	AUX_EN = (uint32_t)enabled;
	IC_EN1 = AUX_BANK1;
	AUX_IER = 2;
	if (!(IC_PEND1 & AUX_BANK1) || (by_basic && !(IC_BASIC & 0x100)))
		return 1;
	AUX_IER = 0;
	return (IC_PEND1 & AUX_BANK1) != 0;
}

/* Set up before it is enabled: nothing of it was taken. And disabled again: nothing is left. */
static int aux_late(int off_again, int b)
{
	(void)b;
	AUX_EN = (uint32_t)off_again;
	IC_EN1 = AUX_BANK1;
	AUX_IER = 2;
	AUX_EN = !off_again;
	return !(IC_PEND1 & AUX_BANK1) != off_again;
}

/* A compare so far ahead (or behind): does it match soon? */
static int timer(int ahead, int compare)
{
	ST_CS = 1u << compare;
	ST_C(compare) = ST_CLO + (uint32_t)ahead;
	return !pi_wait(&ST_CS, 1u << compare);
}

/* The GPU's compares are its own: what it does not take away, the ARM does not see either. */
static int timer_of_the_gpu(int a, int b)
{
	(void)a, (void)b;
	ST_CS = 0xf;
	ST_C(0) = ST_CLO + 20;
	return timer(100, 1) || !(ST_CS & 1);
}

/* The right way: set, then look whether the time had not come before. */
static int timer_looks_again(int a, int b)
{
	uint32_t ahead = 0;

	(void)a, (void)b;
	ST_CS = 2;
	do
		ST_C(1) = ST_CLO + ahead++;
	while ((int32_t)(ST_C(1) - ST_CLO) <= 0 && !(ST_CS & 2));
	return !pi_wait(&ST_CS, 2);
}

static int timer_cleared_by_ones(int a, int b)
{
	(void)a, (void)b;
	if (timer(50, 1) || timer(50, 3))
		return 1;
	ST_CS = 0;
	if (!(ST_CS & 8))
		return 2;
	ST_CS = 8;
	return (ST_CS & 8) ? 3 : 0;
}

static int pins(int a, int b)
{
	(void)a, (void)b;
	GPIO(0x20) = 1u << 15; /* not an output yet */
	if (GPIO(0x38) & 1u << 15)
		return 1;
	FSEL4 = 1u << 21; /* pin 47 */
	if (!(GPIO(0x38) & 1u << 15))
		return 2;
	GPIO(0x2c) = 1u << 15;
	return (GPIO(0x38) & 1u << 15) ? 3 : 0;
}

/* Who has the serial line: "p" by the PL011, "m" by the mini UART. */
static int wire(int function, int b)
{
	(void)b;
	AUX_EN = 1;
	FSEL1 = (FSEL1 & ~(077u << 12)) | (uint32_t)function << 12;
	UART_DR = 'p';
	AUX_IO = 'm';
	return 0;
}

/* The divisors for 115,200 baud of this clock, in MHz. */
static int rate(int clock, int b)
{
	uint32_t divisor = (uint32_t)clock * 4000000u / 115200u;

	(void)b;
	REG(0x20201024) = divisor >> 6;
	REG(0x20201028) = divisor & 63;
	REG(0x2020102c) = 0x70;
	UART_DR = '.';
	return 0;
}

static int identity(int a, int b)
{
	(void)a, (void)b;
	return GPIO(0xff0) != 0x4d555250 || GPIO(0xff4) != 0x4853494d || GPIO(0xe00) != 16384;
}

int guest_main(void)
{
	static const struct pi_case cases[] = {
		{"uart-by-basic", uart, 1, 0},
		{"uart-by-pending2", uart, 0, 0},
		{"uart-bit-19", uart_bit_of_its_own, 0, 0},
		{"aux-by-basic", aux, 1, 1},
		{"aux-by-pending1", aux, 1, 0},
		{"aux-not-enabled", aux, 0, 0},
		{"aux-enabled-last", aux_late, 0, 0},
		{"aux-off-again", aux_late, 1, 0},
		{"timer-ahead", timer, 100, 1},
		{"timer-past", timer, -5, 1},
		{"timer-now", timer, 0, 3},
		{"timer-gpus", timer_of_the_gpu, 0, 0},
		{"timer-looks-again", timer_looks_again, 0, 0},
		{"timer-ones-clear", timer_cleared_by_ones, 0, 0},
		{"rate-of-48-mhz", rate, 48, 0},
		{"rate-of-3-mhz", rate, 3, 0},
		{"pins", pins, 0, 0},
		{"wire-alt0", wire, 044, 0},
		{"wire-alt5", wire, 022, 0},
		{"wire-input", wire, 0, 0},
		{"identity", identity, 0, 0},
	};

	return pi_run(cases, sizeof cases / sizeof cases[0]);
}
