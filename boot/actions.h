/* SPDX-License-Identifier: MIT */
/* What the boot parameters ask for, once the machine is up. */
#ifndef BOOT_ACTIONS_H
#define BOOT_ACTIONS_H

/* Runs it (or the monitor, if nothing is asked for); returns the exit status. Context: task. */
int actions_run(void);

#endif
