/* SPDX-License-Identifier: MIT */
/* Serial back ends. On a terminal, Ctrl-A X leaves and Ctrl-A Ctrl-A sends one Ctrl-A. */
#include "sim/serial.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/fail.h"
#include "sim/output.h"
#include "sim/signals.h"
#include "sim/tcp.h"
#include "sim/terminal.h"

#define CTRL_A 0x01u
#define CTRL_C 0x03u

struct serial {
	int in, out;  /* file descriptors, -1 = none */
	int listener; /* --serial tcp: where the next client comes, else -1 */
	const char *where;
	bool tty, eof, quit, escape, regular, quiet;
	bool owed;    /* the end of the last line, which the input did not give */
	uint8_t last; /* byte that was read */
	uint8_t obuf[4096];
	uint32_t olen;
	uint8_t ibuf[256];
	uint32_t ihead, itail;
	const char *text; /* waited for; at: how much of it has come */
	size_t at;
	void (*on_text)(void *);
	void *on_text_ctx;
};

static void say(const struct serial *s, const char *text)
{
	if (!s->quiet)
		fprintf(stderr, "murphy-sim: --serial %s: %s\n", s->where, text);
}

/* Takes a client in; the image is told nothing, as on a cable that was out. */
static void client_came(struct serial *s)
{
	int c = tcp_accept(s->listener);

	if (c >= 0)
		s->in = s->out = c;
}

static void client_went(struct serial *s)
{
	close(s->in);
	s->in = s->out = -1;
	say(s, "the client went away; the next may come");
}

struct serial *serial_new(const char *where, bool quiet)
{
	struct serial *s = calloc(1, sizeof *s);
	struct stat st;

	if (!s)
		fail("out of memory");
	s->in = s->out = s->listener = -1;
	s->where = where;
	s->quiet = quiet;
	if (!strcmp(where, "stdio")) {
		s->in = 0;
		s->out = 1;
		s->tty = isatty(0);
		if (s->tty)
			terminal_raw();
	} else if (!strncmp(where, "file:", 5)) {
		FILE *f = fopen(where + 5, "wb");

		if (!f)
			fail("--serial %s: %s", where, strerror(errno));
		s->out = dup(fileno(f));
		fclose(f);
	} else if (!strncmp(where, "tcp:", 4)) {
		s->listener = tcp_listen(where + 4, "--serial tcp");
		say(s, "waiting for a client on 127.0.0.1");
		while (s->in < 0) {
			client_came(s);
			signals_end();
		}
	} else if (strcmp(where, "none")) {
		fail("--serial %s: must be stdio, none, file:PATH or tcp:PORT", where);
	}
	s->regular = s->in >= 0 && !fstat(s->in, &st) && S_ISREG(st.st_mode);
	return s;
}

void serial_free(struct serial *s)
{
	serial_flush(s);
	terminal_restore();
	free(s);
}

/* To a client that may go away: then the image runs on, and what it says meets nobody. */
static void flush_to_client(struct serial *s)
{
	uint32_t at = 0;

	while (at < s->olen && s->out >= 0) {
		ssize_t n = send(s->out, s->obuf + at, s->olen - at, MSG_NOSIGNAL);

		if (n > 0)
			at += (uint32_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			client_went(s);
		else if (signals_pending())
			break;
	}
}

void serial_flush(struct serial *s)
{
	if (s->listener >= 0)
		flush_to_client(s);
	else if (s->out >= 0 && s->olen)
		output_write(s->out, s->obuf, s->olen, s->out == 1 ? "stdout" : "--serial file");
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
		if (byte != CTRL_A)
			return;
	} else if (s->tty && byte == CTRL_A) {
		s->escape = true;
		return;
	}
	s->last = byte;
	if (s->itail - s->ihead < sizeof s->ibuf) /* a person types on while nobody reads */
		s->ibuf[s->itail++ % sizeof s->ibuf] = byte;
}

static void input_ended(struct serial *s)
{
	if (s->listener >= 0) {
		client_went(s);
		return;
	}
	/* A last line without its end counts too: the image would wait for the rest for ever */
	s->owed = s->itail && s->last != '\n' && s->last != '\r';
	s->eof = true;
}

static void read_some(struct serial *s)
{
	uint8_t buf[64];
	/* A file gives a byte at a time, at virtual times, so that a run repeats exactly */
	ssize_t n = read(s->in, buf, s->regular ? 1 : sizeof buf);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0)
		input_ended(s);
	for (ssize_t k = 0; k < n && !s->quit; k++)
		take(s, buf[k]);
}

bool serial_poll(struct serial *s, uint64_t wait_us)
{
	/* A terminal is read although nobody has taken the last key: it may be Ctrl-A X */
	bool may = !s->eof && (s->tty || s->ihead == s->itail);
	struct pollfd p = {.fd = !may ? -1 : s->in >= 0 ? s->in : s->listener, .events = POLLIN};

	if (s->olen)
		serial_flush(s);
	if (!s->quit && (wait_us || p.fd >= 0) && poll(&p, 1, (int)((wait_us + 999) / 1000)) > 0) {
		if (s->in < 0)
			client_came(s);
		else
			read_some(s);
	}
	return s->quit || s->ihead != s->itail || s->owed;
}

bool serial_keys(struct serial *s, int fd)
{
	struct pollfd p[2] = {{.fd = fd, .events = POLLIN},
			      {.fd = s->tty && !s->eof ? 0 : -1, .events = POLLIN}};

	while (!s->quit && signals_poll(p, 2)) {
		uint32_t old = s->itail;

		if (p[0].revents)
			return true;
		read_some(s);
		if (s->itail != old && s->last == CTRL_C)
			signals_note(SIGINT);
		if (s->eof)
			p[1].fd = -1;
	}
	return false;
}

bool serial_has_keys(const struct serial *s)
{
	return s->tty;
}

int serial_read(struct serial *s)
{
	if (s->ihead != s->itail)
		return s->ibuf[s->ihead++ % sizeof s->ibuf];
	if (!s->owed)
		return -1;
	s->owed = false;
	return '\n';
}

uint32_t serial_stdin(struct serial *s, uint8_t *buf, uint32_t len)
{
	struct pollfd p = {.fd = 0, .events = POLLIN};
	uint32_t n = 0;

	if (s->in != 0) {
		ssize_t got = signals_poll(&p, 1) ? read(0, buf, len) : 0;

		return got > 0 ? (uint32_t)got : 0;
	}
	while (s->ihead == s->itail && !s->eof && !s->quit && signals_poll(&p, 1))
		read_some(s);
	while (n < len && s->ihead != s->itail)
		buf[n++] = s->ibuf[s->ihead++ % sizeof s->ibuf];
	return n;
}

bool serial_can_come(const struct serial *s)
{
	return s->listener >= 0 || (s->in >= 0 && !s->eof);
}

bool serial_interactive(const struct serial *s)
{
	return s->listener >= 0 || (s->tty && !s->eof);
}

bool serial_quit(const struct serial *s)
{
	return s->quit;
}
