/* SPDX-License-Identifier: MIT */
/* ARM Versatile Platform Baseboard (DUI0225D 4.1), as far as Murphy uses it. */
#include "sim/devices/device.h"

enum { VIC, SIC, UART0, TIMER01, TIMER23, DMA, SYSCTL };

const struct board board_versatilepb = {
	.name = "versatilepb",
	.cpu = "arm926",
	.machine_type = 387,
	.ram_base = 0,
	.ram_default = 128u << 20,
	.ram_max = 256u << 20,
	.kernel_offset = 0x10000, /* as QEMU does it */
	.dev =
		{
			[VIC] = {&pl190_ops, 0x10140000, 0x1000, -1, PIN_CPU},
			[SIC] = {&sic_ops, 0x10003000, 0x1000, VIC, 31},
			[UART0] = {&pl011_ops, 0x101f1000, 0x1000, VIC, 12},
			[TIMER01] = {&sp804_ops, 0x101e2000, 0x1000, VIC, 4},
			[TIMER23] = {&sp804_ops, 0x101e3000, 0x1000, VIC, 5},
			[DMA] = {&pl080_ops, 0x10130000, 0x1000, VIC, 17},
			[SYSCTL] = {&sysctl_ops, 0x10000000, 0x1000, -1, 0},
		},
};
