/* SPDX-License-Identifier: MIT */
/* Waiting for one TCP client at a time, on the loopback interface. */
#include "sim/tcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/fail.h"
#include "sim/signals.h"

int tcp_listen(const char *port, const char *option)
{
	char *end;
	unsigned long n = strtoul(port, &end, 10);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)n)};
	int s, one = 1;

	if (*end || n < 1 || n > 65535)
		fail("%s: the port must be 1..65535, not \"%s\"", option, port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1))
		fail("%s: port %lu: %s", option, n, strerror(errno));
	return s;
}

int tcp_accept(int listener)
{
	struct pollfd p = {.fd = listener, .events = POLLIN};
	int c = signals_poll(&p, 1) ? accept(listener, NULL, NULL) : -1, one = 1;

	if (c >= 0)
		setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return c;
}
