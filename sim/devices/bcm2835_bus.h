/* SPDX-License-Identifier: MIT */
/* The BCM2835's bus as its DMA engine and the GPU see it: bus addresses and their aliases. */
#ifndef SIM_DEVICES_BCM2835_BUS_H
#define SIM_DEVICES_BCM2835_BUS_H

#include <stdbool.h>
#include <stdint.h>

struct machine;

enum bus_place {
	BUS_RAM,	/* the RAM that the ARM sees */
	BUS_OTHER_VIEW, /* RAM by another alias: through or past a cache of the GPU that the ARM's
			 * own accesses do not go with */
	BUS_DEVICE,
	BUS_NOTHING
};

/* Where [bus, bus + len) is; *pa is the ARM's address of it. All of it must be in one place. */
enum bus_place bcm2835_bus(const struct machine *m, uint32_t bus, uint32_t len, uint32_t *pa);

/* A master reads or writes. False if nothing answers. What is read by another alias is zeros, and
 * what is written by it never reaches the ARM; both are said on stderr. what names the master. */
bool bcm2835_bus_read(struct machine *m, const char *what, uint32_t bus, void *buf, uint32_t len);
bool bcm2835_bus_write(struct machine *m, const char *what, uint32_t bus, const void *buf,
		       uint32_t len);

#endif
