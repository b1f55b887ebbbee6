/* SPDX-License-Identifier: MIT */
/* The steps by which kmain() fills struct machine. */
#ifndef BOOT_CACHE_CHOICE_H
#define BOOT_CACHE_CHOICE_H

#include "cores/profile.h"

/* Board and core; NULL if the core is none of this build's. Boot only, before the caches'
 * operations are used. */
const struct core_profile *machine_find_core(void);

/* Probes the D-cache and starts the model where it holds nothing. Boot only, with memory up
 * and before the first highmem mapping. */
void machine_choose_cache(void);

#endif
