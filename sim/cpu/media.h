/* SPDX-License-Identifier: MIT */
/* Parts of the ARMv6 media space. */
#ifndef SIM_CPU_MEDIA_H
#define SIM_CPU_MEDIA_H

#include "sim/cpu/insn.h"

const struct insn *media_parallel(struct cpu *c, const struct insn *i);
const struct insn *media_dual_mul(struct cpu *c, const struct insn *i);
const struct insn *media_dual_mul_long(struct cpu *c, const struct insn *i);
const struct insn *media_top_mul(struct cpu *c, const struct insn *i);

#endif
