/* SPDX-License-Identifier: MIT */
/* The system control coprocessor. */
#ifndef SIM_CPU_CP15_H
#define SIM_CPU_CP15_H

#include <stdbool.h>
#include <stdint.h>

struct cpu;

/* A register number as one value: opc1, CRn, CRm, opc2. */
#define CP15(opc1, crn, crm, opc2) ((opc1) << 12 | (crn) << 8 | (crm) << 4 | (opc2))

/* MRC and MCR: false means UNDEFINED. The cache and TLB operations are in cp15_ops.c. */
bool cp15_read(struct cpu *c, uint32_t reg, uint32_t *val);
bool cp15_write(struct cpu *c, uint32_t reg, uint32_t val);
bool cp15_op_read(struct cpu *c, uint32_t reg, uint32_t *val);
bool cp15_op_write(struct cpu *c, uint32_t reg, uint32_t val);
/* One line of an MCRR block operation: the line of va. crm chooses it; false: UNDEFINED. */
bool cp15_block_line(struct cpu *c, uint32_t crm, uint32_t va);
/* A D-cache operation by MVA needs the translation if the cache has physical tags. True: there is
 * none, and the data abort has been taken (DDI0301H 6.10, "Fault status and address"). */
bool cp15_line_aborts(struct cpu *c, uint32_t crm, uint32_t mva);
uint32_t cp15_ctr(const struct cpu *c);

#endif
