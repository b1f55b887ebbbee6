/* SPDX-License-Identifier: MIT */
/* Raspberry Pi 1 (A, B, A+, B+) and Zero: the physical map and the numbers the kernel needs of it.
 *
 * Sources: "BCM2835 ARM Peripherals" (Broadcom, 2012) with its errata; Linux bcm2835-common.dtsi;
 * QEMU hw/arm/bcm2835_peripherals.c. Preprocessor numbers only: head.S includes this file. */
#ifndef RASPI_BOARD_H
#define RASPI_BOARD_H

#define BOARD_NAME	 "raspi"
#define BOARD_MACHINE_ID 3138 /* r1 at entry: 0xC42, "BCM2708" */

/*  physical                  what
 *  0x00000000 - 0x1FFFFFFF   SDRAM, 256 or 512 MiB; the top is the GPU's (gpu_mem=)
 *  0x20000000 - 0x20FFFFFF   devices, below                                               */
#define PHYS_RAM_BASE	  0x00000000
#define BOARD_RAM_DEFAULT 0x08000000 /* what every model has left, if nobody says: 128 MiB */
#define BOARD_RAM_MAX	  0x20000000 /* 512 MiB: the devices start there */

/* Devices: three sections, 0x20000000 -> 0xF0000000. */
#define BOARD_IO_PA   0x20000000
#define BOARD_IO_VA   0xF0000000
#define BOARD_IO_SIZE 0x00300000
#define IO_VA(pa)     ((pa)-BOARD_IO_PA + BOARD_IO_VA)

#define TIMER_PA   0x20003000 /* system timer */
#define DMA_PA	   0x20007000 /* channels 0 to 14 */
#define IC_PA	   0x2000B200 /* interrupt controller, the ARM's half */
#define MAILBOX_PA 0x2000B880
#define PM_PA	   0x20100000 /* power manager: watchdog */
#define GPIO_PA	   0x20200000
#define UART0_PA   0x20201000 /* PL011 */
#define AUX_PA	   0x20215000 /* mini UART and two SPI masters */

/* The first megabyte of RAM once more, not cached: what the mailbox exchanges with the firmware
 * lies in bytes 0x40 to 0xFF of it. The loader's list begins at 0x100, the vectors are at the
 * top of the address space, and nothing of ours is in page 0. */
#define LOW_RAM_VA   0xF0F00000
#define LOW_RAM_SIZE 0x00100000
#define MAILBOX_OFF  0x40

/* Where the bus masters see RAM as the ARM does: through the GPU's L2 or past it, as the firmware
 * has set the ARM up. The manual (1.2.3) says 0xC0000000; Linux (dma-ranges), U-Boot and Circle use
 * 0x40000000 on this chip. board_dma_init() tries it. */
#define BOARD_DMA_ALIAS 0x40000000

/* What early assembly and a debugger print to. */
#define BOARD_EARLY_UART_PA UART0_PA

#define UART_BAUD     115200
#define UART_CLOCK_HZ 48000000	/* if the firmware does not say */
#define CORE_CLOCK_HZ 250000000 /* likewise: the mini UART's */

/* Lines of the interrupt controller. */
#define IRQ_TICK    1 /* system timer, compare register 1 */
#define IRQ_ONESHOT 3 /* compare register 3 */
#define IRQ_DMA(n)  (16 + (n))
#define IRQ_AUX	    29
#define IRQ_UART0   57

#endif
