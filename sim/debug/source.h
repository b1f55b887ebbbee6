/* SPDX-License-Identifier: MIT */
/* From an address to file:line, by the image's DWARF. */
#ifndef SIM_DEBUG_SOURCE_H
#define SIM_DEBUG_SOURCE_H

#include <stdint.h>

struct machine;

/* "dir/file.c:12", or NULL if that is not known; the text is overwritten by the next call. Asks
 * addr2line, which is started at the first call; if there is none, says so once. */
const char *source_line(struct machine *m, uint32_t pc);
/* Ends addr2line if it runs, and gives its exit status; 127: it was not there. */
int source_end(void);

#endif
