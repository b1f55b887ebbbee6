/* SPDX-License-Identifier: MIT */
/* The board's registers and how the device programs print: "NAME HEX" a line, by semihosting. */
#ifndef GUEST_DEVICES_H
#define GUEST_DEVICES_H

#include <stdint.h>

#define REG(base, off) (*(volatile uint32_t *)((base) + (off)))

#define SYS   0x10000000u
#define SIC   0x10003000u
#define DMA   0x10130000u
#define VIC   0x10140000u
#define TIMER 0x101e2000u
#define UART  0x101f1000u

#define VIC_IRQ	  REG(VIC, 0x00)
#define VIC_FIQ	  REG(VIC, 0x04)
#define VIC_RAW	  REG(VIC, 0x08)
#define VIC_SEL	  REG(VIC, 0x0c)
#define VIC_EN	  REG(VIC, 0x10)
#define VIC_DIS	  REG(VIC, 0x14)
#define VIC_SOFT  REG(VIC, 0x18)
#define VIC_SOFTC REG(VIC, 0x1c)
#define VIC_ADDR  REG(VIC, 0x30)
#define VIC_DEF	  REG(VIC, 0x34)

#define I_BIT 0x80u
#define F_BIT 0x40u
#define IRQ   1u /* what interrupt_try() returns, a nibble each */
#define FIQ   2u

struct seen {
	uint32_t count, cpsr, spsr, r8, lr, spare;
};
extern struct seen irq_seen, fiq_seen;
extern const uint32_t try_range[2];
void vectors_install(void);
uint32_t interrupt_try(uint32_t bits);
void fiq_bank(uint32_t v);

static inline uint32_t semihost(uint32_t op, const void *arg)
{
	register uint32_t r0 asm("r0") = op;
	register const void *r1 asm("r1") = arg;

	asm volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
	return r0;
}

static inline void show(const char *name, uint32_t v)
{
	static char line[80];
	unsigned int n = 0;

	while (name[n] && n < 60) {
		line[n] = name[n];
		n++;
	}
	line[n++] = ' ';
	for (int s = 28; s >= 0; s -= 4)
		line[n++] = "0123456789abcdef"[v >> s & 15];
	line[n++] = '\n';
	line[n] = 0;
	semihost(4, line);
}

/* By the 24 MHz counter. */
static inline uint32_t now_us(void)
{
	return REG(SYS, 0x5c) / 24; /* wraps after 178 s: no test runs that long */
}

static inline void wait_us(uint32_t us)
{
	uint32_t start = REG(SYS, 0x5c);

	while (REG(SYS, 0x5c) - start < us * 24)
		;
}

/* Of wait_bits(); a program in virtual time may be less patient. */
#ifndef PATIENCE_US
#define PATIENCE_US 1000000u
#endif

/* 1 once the register has a bit of the mask; 0 if that takes too long. */
static inline uint32_t wait_bits(volatile uint32_t *reg, uint32_t mask)
{
	uint32_t start = REG(SYS, 0x5c);

	while (REG(SYS, 0x5c) - start < PATIENCE_US * 24)
		if (*reg & mask)
			return 1;
	return 0;
}

static inline uint32_t on_simulator(void)
{
	return REG(SYS, 0xff0) == 0x4d555250;
}

#endif
