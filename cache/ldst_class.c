/* SPDX-License-Identifier: MIT */
/* Names the kind of an ARM instruction, for the line that says why a trap was not served. */
#include "cache/ldst_internal.h"

static const char *class_single(uint32_t insn)
{
	bool user = (insn & (LDST_P | LDST_W)) == LDST_W;

	switch (insn & (LDST_L | LDST_B)) {
	case LDST_L:
		return user ? "LDRT" : "LDR";
	case LDST_B:
		return user ? "STRBT" : "STRB";
	case LDST_L | LDST_B:
		return user ? "LDRBT" : "LDRB";
	default:
		return user ? "STRT" : "STR";
	}
}

/* Bits 27:25 are 000, bits 7 and 4 are set. */
static const char *class_half(uint32_t insn)
{
	static const char *const names[2][4] = {
		{0, "STRH", "LDRD", "STRD"},
		{0, "LDRH", "LDRSB", "LDRSH"},
	};

	if (insn & 0x60)
		return names[insn & LDST_L ? 1 : 0][(insn >> 5) & 3];
	if (!(insn & LDST_P))
		return "multiply";
	if (insn & LDST_U)
		return "LDREX/STREX";
	return insn & LDST_B ? "SWPB" : "SWP";
}

const char *ldst_class(uint32_t insn)
{
	if (insn >> 28 == 15)
		return (insn & 0x0d70f000) == 0x0550f000 ? "PLD" : "unconditional";

	switch ((insn >> 25) & 7) {
	case 0:
		return (insn & 0x90) == 0x90 ? class_half(insn) : "data processing";
	case 1:
		return "data processing";
	case 2:
		return class_single(insn);
	case 3:
		return insn & 0x10 ? "media" : class_single(insn);
	case 4:
		if (insn & LDST_B)
			return insn & LDST_L ? "LDM with the S bit" : "STM with the S bit";
		return insn & LDST_L ? "LDM" : "STM";
	case 5:
		return "branch";
	default:
		return (insn & 0x0f000000) == 0x0f000000 ? "SWI" : "coprocessor";
	}
}
