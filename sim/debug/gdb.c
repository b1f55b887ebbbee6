/* SPDX-License-Identifier: MIT */
/* The GDB remote protocol: packets over TCP, run control. */
#include "sim/debug/gdb.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/fail.h"
#include "sim/machine.h"
#include "sim/serial.h"
#include "sim/signals.h"
#include "sim/tcp.h"
#include "sim/unix.h"

#define RUN_SLICE 2000000u /* instructions between two looks at --max-insns */

struct gdb {
	struct machine *m;
	int fd, listener;
	const char *where; /* PORT or unix:PATH */
	bool closed, detached, no_ack;
	uint8_t in[GDB_BUF];
	size_t have, at;
	char packet[GDB_BUF], out[GDB_BUF + 64];
};

static int next_byte(struct gdb *g)
{
	if (g->at == g->have) {
		ssize_t n = serial_keys(g->m->serial, g->fd) ? read(g->fd, g->in, sizeof g->in) : 0;

		if (n <= 0) {
			g->closed = true;
			return -1;
		}
		g->have = (size_t)n;
		g->at = 0;
	}
	return g->in[g->at++];
}

static void raw(struct gdb *g, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(g->fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR && !signals_pending())
			continue;
		if (n <= 0) {
			g->closed = true;
			return;
		}
		text += n;
		len -= (size_t)n;
	}
}

static void reply(struct gdb *g, const char *text)
{
	uint8_t sum = 0;
	char tail[8];

	for (const char *p = text; *p; p++)
		sum = (uint8_t)(sum + (uint8_t)*p);
	raw(g, "$", 1);
	raw(g, text, strlen(text));
	snprintf(tail, sizeof tail, "#%02x", sum);
	raw(g, tail, 3);
}

/* One packet into g->packet; false when the connection is gone. */
static bool get_packet(struct gdb *g)
{
	for (;;) {
		size_t n = 0;
		int c;

		while ((c = next_byte(g)) >= 0 && c != '$')
			;
		while (c >= 0 && (c = next_byte(g)) >= 0 && c != '#')
			if (n < sizeof g->packet - 1)
				g->packet[n++] = (char)c;
		g->packet[n] = 0;
		if (c < 0 || next_byte(g) < 0 ||
		    next_byte(g) < 0) /* the checksum: TCP has its own */
			return false;
		if (!g->no_ack)
			raw(g, "+", 1);
		return true;
	}
}

/* Ctrl-C from the debugger while the machine runs, or its going. */
static bool interrupted(void *gdb)
{
	struct gdb *g = gdb;
	struct pollfd p = {.fd = g->fd, .events = POLLIN};

	if (g->at < g->have || poll(&p, 1, 0) > 0)
		return next_byte(g) == 3 || g->closed;
	return false;
}

static void stop_reply(struct gdb *g)
{
	struct debug *d = g->m->dbg;

	if (g->m->stop)
		snprintf(g->out, sizeof g->out, "W%02x", g->m->exit_code & 0xff);
	else if (d->hit_watch)
		snprintf(g->out, sizeof g->out, "T05%s:%08x;",
			 d->watch_kind == (1u << ACC_STORE)  ? "watch"
			 : d->watch_kind == (1u << ACC_LOAD) ? "rwatch"
							     : "awatch",
			 d->watch_hit);
	else
		snprintf(g->out, sizeof g->out, "S05");
	reply(g, g->out);
}

static void resume(struct gdb *g, bool step)
{
	struct debug *d = g->m->dbg;
	struct cpu *c = g->m->cpu;

	d->stopped = d->hit_watch = false;
	d->stop_next = step;
	d->skip_break = c->pc;
	d->skip_watch = true;
	debug_update(c);
	while (!d->stopped && !g->m->stop && !g->closed) {
		c->attn &= ~ATTN_STOP;
		machine_run_for(g->m, RUN_SLICE); /* Ctrl-A X and signals stop it for good */
	}
	c->attn &= ~ATTN_STOP;
	serial_flush(g->m->serial);
	stop_reply(g);
}

static int hex_value(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c >= 'A' ? c - 'A' + 10 : c - '0';
}

static void monitor_packet(struct gdb *g, const char *hex)
{
	static char answer[1u << 20]; /* every line of the largest cache */
	char text[256];
	size_t n = 0;

	for (; hex[0] && hex[1] && n < sizeof text - 1; hex += 2)
		text[n++] = (char)(hex_value(hex[0]) << 4 | hex_value(hex[1]));
	text[n] = 0;
	gdb_monitor(g->m, text, answer, sizeof answer);
	/* In pieces: the debugger's packets have a limit */
	for (const char *p = answer; *p;) {
		size_t k = 0;

		g->out[0] = 'O';
		for (; *p && k < 1000; k++, p++)
			sprintf(g->out + 1 + 2 * k, "%02x", (uint8_t)*p);
		reply(g, g->out);
	}
	reply(g, "OK");
}

static void query(struct gdb *g)
{
	const char *p = g->packet;

	if (!strncmp(p, "qSupported", 10)) {
		reply(g, "PacketSize=1000;qXfer:features:read+;QStartNoAckMode+");
	} else if (!strncmp(p, "qXfer:features:read:target.xml:", 31)) {
		gdb_features(p + 31, g->out);
		reply(g, g->out);
	} else if (!strncmp(p, "qRcmd,", 6)) {
		monitor_packet(g, p + 6);
	} else if (!strcmp(p, "qAttached")) {
		reply(g, "1");
	} else if (!strcmp(p, "qC")) {
		reply(g, "QC1");
	} else if (!strcmp(p, "qfThreadInfo")) {
		reply(g, "m1");
	} else if (!strcmp(p, "qsThreadInfo")) {
		reply(g, "l");
	} else {
		reply(g, "");
	}
}

static void command(struct gdb *g)
{
	const char *arg = g->packet + 1;

	g->out[0] = 0;
	switch (g->packet[0]) {
	case '?':
		stop_reply(g);
		return;
	case 'g':
		gdb_read_regs(g->m, g->out);
		break;
	case 'G':
		gdb_write_regs(g->m, arg, g->out);
		break;
	case 'p':
		gdb_read_reg(g->m, arg, g->out);
		break;
	case 'P':
		gdb_write_reg(g->m, arg, g->out);
		break;
	case 'm':
		gdb_read_mem(g->m, arg, g->out);
		break;
	case 'M':
		gdb_write_mem(g->m, arg, g->out);
		break;
	case 'Z':
		gdb_point(g->m, arg, 1, g->out);
		break;
	case 'z':
		gdb_point(g->m, arg, 0, g->out);
		break;
	case 'H':
	case 'T':
		strcpy(g->out, "OK");
		break;
	case 'c':
	case 's':
		if (*arg)
			g->m->cpu->pc = (uint32_t)strtoul(arg, NULL, 16);
		resume(g, g->packet[0] == 's');
		return;
	case 'k':
		g->closed = true;
		if (!g->m->stop)
			machine_stop(g->m, STOP_QUIT, 0);
		return;
	case 'D':
		g->detached = true;
		strcpy(g->out, "OK");
		break;
	case 'q':
		query(g);
		return;
	case 'Q':
		if (!strcmp(g->packet, "QStartNoAckMode")) {
			reply(g, "OK");
			g->no_ack = true;
			return;
		}
		break;
	default: /* an empty answer: not supported */
		break;
	}
	reply(g, g->out);
}

/* Ctrl-A X, Ctrl-C or a signal: the wait is over, and with it the run. */
static bool leaves(struct gdb *g)
{
	struct machine *m = g->m;

	if (!m->stop && signals_pending())
		machine_stop(m, STOP_SIGNAL, 0);
	else if (!m->stop && serial_quit(m->serial))
		machine_stop(m, STOP_QUIT, 0);
	return m->stop == STOP_SIGNAL || m->stop == STOP_QUIT;
}

/* From one debugger's coming to its going. */
static void session(struct gdb *g)
{
	g->closed = g->detached = g->no_ack = false;
	g->have = g->at = 0;
	fprintf(stderr,
		"murphy-sim: --gdb: the machine stands at pc %08x and waits for a debugger: target "
		"remote %s%s (Ctrl-%s leaves)\n",
		g->m->cpu->pc, unix_path(g->where) ? "" : "127.0.0.1:",
		unix_path(g->where) ? unix_path(g->where) : g->where,
		serial_has_keys(g->m->serial) ? "A X" : "C");
	if (!serial_keys(g->m->serial, g->listener))
		return;
	g->fd = tcp_accept(g->listener);
	if (g->fd < 0)
		return;
	while (!g->closed && !g->detached && !leaves(g) && get_packet(g))
		command(g);
	close(g->fd);
	/* Breakpoints are the debugger's: it puts them in anew, and nobody else wants them */
	g->m->dbg->nbreaks = g->m->dbg->nwatch = 0;
	g->m->dbg->stopped = g->m->dbg->stop_next = g->m->dbg->hit_watch = false;
	debug_update(g->m->cpu);
}

void gdb_serve(struct machine *m, const char *where)
{
	const char *path = unix_path(where);
	struct gdb *g = calloc(1, sizeof *g);
	bool detached;

	if (!g)
		fail("out of memory");
	g->m = m;
	g->where = where;
	g->listener = path ? unix_listen(path, "--gdb") : tcp_listen(where, "--gdb");
	m->dbg->gdb = true;
	m->dbg->interrupted = interrupted;
	m->dbg->interrupted_ctx = g;
	while (!m->stop && !g->detached && !leaves(g))
		session(g);
	m->dbg->gdb = false;
	m->dbg->interrupted = NULL;
	detached = g->detached;
	close(g->listener);
	if (path)
		unlink(path);
	free(g);
	if (detached && !m->stop)
		machine_run(m);
}
