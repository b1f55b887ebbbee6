/* SPDX-License-Identifier: MIT */
/* SP804: what it does, told so that the speed of the host does not show; and the counters of
 * the system registers. */
#define PATIENCE_US 200000u /* a 16-bit timer goes round in 65536 */
#include "devices.h"

#define LOAD(t)	  REG(t, 0x00)
#define VALUE(t)  REG(t, 0x04)
#define CTRL(t)	  REG(t, 0x08)
#define CLEAR(t)  REG(t, 0x0c)
#define RIS(t)	  REG(t, 0x10)
#define MIS(t)	  REG(t, 0x14)
#define BGLOAD(t) REG(t, 0x18)

#define ONE_SHOT 0x01u
#define WIDE	 0x02u
#define BY_16	 0x04u
#define INT_EN	 0x20u
#define PERIODIC 0x40u
#define ENABLE	 0x80u

static uint32_t at_least(uint32_t start, uint32_t us)
{
	/* 2 ticks of grace: either clock may have stood just before its next tick */
	return now_us() - start + 2 >= us;
}

static void stop(uint32_t t)
{
	CTRL(t) = 0;
	CLEAR(t) = 0;
}

static void periodic(uint32_t t, uint32_t vic_bit)
{
	uint32_t start, rings = 0;

	stop(t);
	LOAD(t) = 500;
	start = now_us();
	CTRL(t) = ENABLE | PERIODIC | WIDE | INT_EN;
	for (int n = 0; n < 8; n++) {
		rings += wait_bits(&RIS(t), 1);
		CLEAR(t) = 0;
	}
	show("periodic-rings", rings);
	show("periodic-time", at_least(start, 8 * 500 - 500));
	show("periodic-value", VALUE(t) <= 500);
	show("periodic-ctrl", CTRL(t));
	wait_bits(&RIS(t), 1);
	show("mis", MIS(t));
	show("vic", (VIC_RAW & vic_bit) == vic_bit);
	VIC_EN = vic_bit;
	show("irq", interrupt_try(I_BIT));
	VIC_DIS = vic_bit;
	CTRL(t) = ENABLE | PERIODIC | WIDE; /* no interrupt */
	CLEAR(t) = 0;
	wait_bits(&RIS(t), 1);
	show("quiet-ris", RIS(t));
	show("quiet-mis", MIS(t));
	show("quiet-vic", VIC_RAW & vic_bit);
	stop(t);
	show("stopped-ris", RIS(t));
}

static void one_shot(uint32_t t)
{
	uint32_t start = now_us();

	LOAD(t) = 300;
	CTRL(t) = ENABLE | ONE_SHOT | WIDE | INT_EN;
	show("one-shot-rings", wait_bits(&RIS(t), 1));
	show("one-shot-time", at_least(start, 300));
	show("one-shot-value", VALUE(t));
	show("one-shot-ctrl", CTRL(t));
	CLEAR(t) = 0;
	wait_us(2000);
	show("one-shot-again", RIS(t));
	LOAD(t) = 300; /* this alone starts it again: DDI0271D 2.1 */
	show("one-shot-reload", wait_bits(&RIS(t), 1));
	stop(t);
}

static void load(uint32_t t)
{
	CTRL(t) = 0;
	LOAD(t) = 0x12345678;
	show("load", LOAD(t));
	show("load-value-16", VALUE(t));
	CTRL(t) = WIDE;
	show("load-value-32", VALUE(t));
	CTRL(t) = ENABLE | PERIODIC | WIDE;
	BGLOAD(t) = 700;
	show("bgload", BGLOAD(t));
	show("bgload-load", LOAD(t));
	show("bgload-value", VALUE(t) > 0x12000000 && VALUE(t) <= 0x12345678);
	LOAD(t) = 100;
	BGLOAD(t) = 0x00800000;
	wait_bits(&RIS(t), 1); /* only now it counts from the background value */
	show("bgload-used", VALUE(t) > 0x00700000 && VALUE(t) <= 0x00800000);
	stop(t);
}

static void wrap(uint32_t t)
{
	uint32_t v;

	LOAD(t) = 50;
	CTRL(t) = ENABLE | WIDE;
	show("free-rings", wait_bits(&RIS(t), 1));
	v = VALUE(t);
	show("free-wraps-32", v > 0xfff00000);
	wait_us(100);
	show("free-counts-down", VALUE(t) < v);
	stop(t);
	LOAD(t) = 50;
	CTRL(t) = ENABLE;
	show("free-16-rings", wait_bits(&RIS(t), 1));
	v = VALUE(t);
	show("free-wraps-16", v > 0 && v <= 0xffff);
	stop(t);
}

static void prescale(uint32_t t)
{
	uint32_t start = now_us();

	LOAD(t) = 100;
	CTRL(t) = ENABLE | ONE_SHOT | WIDE | BY_16;
	wait_bits(&RIS(t), 1);
	show("prescale-16", at_least(start, 1600));
	stop(t);
}

static void halves(void)
{
	LOAD(TIMER) = 0x1000000;
	LOAD(TIMER + 0x20) = 200;
	CTRL(TIMER) = ENABLE | PERIODIC | WIDE | INT_EN;
	CTRL(TIMER + 0x20) = ENABLE | PERIODIC | WIDE | INT_EN;
	show("other-half-rings", wait_bits(&RIS(TIMER + 0x20), 1));
	show("first-half-not", RIS(TIMER));
	show("shared-line", VIC_RAW >> 4 & 1);
	stop(TIMER);
	stop(TIMER + 0x20);
	show("line-low", VIC_RAW >> 4 & 1);
}

static void sleep(uint32_t t)
{
	LOAD(t) = 5000;
	VIC_EN = 1u << 4;
	CTRL(t) = ENABLE | ONE_SHOT | WIDE | INT_EN;
	asm volatile("mcr p15, 0, %0, c7, c0, 4" ::"r"(0)); /* wakes although IRQs are masked */
	show("wfi-woken-by", RIS(t));
	VIC_DIS = 1u << 4;
	stop(t);
}

static void system_registers(void)
{
	uint32_t a = REG(SYS, 0x5c), cs = REG(SYS, 0x24);

	wait_us(20000);
	show("24mhz-runs", REG(SYS, 0x5c) - a >= 20000 * 24);
	show("100hz-runs", REG(SYS, 0x24) - cs >= 2);
	show("id", REG(SYS, 0));
	REG(SYS, 0x30) = 0xf0f0;
	REG(SYS, 0x34) = 0x00f0;
	show("flags", REG(SYS, 0x30));
	show("locked", REG(SYS, 0x20) >> 16 & 1);
	REG(SYS, 0x20) = 0xa05f;
	show("lock", REG(SYS, 0x20));
	REG(SYS, 0x20) = 0x12345;
	show("lock-again", REG(SYS, 0x20));
	REG(SYS, 0x08) = 0x5a;
	show("leds", REG(SYS, 0x08));
}

int guest_main(void)
{
	vectors_install();
	for (uint32_t off = 0xfe0; off < 0x1000; off += 4)
		show("timer-id", REG(TIMER, off));
	show("ctrl-reset", CTRL(TIMER));
	for (uint32_t t = TIMER; t <= TIMER + 0x1020; t += t & 0x20 ? 0xfe0 : 0x20) {
		show("timer", t);
		periodic(t, t < TIMER + 0x1000 ? 1u << 4 : 1u << 5);
		one_shot(t);
		load(t);
		wrap(t);
		prescale(t);
	}
	halves();
	sleep(TIMER);
	system_registers();
	return 0;
}
