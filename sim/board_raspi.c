/* SPDX-License-Identifier: MIT */
/* Raspberry Pi 1 and Zero (BCM2835), as far as Murphy uses it: a Model B+ with 512 MiB, of which
 * the GPU keeps 64. Device addresses are the ARM's ("BCM2835 ARM Peripherals" 1.2.3). */
#include "sim/devices/bcm2835_clocks.h"
#include "sim/devices/device.h"

enum { IC, SYSTIMER, UART0, AUX, GPIO, DMA, MBOX, PM };

/* What the firmware of 2016 and later puts before the words of cmdline.txt. */
static const char firmware[] =
	"dma.dmachans=0x7f35 bcm2708_fb.fbwidth=656 bcm2708_fb.fbheight=416 "
	"bcm2708.boardrev=0x900032 bcm2708.serial=0x4d555250 bcm2708.disk_led_gpio=47 "
	"bcm2708.disk_led_active_low=0 sdhci-bcm2708.emmc_clock_freq=250000000 "
	"vc_mem.mem_base=0x1ec00000 vc_mem.mem_size=0x20000000 ";

const struct board board_raspi = {
	.name = "raspi",
	.cpu = "arm1176",
	.machine_type = 3138,
	.ram_base = 0,
	.ram_default = 512u << 20,
	.ram_max = 512u << 20,
	.gpu_ram = 64u << 20,
	.kernel_offset = 0x8000,
	.uart_clock = BCM2835_UART_CLOCK,
	.unordered = true,
	.firmware = firmware,
	.dev =
		{
			[IC] = {&bcm2835_ic_ops, 0x2000b200, 0x200, -1, PIN_CPU},
			[SYSTIMER] = {&bcm2835_systimer_ops, 0x20003000, 0x1000, IC, 0},
			[UART0] = {&pl011_ops, 0x20201000, 0x1000, IC, 57},
			[AUX] = {&bcm2835_aux_ops, 0x20215000, 0x100, IC, 29},
			[GPIO] = {&bcm2835_gpio_ops, 0x20200000, 0x1000, IC, 49},
			[DMA] = {&bcm2835_dma_ops, 0x20007000, 0x1000, IC, 16},
			[MBOX] = {&bcm2835_mbox_ops, 0x2000b800, 0x100, IC, 65},
			[PM] = {&bcm2835_pm_ops, 0x20100000, 0x200, -1, 0},
		},
};
