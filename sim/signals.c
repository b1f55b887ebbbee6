/* SPDX-License-Identifier: MIT */
/* Signals that end a run: noted, so that outputs are flushed and the terminal is restored, and
 * raised again at the end, so that the parent sees the conventional status. */
#include "sim/signals.h"

#include <signal.h>
#include <stddef.h>

#include "sim/terminal.h"

static volatile sig_atomic_t pending;

static void end_by(int sig)
{
	terminal_restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void on_signal(int sig)
{
	if (pending) /* asked twice: whatever hangs is not waited for */
		end_by(sig);
	pending = sig;
}

void signals_init(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction old, act = {.sa_handler = on_signal}; /* no SA_RESTART: waits end */

	for (size_t n = 0; n < sizeof ends / sizeof ends[0]; n++) {
		sigaction(ends[n], NULL, &old);
		if (old.sa_handler != SIG_IGN) /* nohup, or a shell's background job */
			sigaction(ends[n], &act, NULL);
	}
	signal(SIGPIPE, SIG_IGN); /* a debugger or a client that goes away: EPIPE says so */
}

int signals_pending(void)
{
	return pending;
}

bool signals_poll(struct pollfd *p, unsigned int n)
{
	/* By slices: a signal may come right before the wait, and would not end it */
	while (!pending)
		if (poll(p, n, 100) > 0)
			return true;
	return false;
}

void signals_note(int sig)
{
	if (!pending)
		pending = sig;
}

void signals_end(void)
{
	if (pending)
		end_by(pending);
}
