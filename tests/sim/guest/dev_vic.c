/* SPDX-License-Identifier: MIT */
/* PL190 and SIC: soft interrupts, enable, priority, default vector; FIQ entry and IRQ entry. */
#include "devices.h"

static void entry(const char *name, const struct seen *s)
{
	show(name, s->count);
	show(" cpsr", s->cpsr & 0xff);
	show(" spsr", s->spsr & 0xff);
	show(" r8", s->r8);
	show(" returns-inside", s->lr - 4 >= try_range[0] && s->lr - 4 <= try_range[1]);
}

static void masks(void)
{
	show("raw-reset", VIC_RAW);
	VIC_SOFT = 1u << 3 | 1u << 9;
	show("raw-soft", VIC_RAW);
	show("soft", VIC_SOFT);
	show("irq-disabled", VIC_IRQ);
	show("try-disabled", interrupt_try(I_BIT | F_BIT));
	VIC_EN = 1u << 3;
	VIC_EN = 1u << 5;
	show("enable", VIC_EN);
	show("irq-one", VIC_IRQ);
	show("fiq-none", VIC_FIQ);
	show("try-masked", interrupt_try(0));
	show("try-irq", interrupt_try(I_BIT));
	entry("irq", &irq_seen);
	interrupt_try(I_BIT | F_BIT); /* an IRQ leaves F as it was */
	entry("irq-f", &irq_seen);
	VIC_DIS = 1u << 3;
	show("enable-after", VIC_EN);
	show("try-off", interrupt_try(I_BIT));
	VIC_SOFTC = 1u << 3;
	show("soft-after", VIC_SOFT);
	VIC_DIS = ~0u;
	VIC_SOFTC = ~0u;
}

static void fiq(void)
{
	fiq_bank(0xf1f1f1f1);
	VIC_SEL = 1u << 7;
	VIC_EN = 1u << 7 | 1u << 8;
	VIC_SOFT = 1u << 7;
	show("select", VIC_SEL);
	show("sel-irq", VIC_IRQ);
	show("sel-fiq", VIC_FIQ);
	show("fiq-not-as-irq", interrupt_try(I_BIT));
	show("try-fiq", interrupt_try(F_BIT));
	entry("fiq", &fiq_seen);
	VIC_SOFT = 1u << 8;
	show("fiq-before-irq", interrupt_try(I_BIT | F_BIT));
	show("both-irq-only", interrupt_try(I_BIT));
	VIC_SOFTC = 1u << 7;
	show("fiq-gone", interrupt_try(I_BIT | F_BIT));
	/* FIQ status has no vector: the address register serves IRQs only */
	VIC_DIS = ~0u;
	VIC_SOFTC = ~0u;
	VIC_SEL = 0;
}

static void priority(void)
{
	static const uint8_t source[3] = {20, 4, 11};

	for (uint32_t n = 0; n < 3; n++) {
		REG(VIC, 0x100 + 4 * n) = 0xa0000000u | source[n];
		REG(VIC, 0x200 + 4 * n) = 0x20u | source[n];
	}
	REG(VIC, 0x20c) = 2; /* a slot that is not enabled */
	REG(VIC, 0x10c) = 0xbad0bad0;
	VIC_DEF = 0xdef00def;
	VIC_EN = 1u << 20 | 1u << 4 | 1u << 11 | 1u << 2;
	VIC_SOFT = 1u << 11 | 1u << 2;
	show("vector-11", VIC_ADDR);
	show("own-level", interrupt_try(I_BIT)); /* 2 is below, 11 is being served */
	VIC_SOFT = 1u << 4;
	show("higher", interrupt_try(I_BIT));
	show("vector-4", VIC_ADDR);
	VIC_SOFT = 1u << 20;
	show("vector-20", VIC_ADDR);
	show("top", interrupt_try(I_BIT));
	VIC_SOFTC = 1u << 20;
	VIC_ADDR = 0; /* end of 20 */
	show("back-in-4", interrupt_try(I_BIT));
	VIC_SOFTC = 1u << 4;
	VIC_ADDR = 0; /* end of 4 */
	show("back-in-11", interrupt_try(I_BIT));
	VIC_SOFTC = 1u << 11;
	show("still-in-11", interrupt_try(I_BIT)); /* 2 must wait for the end */
	VIC_ADDR = 0;
	show("default-now", interrupt_try(I_BIT));
	show("vector-default", VIC_ADDR);
	show("in-default", interrupt_try(I_BIT));
	VIC_SOFTC = 1u << 2;
	VIC_ADDR = 0;
	show("idle", interrupt_try(I_BIT));
	show("idle-status", VIC_IRQ);
	show("cntl", REG(VIC, 0x204));
	show("addr", REG(VIC, 0x104));
	for (uint32_t n = 0; n < 4; n++)
		REG(VIC, 0x200 + 4 * n) = 0;
	VIC_DIS = ~0u;
}

static void sic(void)
{
	REG(SIC, 0x08) = 1u << 20; /* writes of 1 add to what is enabled */
	REG(SIC, 0x08) = 0xffu << 8;
	REG(SIC, 0x0c) = 0xfu << 8;
	show("sic-enable", REG(SIC, 0x08));
	REG(SIC, 0x20) = ~0u;
	show("sic-pass", REG(SIC, 0x20));
	REG(SIC, 0x24) = 1u << 25;
	show("sic-pass-less", REG(SIC, 0x20));
	REG(SIC, 0x24) = ~0u;
	REG(SIC, 0x0c) = ~0u;
	show("sic-raw", REG(SIC, 0x04));
	if (!on_simulator())
		return; /* QEMU 7.2 takes the soft interrupt for an enable bit */
	REG(SIC, 0x10) = 1;
	show("sim-sic-raw", REG(SIC, 0x04));
	show("sim-sic-masked", VIC_RAW >> 31);
	REG(SIC, 0x08) = 1;
	show("sim-sic-31", VIC_RAW >> 31);
	VIC_EN = 1u << 31;
	show("sim-sic-irq", interrupt_try(I_BIT));
	REG(SIC, 0x14) = 1;
	show("sim-sic-gone", VIC_RAW >> 31);
	VIC_DIS = ~0u;
}

int guest_main(void)
{
	vectors_install();
	for (uint32_t off = 0xfe0; off < 0x1000; off += 4)
		show("vic-id", REG(VIC, off));
	masks();
	fiq();
	priority();
	sic();
	return 0;
}
