/* SPDX-License-Identifier: MIT */
/* Physical memory: RAM and the dispatch to devices. An address that nothing answers reads
 * as 0 and takes writes silently, as on QEMU's versatilepb. */
#include <string.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/machine.h"

bool machine_ram(struct machine *m, uint32_t pa, uint8_t **p, uint32_t len)
{
	uint32_t off = pa - m->ram_base;

	if (off >= m->ram_size || len > m->ram_size - off)
		return false;
	*p = m->ram + off;
	return true;
}

static struct device *device_at(struct machine *m, uint32_t pa)
{
	m->device_uses++;
	if (m->last && pa - m->last->base < m->last->size)
		return m->last;
	for (unsigned int n = 0; n < m->ndev; n++)
		if (pa - m->dev[n]->base < m->dev[n]->size)
			return m->last = m->dev[n];
	return NULL;
}

static uint32_t low_bytes(uint32_t v, uint32_t len)
{
	return len >= 4 ? v : v & ((1u << (8 * len)) - 1);
}

static void device_read(struct machine *m, uint32_t pa, void *buf, uint32_t len)
{
	uint8_t *out = buf;

	while (len) {
		uint32_t n = len < 4 ? len : 4, v = 0;
		struct device *d = device_at(m, pa);

		if (d) {
			v = low_bytes(d->ops->read(d, pa - d->base), n);
			if (m->board->unordered && pa - m->words_pa >= m->words_bytes &&
			    !m->dbg->acts_for)
				v = order_read(m, d, v);
		} else {
			unmapped_note(m, pa, n, false);
		}
		memcpy(out, &v, n);
		out += n;
		pa += n;
		len -= n;
	}
}

static void device_write(struct machine *m, uint32_t pa, const void *buf, uint32_t len)
{
	const uint8_t *in = buf;

	while (len) {
		uint32_t n = len < 4 ? len : 4, v = 0;
		struct device *d = device_at(m, pa);

		memcpy(&v, in, n);
		if (d)
			d->ops->write(d, pa - d->base, v);
		else
			unmapped_note(m, pa, n, true);
		in += n;
		pa += n;
		len -= n;
	}
}

void machine_read(void *ctx, uint32_t pa, void *buf, uint32_t len)
{
	struct machine *m = ctx;
	uint8_t *p;

	if (likely(machine_ram(m, pa, &p, len)))
		memcpy(buf, p, len);
	else
		device_read(m, pa, buf, len);
}

static void ram_written(struct machine *m, uint32_t pa, uint32_t len)
{
	uint32_t page = (pa - m->ram_base) / PAGE_BYTES;

	m->dirty[page] = 1;
	if (unlikely(m->code[page]))
		fetch_forget_pa(m->cpu, pa, len);
}

void machine_write(void *ctx, uint32_t pa, const void *buf, uint32_t len)
{
	struct machine *m = ctx;
	uint8_t *p;

	if (likely(machine_ram(m, pa, &p, len))) {
		memcpy(p, buf, len);
		ram_written(m, pa, len);
	} else {
		device_write(m, pa, buf, len);
	}
}

void machine_dma_read(struct machine *m, uint32_t pa, void *buf, uint32_t len)
{
	if (unlikely(m->cpu->hooked))
		debug_dma(m->cpu, pa, len, false);
	machine_read(m, pa, buf, len);
}

void machine_dma_write(struct machine *m, uint32_t pa, const void *buf, uint32_t len)
{
	if (unlikely(m->cpu->hooked))
		debug_dma(m->cpu, pa, len, true);
	machine_write(m, pa, buf, len);
}

uint32_t machine_walk(struct machine *m, uint32_t pa)
{
	uint32_t v = 0;
	uint8_t *p;

	if (machine_ram(m, pa, &p, 4))
		memcpy(&v, p, 4);
	return v;
}

void machine_fetch(struct machine *m, uint32_t pa, void *buf, uint32_t len)
{
	uint8_t *p;

	/* Devices are not asked: a fetch from them would have side effects nobody means */
	if (!machine_ram(m, pa, &p, len)) {
		memset(buf, 0, len);
		return;
	}
	m->code[(pa - m->ram_base) / PAGE_BYTES] = 1;
	memcpy(buf, p, len);
}
