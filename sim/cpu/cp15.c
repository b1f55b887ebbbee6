/* SPDX-License-Identifier: MIT */
/* CP15 registers: identification, control, translation, faults, process numbers. */
#include "sim/cpu/cp15.h"

#include "sim/cpu/cpu.h"

static uint32_t ctr_field(const struct cm_config *g)
{
	/* 512 bytes are the least it can say. More than there is does no harm: set and way
	 * numbers beyond the cache are masked. The true size is in devices/identity.c. */
	uint32_t size = g->size < 512 ? 0 : (uint32_t)__builtin_ctz(g->size) - 9;
	uint32_t assoc = (uint32_t)__builtin_ctz(g->ways);
	uint32_t len = (uint32_t)__builtin_ctz(g->line) - 3;
	/* P: bits 13:12 of the address index the cache and can alias */
	uint32_t colour = g->index == CM_VIPT && g->size / g->ways > 4096;

	return colour << 11 | size << 6 | assoc << 3 | len;
}

uint32_t cp15_ctr(const struct cpu *c)
{
	/* Write-back, cleaned by c7, locked by format C; separate caches */
	return 0x1d000000u | ctr_field(&c->d.cfg) << 12 | ctr_field(&c->i.cfg);
}

static const uint32_t id_v6[] = {
	[0x10] = 0x111,
	0x11,
	0x33,
	0,
	0x01130003,
	0x10030302,
	0x01222100,
	0,
	[0x20] = 0x0140011,
	0x12002111,
	0x11231121,
	0x01102131,
	0x141,
	0,
	0,
	0,
};

static bool read_id(const struct cpu *c, uint32_t crm, uint32_t opc2, uint32_t *val)
{
	if (crm == 0) {
		static const uint32_t none = 0;

		*val = opc2 == 1 ? cp15_ctr(c) : opc2 == 2 || opc2 == 3 ? none : c->core->midr;
		if (opc2 == 5 && c->core->arch >= ARCH_V6K)
			*val = 0; /* CPU number 0 of the MPCore */
		return true;
	}
	if (c->core->arch < ARCH_V6 || crm > 2)
		return false;
	*val = id_v6[crm << 4 | opc2];
	return true;
}

bool cp15_read(struct cpu *c, uint32_t reg, uint32_t *val)
{
	const struct cp15 *cp = &c->cp;
	bool v6 = c->core->arch >= ARCH_V6;

	if ((reg & 0xff00) == CP15(0, 0, 0, 0))
		return read_id(c, (reg >> 4) & 15, reg & 15, val);
	switch (reg) {
	case CP15(0, 1, 0, 0):
		*val = cp->sctlr;
		return true;
	case CP15(0, 1, 0, 1):
		*val = cp->actlr;
		return true;
	case CP15(0, 1, 0, 2):
		*val = cp->cpacr;
		return v6;
	case CP15(0, 2, 0, 0):
		*val = cp->ttbr0;
		return true;
	case CP15(0, 2, 0, 1):
		*val = cp->ttbr1;
		return v6;
	case CP15(0, 2, 0, 2):
		*val = cp->ttbcr;
		return v6;
	case CP15(0, 3, 0, 0):
		*val = cp->dacr;
		return true;
	case CP15(0, 5, 0, 0):
		*val = cp->dfsr;
		return true;
	case CP15(0, 5, 0, 1):
		*val = cp->ifsr;
		return true;
	case CP15(0, 6, 0, 0):
		*val = cp->far;
		return true;
	case CP15(0, 6, 0, 1):
	case CP15(0, 6, 0, 2):
		*val = cp->ifar;
		return v6;
	case CP15(0, 13, 0, 0):
		*val = cp->fcse;
		return true;
	case CP15(0, 13, 0, 1):
		*val = cp->contextidr;
		return true;
	case CP15(0, 13, 0, 2):
	case CP15(0, 13, 0, 3):
	case CP15(0, 13, 0, 4):
		*val = cp->tpidr[(reg & 15) - 2];
		return v6;
	default:
		return cp15_op_read(c, reg, val);
	}
}

static void write_sctlr(struct cpu *c, uint32_t val)
{
	uint32_t can = c->core->sctlr_writable;

	c->cp.sctlr = (val & can) | (c->core->sctlr_reset & ~can);
	/* Permissions (S, R), the MMU and the cache enables all sit in the fast tables. The
	 * TLB itself stays: software must flush it when it turns the MMU on (DDI0198D 3.8). */
	mmu_flush_fast(c);
}

bool cp15_write(struct cpu *c, uint32_t reg, uint32_t val)
{
	struct cp15 *cp = &c->cp;
	bool v6 = c->core->arch >= ARCH_V6;

	switch (reg) {
	case CP15(0, 1, 0, 0):
		write_sctlr(c, val);
		return true;
	case CP15(0, 1, 0, 1):
		cp->actlr = val;
		return true;
	case CP15(0, 1, 0, 2):
		cp->cpacr = val;
		return v6;
	case CP15(0, 2, 0, 0):
		cp->ttbr0 = val;
		return true;
	case CP15(0, 2, 0, 1):
		cp->ttbr1 = val;
		return v6;
	case CP15(0, 2, 0, 2):
		cp->ttbcr = val & 7;
		return v6;
	case CP15(0, 3, 0, 0):
		cp->dacr = val;
		mmu_flush_fast(c);
		return true;
	case CP15(0, 5, 0, 0):
		cp->dfsr = val;
		return true;
	case CP15(0, 5, 0, 1):
		cp->ifsr = val;
		return true;
	case CP15(0, 6, 0, 0):
		cp->far = val;
		return true;
	case CP15(0, 6, 0, 1):
	case CP15(0, 6, 0, 2):
		cp->ifar = val;
		return v6;
	case CP15(0, 13, 0, 0):
		cp->fcse = val & 0xfe000000u;
		mmu_flush_fast(c);
		return true;
	case CP15(0, 13, 0, 1):
		cp->contextidr = val;
		mmu_flush_fast(c);
		return true;
	case CP15(0, 13, 0, 2):
	case CP15(0, 13, 0, 3):
	case CP15(0, 13, 0, 4):
		cp->tpidr[(reg & 15) - 2] = val;
		return v6;
	default:
		return cp15_op_write(c, reg, val);
	}
}
