/* SPDX-License-Identifier: MIT */
/* The host end of the serial line: stdio, a file, or TCP. */
#ifndef SIM_SERIAL_H
#define SIM_SERIAL_H

#include <stdbool.h>
#include <stdint.h>

struct serial;

/* where: "stdio", "file:PATH", "tcp:PORT" (waits for one client on 127.0.0.1), "none". */
struct serial *serial_new(const char *where);
void serial_free(struct serial *s);
void serial_write(struct serial *s, uint8_t byte);
/* Calls f(ctx) once, when text has been written by the guest. */
void serial_on_text(struct serial *s, const char *text, void (*f)(void *), void *ctx);
void serial_flush(struct serial *s);
/* Waits up to wait_us for input; true if serial_read() has something or quit was asked. */
bool serial_poll(struct serial *s, uint64_t wait_us);
/* A byte, or -1. */
int serial_read(struct serial *s);
/* Can input still come? */
bool serial_can_read(const struct serial *s);
/* A person (terminal or TCP) is at the other end: pace virtual time while the CPU sleeps. */
bool serial_interactive(const struct serial *s);
/* Ctrl-A X was typed. */
bool serial_quit(const struct serial *s);

/* Waits for one client on 127.0.0.1:port; exits with a message naming option on failure. */
int tcp_accept(const char *port, const char *option);

#endif
