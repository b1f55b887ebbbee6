/* SPDX-License-Identifier: MIT */
/* Highmem pages for the person at the console. */
#ifndef MONITOR_CMD_PAGES_H
#define MONITOR_CMD_PAGES_H

#include <stdint.h>

/* How many kmap()s made by hand were not undone yet. */
uint32_t pages_kmaps(void);

#endif
