/* SPDX-License-Identifier: MIT */
/* Device register access, one width each. On the host a test supplies the registers. */
#ifndef DRIVERS_MMIO_H
#define DRIVERS_MMIO_H

#include <stdint.h>

/* Device windows are strongly ordered, so one register access never passes another: no
 * barrier is needed between them. Ordering against RAM is the caller's (drain). */
#ifdef MURPHY_HOST
uint32_t mmio_fake_read(uintptr_t addr, unsigned bytes);
void mmio_fake_write(uintptr_t addr, unsigned bytes, uint32_t value);
#define MMIO_READ(type, addr)	  ((type)mmio_fake_read((addr), sizeof(type)))
#define MMIO_WRITE(type, addr, v) mmio_fake_write((addr), sizeof(type), (v))
#else
#define MMIO_READ(type, addr)	  (*(volatile type *)(addr))
#define MMIO_WRITE(type, addr, v) (*(volatile type *)(addr) = (v))
#endif

/* clang-format off */
static inline uint32_t mmio_read32(uintptr_t addr) { return MMIO_READ(uint32_t, addr); }
static inline uint16_t mmio_read16(uintptr_t addr) { return MMIO_READ(uint16_t, addr); }
static inline uint8_t mmio_read8(uintptr_t addr) { return MMIO_READ(uint8_t, addr); }
static inline void mmio_write32(uintptr_t addr, uint32_t v) { MMIO_WRITE(uint32_t, addr, v); }
static inline void mmio_write16(uintptr_t addr, uint16_t v) { MMIO_WRITE(uint16_t, addr, v); }
static inline void mmio_write8(uintptr_t addr, uint8_t v) { MMIO_WRITE(uint8_t, addr, v); }
/* clang-format on */

#endif
