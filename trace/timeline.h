/* SPDX-License-Identifier: MIT */
/* The event ring as a story. */
#ifndef TRACE_TIMELINE_H
#define TRACE_TIMELINE_H

#include <stdint.h>

#include "trace/ring.h"

/* Prints the ring, oldest first, like things in a row as one. name gives a page's short name
 * by its physical address, or NULL. Context: task. */
void timeline_print(const char *(*name)(uint32_t pa), void (*before)(uint32_t seq));

#endif
