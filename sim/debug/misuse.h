/* SPDX-License-Identifier: MIT */
/* What an image does to a device that no driver may do. */
#ifndef SIM_DEBUG_MISUSE_H
#define SIM_DEBUG_MISUSE_H

struct machine;

/* Says it on stderr, once for each place in the image; hunter mode counts it as a finding. */
void misuse(struct machine *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* How many there were, for hunter mode's summary. */
void misuse_summary(void);

#endif
