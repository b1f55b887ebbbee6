/* SPDX-License-Identifier: MIT */
/* A predecoded instruction and the lines of them that the CPU runs from.
 *
 * Decoding goes by cache line and not by page: with an incoherent I-cache the code that
 * runs is what the I-cache line holds, which may differ from what memory holds, and two
 * virtual aliases of one physical line may hold different code. A line of the I-cache
 * owns one struct code_line; uncached fetches use a table of them keyed by physical line.
 */
#ifndef SIM_CPU_INSN_H
#define SIM_CPU_INSN_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct insn;

/* Executes i. Returns the next instruction of the same line, or NULL to leave the line
 * (branch, exception, end of line, change of state); then c->pc and c->last are set. */
typedef const struct insn *(*insn_fn)(struct cpu *c, const struct insn *i);

struct insn {
	insn_fn fn;   /* what the run loop calls: body, or a wrapper that tests the condition */
	insn_fn body; /* the instruction itself, called by a wrapper */
	uint32_t op;  /* ARM encoding; for Thumb the equivalent one, or the raw halfword(s) */
	uint32_t imm; /* decoded immediate or signed offset */
	uint8_t rd, rn, rm, rs;
	uint8_t cond;
	uint8_t aux;
};

#define CODE_BYTES   32u /* bytes of code in one code_line, on every core */
#define CODE_INVALID 0u
#define CODE_ARM     1u
#define CODE_THUMB   2u

struct code_line {
	uint32_t tag;	/* physical address of the bytes (uncached lines) */
	uint32_t state; /* CODE_* */
	uint8_t raw[CODE_BYTES];
	struct insn insn[CODE_BYTES / 2 + 1]; /* the last one used is the end of the line */
};

/* Fills l from l->raw for one instruction set; each entry is decoded when first run. */
void code_line_start(struct code_line *l, bool thumb);

void arm_decode(struct cpu *c, struct insn *i);
void thumb_decode(struct cpu *c, struct insn *i);

/* Decodes i->op as ARM: sets body and operands, returns whether it reads r15. */
bool arm_decode_body(struct cpu *c, struct insn *i);
/* Parts of the ARM space; each returns true if the instruction reads r15. */
bool decode_dp(struct cpu *c, struct insn *i);
bool decode_misc(struct cpu *c, struct insn *i);
bool decode_mul(struct cpu *c, struct insn *i);
bool decode_ldst(struct cpu *c, struct insn *i);
bool decode_ldst_extra(struct cpu *c, struct insn *i);
bool decode_sync(struct cpu *c, struct insn *i);
bool decode_ldm(struct cpu *c, struct insn *i);
bool decode_media(struct cpu *c, struct insn *i);
bool decode_uncond(struct cpu *c, struct insn *i);
bool decode_coproc(struct cpu *c, struct insn *i);

/* Sets fn from body, cond and reads_pc. */
void insn_wrap(struct insn *i, bool reads_pc);

const struct insn *insn_undef(struct cpu *c, const struct insn *i);

#endif
