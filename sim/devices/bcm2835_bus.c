/* SPDX-License-Identifier: MIT */
/* The BCM2835's bus as its DMA engine and the GPU see it ("BCM2835 ARM Peripherals" 1.2.3).
 *
 * RAM is there four times, at 0x00000000, 0x40000000, 0x80000000 and 0xC0000000, with another use
 * of the GPU's 128 KiB cache each. The ARM's accesses go by one of them, 0x40000000 unless the
 * firmware is told otherwise, and only who uses the same one sees the same data. On a chip another
 * alias often works, until it does not; here it never does, or no test could find it. */
#include "sim/devices/bcm2835_bus.h"

#include <string.h>

#include "sim/debug/misuse.h"
#include "sim/machine.h"
#include "sim/options.h"

#define ALIAS(bus)   ((bus) >> 30)
#define OFFSET(bus)  ((bus)&0x3fffffffu)
#define PERIPHERALS  0x7e000000u
#define ARM_SEES_AT  0x20000000u
#define PERIPH_BYTES 0x01000000u

enum bus_place bcm2835_bus(const struct machine *m, uint32_t bus, uint32_t len, uint32_t *pa)
{
	uint32_t off = OFFSET(bus);

	*pa = off;
	if (bus - PERIPHERALS < PERIPH_BYTES) {
		*pa = bus - PERIPHERALS + ARM_SEES_AT;
		return len <= PERIPH_BYTES - (bus - PERIPHERALS) ? BUS_DEVICE : BUS_NOTHING;
	}
	if (off >= m->ram_size || len > m->ram_size - off)
		return BUS_NOTHING;
	return ALIAS(bus) == m->opt->alias ? BUS_RAM : BUS_OTHER_VIEW;
}

static void other_view(struct machine *m, const char *what, uint32_t bus)
{
	misuse(m,
	       "%s uses bus address %08x: alias 0x%x0000000 is not the ARM's view of RAM, which is "
	       "alias 0x%x0000000",
	       what, bus, ALIAS(bus) * 4, m->opt->alias * 4);
}

static void nothing(struct machine *m, const char *what, uint32_t bus)
{
	misuse(m,
	       "%s uses bus address %08x, where nothing is: RAM is at 0x40000000, peripherals at "
	       "0x7e000000",
	       what, bus);
}

bool bcm2835_bus_read(struct machine *m, const char *what, uint32_t bus, void *buf, uint32_t len)
{
	uint32_t pa;

	memset(buf, 0, len);
	switch (bcm2835_bus(m, bus, len, &pa)) {
	case BUS_RAM:
		machine_dma_read(m, pa, buf, len);
		return true;
	case BUS_DEVICE:
		machine_read(m, pa, buf, len);
		return true;
	case BUS_OTHER_VIEW:
		other_view(m, what, bus);
		return true;
	default:
		nothing(m, what, bus);
		return false;
	}
}

bool bcm2835_bus_write(struct machine *m, const char *what, uint32_t bus, const void *buf,
		       uint32_t len)
{
	uint32_t pa;

	switch (bcm2835_bus(m, bus, len, &pa)) {
	case BUS_RAM:
		machine_dma_write(m, pa, buf, len);
		return true;
	case BUS_DEVICE:
		machine_write(m, pa, buf, len);
		return true;
	case BUS_OTHER_VIEW:
		other_view(m, what, bus);
		return true;
	default:
		nothing(m, what, bus);
		return false;
	}
}
