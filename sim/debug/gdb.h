/* SPDX-License-Identifier: MIT */
/* The GDB remote stub. */
#ifndef SIM_DEBUG_GDB_H
#define SIM_DEBUG_GDB_H

#include <stddef.h>
#include <stdint.h>

struct machine;

/* Waits for a debugger at where (PORT or unix:PATH) and serves it until the machine has ended or
 * the debugger kills it; one that detaches leaves it running to its end, after one that goes away
 * without a word the machine stands and the next may come. */
void gdb_serve(struct machine *m, const char *where);

/* gdb_regs.c: packets that read and write registers and memory. Each writes its answer to
 * out (at least GDB_BUF bytes) as text. */
#define GDB_BUF 16384
void gdb_read_regs(struct machine *m, char *out);
void gdb_write_regs(struct machine *m, const char *hex, char *out);
void gdb_read_reg(struct machine *m, const char *arg, char *out);
void gdb_write_reg(struct machine *m, const char *arg, char *out);
void gdb_read_mem(struct machine *m, const char *arg, char *out);
void gdb_write_mem(struct machine *m, const char *arg, char *out);
void gdb_point(struct machine *m, const char *arg, int add, char *out);
/* The target description, by offset and length. */
void gdb_features(const char *arg, char *out);

/* gdb_monitor.c: "monitor TEXT"; out gets plain text. */
void gdb_monitor(struct machine *m, const char *text, char *out, size_t room);

#endif
