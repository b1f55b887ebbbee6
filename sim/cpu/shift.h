/* SPDX-License-Identifier: MIT */
/* The barrel shifter. */
#ifndef SIM_CPU_SHIFT_H
#define SIM_CPU_SHIFT_H

#include <stdint.h>

enum { SH_LSL, SH_LSR, SH_ASR, SH_ROR };

static inline uint32_t ror32(uint32_t v, uint32_t n)
{
	n &= 31;
	return n ? v >> n | v << (32 - n) : v;
}

/* By an amount in a register (0..255): 0 leaves value and carry alone. */
static inline uint32_t shift_reg(uint32_t type, uint32_t v, uint32_t n, uint32_t *carry)
{
	if (n == 0)
		return v;
	switch (type) {
	case SH_LSL:
		*carry = n <= 32 ? (v >> (32 - n)) & 1 : 0;
		if (n == 32)
			*carry = v & 1;
		return n < 32 ? v << n : 0;
	case SH_LSR:
		*carry = n < 32 ? (v >> (n - 1)) & 1 : n == 32 ? v >> 31 : 0;
		return n < 32 ? v >> n : 0;
	case SH_ASR:
		if (n > 31) {
			*carry = v >> 31;
			return 0u - (v >> 31);
		}
		*carry = (v >> (n - 1)) & 1;
		return v >> n | (v >> 31 ? ~(0xffffffffu >> n) : 0);
	default:
		v = ror32(v, n);
		*carry = v >> 31;
		return v;
	}
}

/* By an encoded immediate (0..31): LSR and ASR #0 mean 32, ROR #0 means RRX. */
static inline uint32_t shift_imm(uint32_t type, uint32_t v, uint32_t n, uint32_t *carry)
{
	uint32_t in = *carry;

	if (n)
		return shift_reg(type, v, n, carry);
	switch (type) {
	case SH_LSL:
		return v;
	case SH_LSR:
	case SH_ASR:
		return shift_reg(type, v, 32, carry);
	default:
		*carry = v & 1;
		return in << 31 | v >> 1;
	}
}

#endif
