/* SPDX-License-Identifier: MIT */
/* The state a loader leaves behind. */
#ifndef SIM_DEBUG_LEFTOVER_H
#define SIM_DEBUG_LEFTOVER_H

struct machine;

/* After the image was loaded. mode: "cold", "dirty" or "on"; exits with a message if it is
 * none of them. */
void leftover_apply(struct machine *m, const char *mode);

/* Its devices, in the middle of interrupts. */
void leftover_devices(struct machine *m);

#endif
