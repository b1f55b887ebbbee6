/* SPDX-License-Identifier: MIT */
/* ARM Versatile PB926EJ-S: the physical map and the numbers the kernel needs of it.
 *
 * Sources: ARM DUI0225 (Versatile/PB926EJ-S user guide), memory map and interrupt tables;
 * QEMU hw/arm/versatilepb.c, which agrees in everything listed here. Preprocessor numbers
 * only: head.S includes this file. */
#ifndef VERSATILEPB_BOARD_H
#define VERSATILEPB_BOARD_H

#define BOARD_NAME	 "versatilepb"
#define BOARD_MACHINE_ID 387 /* r1 at entry: 0x183, "Versatile PB" */

/*  physical                  what
 *  0x00000000 - 0x0FFFFFFF   SDRAM, 64 to 256 MiB (the board has 128)
 *  0x10000000 - 0x101FFFFF   devices, below
 *  0x34000000 - 0x37FFFFFF   NOR flash (not used)                                        */
#define PHYS_RAM_BASE	  0x00000000
#define BOARD_RAM_DEFAULT 0x04000000 /* what is believed when nobody says: 64 MiB */
#define BOARD_RAM_MAX	  0x10000000 /* 256 MiB: the devices start there */

/* Devices: two sections, 0x10000000 -> 0xF0000000. */
#define BOARD_IO_PA   0x10000000
#define BOARD_IO_VA   0xF0000000
#define BOARD_IO_SIZE 0x00200000
#define IO_VA(pa)     ((pa)-BOARD_IO_PA + BOARD_IO_VA)

#define SYSREG_PA    0x10000000 /* board registers: 24 MHz counter, lock, reset */
#define SIC_PA	     0x10003000 /* secondary interrupt controller */
#define DMA_PA	     0x10130000 /* PL080, 8 channels */
#define VIC_PA	     0x10140000 /* PL190 */
#define SYSCTL_PA    0x101E0000 /* SP810 system controller: timer clock select */
#define TIMER01_PA   0x101E2000 /* SP804 */
#define TIMER23_PA   0x101E3000 /* SP804 */
#define UART0_PA     0x101F1000 /* PL011 */
#define SYS_24MHZ    0x5C	/* offsets in SYSREG */
#define SYS_LOCK     0x20
#define SYS_RESETCTL 0x40

/* What early assembly and a debugger print to. */
#define BOARD_EARLY_UART_PA UART0_PA

#define UART_CLOCK_HZ	 24000000
#define UART_BAUD	 115200
#define TIMER_CLOCK_HZ	 1000000
#define COUNTER_CLOCK_HZ 24000000

/* Lines of the primary controller; the secondary's 0..31 are 32..63 and come in on 31. */
#define IRQ_SOFT    1 /* no device: "software interrupt" in DUI0225 */
#define IRQ_TIMER01 4
#define IRQ_TIMER23 5
#define IRQ_UART0   12
#define IRQ_DMA	    17
#define IRQ_SIC	    31

#endif
