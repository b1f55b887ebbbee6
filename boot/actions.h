/* SPDX-License-Identifier: MIT */
/* What the boot parameters ask for, once the machine is up. */
#ifndef BOOT_ACTIONS_H
#define BOOT_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* True, and in error which parameters contradict each other, if they ask for two things of which
 * only one could be done. After all are read. */
bool actions_conflict(char *error, size_t len);

/* Runs it (or the monitor, if nothing is asked for); returns the exit status. Context: task. */
int actions_run(void);

#endif
