/* SPDX-License-Identifier: MIT */
/* The host end of the serial line: stdio, a file, or TCP. */
#ifndef SIM_SERIAL_H
#define SIM_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

struct serial;

/* where: "stdio", "file:PATH", "tcp:PORT" (waits for a client on 127.0.0.1; when it goes away,
 * the next may come), "none"; it must live as long. quiet: says nothing of clients. */
struct serial *serial_new(const char *where, bool quiet);
void serial_free(struct serial *s);
void serial_write(struct serial *s, uint8_t byte);
/* Calls f(ctx) once, when text has been written by the guest. */
void serial_on_text(struct serial *s, const char *text, void (*f)(void *), void *ctx);
void serial_flush(struct serial *s);
/* Waits up to wait_us for input; true if serial_read() has something or quit was asked. */
bool serial_poll(struct serial *s, uint64_t wait_us);
/* While the machine stands: waits until fd has something (true), or Ctrl-A X, Ctrl-C or a signal
 * ends the wait (false). Other keys are kept for the image. */
bool serial_keys(struct serial *s, int fd);
/* Is there a terminal whose Ctrl-A X leaves? */
bool serial_has_keys(const struct serial *s);
/* A byte, or -1. */
int serial_read(struct serial *s);
/* Semihosting reads the host's stdin, which the serial line may have as well: waits for bytes and
 * returns how many of len it got; 0 at the end and when a key or a signal ends the wait. */
uint32_t serial_stdin(struct serial *s, uint8_t *buf, uint32_t len);
/* Can more come than serial_read() has already? */
bool serial_can_come(const struct serial *s);
/* A person (terminal or TCP) is at the other end: pace virtual time while the CPU sleeps. */
bool serial_interactive(const struct serial *s);
/* Ctrl-A X was typed. */
bool serial_quit(const struct serial *s);

#endif
