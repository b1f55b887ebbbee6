/* SPDX-License-Identifier: MIT */
/* When a run is over because its input is. */
#include "sim/input.h"

#include "sim/debug/debug.h"
#include "sim/machine.h"
#include "sim/serial.h"

bool input_is_over(const struct machine *m, bool asleep)
{
	if (m->dbg->gdb || serial_can_come(m->serial))
		return false;
	for (unsigned int n = 0; n < m->ndev; n++) {
		const struct device *d = m->dev[n];

		if (d->ops->starves && d->ops->starves(d, asleep))
			return true;
	}
	return false;
}
