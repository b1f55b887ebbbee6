/* SPDX-License-Identifier: MIT */
/* What the emulator and the image write to the host. The first failure is kept; the machine
 * ends the run over it (STOP_OUTPUT). */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes all of data; false after a failure or when a signal has come. what names the output
 * in messages ("stdout", "--trace"); a string that lives on. */
bool output_write(int fd, const void *data, size_t len, const char *what);
/* Notes that writing what has failed with error (an errno). */
void output_failed(const char *what, int error);
/* The text of the first failure and what failed, or NULL. */
const char *output_error(const char **what);
/* Has f failed so far? f may be NULL. */
void output_check(FILE *f, const char *what);
/* Closes f (NULL: nothing); what its buffer still held counts too. */
void output_close(FILE *f, const char *what);

#endif
