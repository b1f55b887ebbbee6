/* SPDX-License-Identifier: MIT */
/* Reads of different peripherals whose answers may change places. */
#ifndef SIM_MEMORY_ORDER_H
#define SIM_MEMORY_ORDER_H

#include <stdbool.h>
#include <stdint.h>

struct device;
struct machine;

/* The CPU's last read of a device, and what had happened until then. */
struct order {
	bool swaps; /* the mutant "reorder" */
	const struct device *dev;
	uint32_t value;
	uint64_t at, turns, barriers;
};

/* The CPU reads v from d: what it gets. */
uint32_t order_read(struct machine *m, const struct device *d, uint32_t v);

#endif
