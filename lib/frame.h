/* SPDX-License-Identifier: MIT */
/* The register frame of an exception. */
#ifndef LIB_FRAME_H
#define LIB_FRAME_H

#include <stdint.h>

/* boot/vectors.S builds it. r[15] is the interrupted (or aborted) instruction. */
struct exception_frame {
	uint32_t r[16];
	uint32_t cpsr;
};

#endif
