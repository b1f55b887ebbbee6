/* SPDX-License-Identifier: MIT */
/* Running a machine in virtual time: events, interrupts, sleep, the end. */
#include "sim/machine.h"

#include "sim/cpu/cpu.h"
#include "sim/debug/debug.h"
#include "sim/input.h"
#include "sim/options.h"
#include "sim/output.h"
#include "sim/serial.h"
#include "sim/signals.h"

#define POLL_CYCLES (CYCLES_PER_US * 1000u) /* how often host input is looked at */

void dev_irq_pin(struct device *to, uint32_t pin, bool level)
{
	to->ops->input(to, pin, level);
}

void dev_irq(struct device *d, bool level)
{
	if (d->irq_level == level)
		return;
	d->irq_level = level;
	if (d->irq_to)
		dev_irq_pin(d->irq_to, d->pin, level);
}

uint64_t dev_now(const struct device *d)
{
	return cpu_now(d->m->cpu);
}

void dev_schedule(struct device *d, uint64_t when)
{
	struct cpu *c = d->m->cpu;

	d->next = when;
	/* The run loop reads the deadline at each line: an event that moved nearer counts */
	if (when < c->deadline)
		c->deadline = when;
}

void machine_stop(struct machine *m, enum stop_reason why, int code)
{
	m->stop = why;
	m->exit_code = code;
	m->cpu->attn |= ATTN_STOP;
	m->cpu->deadline = 0;
}

static uint64_t next_event(const struct machine *m)
{
	uint64_t next = NEVER;

	for (unsigned int n = 0; n < m->ndev; n++)
		if (m->dev[n]->next < next)
			next = m->dev[n]->next;
	return next;
}

static void run_events(struct machine *m)
{
	for (unsigned int n = 0; n < m->ndev; n++)
		while (m->dev[n]->next <= m->cpu->cycles)
			m->dev[n]->ops->event(m->dev[n]);
}

static void offer_input(struct machine *m)
{
	for (unsigned int n = 0; n < m->ndev; n++)
		if (m->dev[n]->ops->serial_in)
			m->dev[n]->ops->serial_in(m->dev[n]);
}

static void poll_serial(struct machine *m, uint64_t wait_us)
{
	if (serial_poll(m->serial, wait_us))
		offer_input(m);
	if (serial_quit(m->serial))
		machine_stop(m, STOP_QUIT, 0);
}

/* What only the host knows of: each may end the run. */
static void look_outside(struct machine *m)
{
	struct debug *g = m->dbg;
	const char *what;

	poll_serial(m, 0);
	if (g->interrupted && !g->stopped)
		g->stopped = g->interrupted(g->interrupted_ctx);
	debug_check_outputs(m);
	if (signals_pending())
		machine_stop(m, STOP_SIGNAL, 0);
	else if (output_error(&what))
		machine_stop(m, STOP_OUTPUT, EXIT_OUTPUT);
	else if (input_is_over(m, false))
		machine_stop(m, STOP_INPUT, EXIT_INPUT);
}

/* The CPU sleeps: time passes to the next event. */
static void sleep_until(struct machine *m, uint64_t next)
{
	struct cpu *c = m->cpu;
	uint64_t now = c->cycles;

	if (next == NEVER) {
		offer_input(m);
		if (!c->irq_line && !c->fiq_line && !serial_can_come(m->serial)) {
			if (m->dbg->gdb) /* who may change what it waits for */
				m->dbg->stopped = true;
			else if (input_is_over(m, true))
				machine_stop(m, STOP_INPUT, EXIT_INPUT);
			else
				machine_stop(m, STOP_STUCK, EXIT_STUCK);
			return;
		}
		poll_serial(m, 100000); /* nothing but a key can wake it */
		next = now + POLL_CYCLES;
	} else if (serial_interactive(m->serial) && next > now) {
		/* Someone is typing: let real time pass, so that the host rests too */
		if (next > now + POLL_CYCLES)
			next = now + POLL_CYCLES;
		poll_serial(m, (next - now) / CYCLES_PER_US);
	}
	if (c->irq_line || c->fiq_line || next <= now)
		return;
	c->insns++; /* so that --max-insns also ends a sleep through events that wake nobody */
	m->idle += next - now;
	c->cycles = next;
}

void machine_run_for(struct machine *m, uint64_t n)
{
	struct cpu *c = m->cpu;
	uint64_t end = n ? c->insns + n : NEVER, poll = c->cycles;

	while (!m->stop && !m->dbg->stopped && c->insns < end) {
		uint64_t next = next_event(m);

		if (c->cycles >= poll) {
			look_outside(m);
			poll = c->cycles + POLL_CYCLES;
			if (m->stop || m->dbg->stopped)
				continue;
		}
		c->deadline = next < poll ? next : poll;
		if (unlikely(c->ahead.on) && !c->waiting) {
			if (c->ahead.next <= c->cycles)
				ahead_event(c);
			if (c->ahead.next < c->deadline)
				c->deadline = c->ahead.next;
		}
		if (end != NEVER && end - c->insns < c->deadline - c->cycles)
			c->deadline = c->cycles + (end - c->insns);
		cpu_run(c);
		if (m->dbg->stopped)
			return;
		if (c->waiting && !m->stop)
			sleep_until(m, next_event(m)); /* the image may have set a timer since */
		run_events(m);
	}
	if (!m->stop && m->opt->max_insns && c->insns >= m->opt->max_insns)
		machine_stop(m, STOP_MAX_INSNS, EXIT_MAX_INSNS);
}

void machine_run(struct machine *m)
{
	machine_run_for(m, m->opt->max_insns);
}

int machine_end(struct machine *m)
{
	static const char *const text[] = {
		[STOP_MAX_INSNS] = "the limit of --max-insns was reached",
		[STOP_STUCK] = "the CPU waits for an interrupt that cannot come",
		[STOP_LOST] = "the vector of a prefetch abort cannot be fetched: the image is lost",
		[STOP_RESET] = "the board was reset by its system controller",
		[STOP_INPUT] = "the input is at its end, and the image waits for more",
	};
	const char *what, *error;

	serial_flush(m->serial);
	if (m->stop < sizeof text / sizeof text[0] && text[m->stop] && !m->opt->quiet)
		fprintf(stderr, "murphy-sim: %s (pc %08x, %llu instructions)\n", text[m->stop],
			m->cpu->pc, (unsigned long long)m->cpu->insns);
	debug_close_outputs(m);
	error = output_error(&what);
	if (!error)
		return m->exit_code;
	fprintf(stderr, "murphy-sim: %s: %s; what it holds is cut short\n", what, error);
	return EXIT_OUTPUT;
}
