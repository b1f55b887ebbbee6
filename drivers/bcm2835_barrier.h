/* SPDX-License-Identifier: MIT */
/* The barrier that a BCM2835 wants where code goes from one peripheral to another.
 *
 * "BCM2835 ARM Peripherals", 1.3: two peripherals may answer out of order, and the ARM then takes
 * one's data for the other's. Inside one thread the strongly ordered windows keep reads apart (the
 * core waits for each); an interrupt that comes between a read's start and its answer is where
 * the barrier is needed: on the way in and on the way out. */
#ifndef DRIVERS_BCM2835_BARRIER_H
#define DRIVERS_BCM2835_BARRIER_H

#ifdef MURPHY_HOST
void bcm2835_barrier(void); /* a test counts them */
#else
/* DMB of ARMv6 (DDI0301H 3.2.22): no later access starts before all earlier ones have ended. */
static inline void bcm2835_barrier(void)
{
	__asm__ volatile("mcr p15, 0, %0, c7, c10, 5" : : "r"(0) : "memory");
}
#endif

#endif
