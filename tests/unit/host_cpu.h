/* SPDX-License-Identifier: MIT */
/* A tiny CPU on the host: loads and stores by kernel address, translated by the real page
 * tables of mm/, through the data-carrying cache model; and a device that sees only RAM. */
#ifndef TEST_HOST_CPU_H
#define TEST_HOST_CPU_H

#include <stdint.h>

#include "cache/model.h"

extern struct cm host_cache;

/* An empty cache of this shape ("vivt,16k,4way,32b"); `dcache` works on it from now on. After
 * host_mm_reset(). */
void host_cpu_start(const char *shape);

/* A page without an address is a page fault, which fails the test. */
uint32_t host_load(uintptr_t va, uint32_t size);
void host_store(uintptr_t va, uint32_t size, uint32_t value);

#endif
