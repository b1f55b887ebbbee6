/* SPDX-License-Identifier: MIT */
/* Which task runs, for the rooms below sched/. */
#include "lib/running.h"

const struct running *running;
