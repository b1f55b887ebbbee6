/* SPDX-License-Identifier: MIT */
/* What boot found out about the machine. */
#include "cache/machine.h"

struct machine machine;

const char *machine_truth_name(void)
{
	return (const char *[]){"none", "modelled", "simulated", "measured"}[machine.truth];
}
