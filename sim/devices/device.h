/* SPDX-License-Identifier: MIT */
/* What a device is to the machine, and what a board is. */
#ifndef SIM_DEVICES_DEVICE_H
#define SIM_DEVICES_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct device;

struct dev_ops {
	const char *name;
	size_t size; /* of the device's struct, which begins with struct device */
	void (*reset)(struct device *d);
	/* off is within the device; size 1, 2 or 4. A narrow read gets the low bits. */
	uint32_t (*read)(struct device *d, uint32_t off);
	void (*write)(struct device *d, uint32_t off, uint32_t val);
	void (*input)(struct device *d, unsigned int pin, bool level); /* interrupt controllers */
	void (*event)(struct device *d);     /* d->next has come; must move it on */
	void (*serial_in)(struct device *d); /* a byte may be waiting */
	/* Does the image do nothing but wait for a byte? asleep: the CPU sleeps for good. */
	bool (*starves)(const struct device *d, bool asleep);
};

struct device {
	const struct dev_ops *ops;
	struct machine *m;
	uint32_t base, size;
	uint64_t next; /* cycle of the next event, or NEVER */
	struct device *irq_to;
	uint32_t pin;
	bool irq_level;
};

/* Where a device's interrupt goes when it is the CPU itself. */
#define PIN_CPU 0xffu

struct board_device {
	const struct dev_ops *ops;
	uint32_t base, size;
	int irq_to; /* index in the same table, or -1 */
	uint32_t pin;
};

#define BOARD_DEVICES_MAX 16u

struct board {
	const char *name;
	const char *cpu;       /* default core */
	uint32_t machine_type; /* ARM Linux number */
	uint32_t ram_base, ram_default, ram_max;
	uint32_t gpu_ram;	/* bytes at the top that the firmware keeps from the ARM */
	uint32_t kernel_offset; /* where in RAM a plain image goes */
	uint32_t uart_clock;	/* Hz, where a wrong rate is to show; else 0 */
	bool unordered;		/* answers of its peripherals may change places; memory/order.h */
	const char *firmware;	/* words before the user's on the command line, or NULL */
	struct board_device dev[BOARD_DEVICES_MAX];
};

const struct board *board_find(const char *name);

extern const struct board board_versatilepb, board_raspi;
extern const struct dev_ops pl011_ops, sp804_ops, pl190_ops, sic_ops, pl080_ops, sysctl_ops;
extern const struct dev_ops bcm2835_ic_ops, bcm2835_systimer_ops, bcm2835_gpio_ops, bcm2835_aux_ops,
	bcm2835_dma_ops, bcm2835_mbox_ops, bcm2835_pm_ops;

/* Drives the device's interrupt line. */
void dev_irq(struct device *d, bool level);
/* Any line of a controller's inputs (the SIC passes some on). */
void dev_irq_pin(struct device *to, uint32_t pin, bool level);
/* The cycle counter now, as seen by the access under way. */
uint64_t dev_now(const struct device *d);
void dev_schedule(struct device *d, uint64_t when);

/* PrimeCell identification at 0xfe0..0xffc from eight bytes. */
static inline uint32_t primecell_id(const uint8_t id[8], uint32_t off)
{
	return id[(off - 0xfe0) >> 2 & 7];
}

#endif
