/* SPDX-License-Identifier: MIT */
/* The highmem windows as the data-abort handler sees them. */
#ifndef CACHE_TRAP_H
#define CACHE_TRAP_H

#include <stdbool.h>
#include <stdint.h>

/* A window of pages and the descriptors behind it: they hold PA and C/B bits even while
 * their type is "fault", which the MMU then ignores. Boot only; two at the most. */
void window_add(uintptr_t base, uint32_t pages, const uint32_t *descriptors);

bool window_contains(uintptr_t va);

/* The physical address and the CM_C/CM_B attributes of va; false if no window has a page
 * there. Context: any. */
bool window_translate(uintptr_t va, uint32_t *pa, uint32_t *attr);

/* Loads and stores served since boot. */
extern uint32_t traps_served;

#endif
