/* SPDX-License-Identifier: MIT */
/* Serial back ends. On a terminal, Ctrl-A X leaves and Ctrl-A Ctrl-A sends one Ctrl-A. */
#include "sim/serial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "sim/fail.h"

struct serial {
	int in, out; /* file descriptors, -1 = none */
	bool tty, eof, quit, escape, regular;
	uint8_t obuf[4096];
	uint32_t olen;
	uint8_t ibuf[256];
	uint32_t ihead, itail;
	const char *text; /* waited for; at: how much of it has come */
	size_t at;
	void (*on_text)(void *);
	void *on_text_ctx;
};

static struct termios saved;
static bool have_saved;

static void restore_terminal(void)
{
	if (have_saved)
		tcsetattr(0, TCSANOW, &saved);
}

static void raw_terminal(void)
{
	struct termios t;

	if (tcgetattr(0, &saved))
		return;
	have_saved = true;
	atexit(restore_terminal);
	t = saved;
	t.c_lflag &= ~(unsigned int)(ICANON | ECHO | ISIG);
	t.c_iflag &= ~(unsigned int)(ICRNL | IXON);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	tcsetattr(0, TCSANOW, &t);
}

int tcp_accept(const char *port, const char *option)
{
	char *end;
	unsigned long n = strtoul(port, &end, 10);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)n)};
	int s, c, one = 1;

	if (*end || n < 1 || n > 65535)
		fail("%s: the port must be 1..65535, not \"%s\"", option, port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1))
		fail("%s: port %lu: %s", option, n, strerror(errno));
	c = accept(s, NULL, NULL);
	if (c < 0)
		fail("%s: accept: %s", option, strerror(errno));
	close(s);
	setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return c;
}

struct serial *serial_new(const char *where)
{
	struct serial *s = calloc(1, sizeof *s);
	struct stat st;

	if (!s)
		fail("out of memory");
	s->in = s->out = -1;
	if (!strcmp(where, "stdio")) {
		s->in = 0;
		s->out = 1;
		s->tty = isatty(0);
		if (s->tty)
			raw_terminal();
	} else if (!strncmp(where, "file:", 5)) {
		FILE *f = fopen(where + 5, "wb");

		if (!f)
			fail("--serial %s: %s", where, strerror(errno));
		s->out = dup(fileno(f));
		fclose(f);
	} else if (!strncmp(where, "tcp:", 4)) {
		s->in = s->out = tcp_accept(where + 4, "--serial tcp");
	} else if (strcmp(where, "none")) {
		fail("--serial %s: must be stdio, none, file:PATH or tcp:PORT", where);
	}
	s->regular = s->in >= 0 && !fstat(s->in, &st) && S_ISREG(st.st_mode);
	return s;
}

void serial_free(struct serial *s)
{
	serial_flush(s);
	restore_terminal();
	free(s);
}

void serial_flush(struct serial *s)
{
	uint32_t at = 0;

	while (s->out >= 0 && at < s->olen) {
		/* A client that went away must not kill us by SIGPIPE: the image runs on */
		ssize_t n = s->in == s->out ? send(s->out, s->obuf + at, s->olen - at, MSG_NOSIGNAL)
					    : write(s->out, s->obuf + at, s->olen - at);

		if (n <= 0 && errno != EINTR && errno != EAGAIN)
			break;
		if (n > 0)
			at += (uint32_t)n;
	}
	s->olen = 0;
}

void serial_on_text(struct serial *s, const char *text, void (*f)(void *), void *ctx)
{
	s->text = text;
	s->at = 0;
	s->on_text = f;
	s->on_text_ctx = ctx;
}

static void match_text(struct serial *s, uint8_t byte)
{
	s->at = byte == (uint8_t)s->text[s->at] ? s->at + 1 : byte == (uint8_t)s->text[0];
	if (s->text[s->at])
		return;
	s->text = NULL;
	s->on_text(s->on_text_ctx);
}

void serial_write(struct serial *s, uint8_t byte)
{
	if (s->text)
		match_text(s, byte);
	s->obuf[s->olen++] = byte;
	if (s->olen == sizeof s->obuf || (s->tty && byte == '\n'))
		serial_flush(s);
}

static void take(struct serial *s, uint8_t byte)
{
	if (s->tty && s->escape) {
		s->escape = false;
		if (byte == 'x' || byte == 'X')
			s->quit = true;
		if (byte != 1)
			return;
	} else if (s->tty && byte == 1) {
		s->escape = true;
		return;
	}
	s->ibuf[s->itail++ % sizeof s->ibuf] = byte;
}

bool serial_poll(struct serial *s, uint64_t wait_us)
{
	struct pollfd p = {.fd = s->in, .events = POLLIN};
	uint8_t buf[64];
	ssize_t n;

	if (s->olen)
		serial_flush(s);
	if (s->quit || s->ihead != s->itail)
		return true;
	if (s->in < 0 || s->eof || poll(&p, 1, (int)((wait_us + 999) / 1000)) <= 0)
		return false;
	/* A file gives a byte at a time, at virtual times, so that a run repeats exactly */
	n = read(s->in, buf, s->regular ? 1 : sizeof buf);
	if (n <= 0)
		s->eof = true;
	for (ssize_t k = 0; k < n; k++)
		take(s, buf[k]);
	return s->quit || s->ihead != s->itail;
}

int serial_read(struct serial *s)
{
	return s->ihead == s->itail ? -1 : s->ibuf[s->ihead++ % sizeof s->ibuf];
}

bool serial_can_read(const struct serial *s)
{
	return s->ihead != s->itail || (s->in >= 0 && !s->eof);
}

bool serial_interactive(const struct serial *s)
{
	return s->in >= 0 && !s->eof && (s->tty || s->in == s->out);
}

bool serial_quit(const struct serial *s)
{
	return s->quit;
}
