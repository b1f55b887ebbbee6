/* SPDX-License-Identifier: MIT */
/* TCP on the loopback interface: 127.0.0.1 only, nobody else's machine. */
#ifndef SIM_TCP_H
#define SIM_TCP_H

/* A listening socket on port (text, decimal); exits with a message naming option on failure. */
int tcp_listen(const char *port, const char *option);
/* The next client, or -1: a signal came, or it has gone already. Waits if there is none yet. */
int tcp_accept(int listener);

#endif
