/* SPDX-License-Identifier: MIT */
/* Semihosting calls (ARM DUI0058, "Semihosting operations"). The only file is the console
 * ":tt": an image under test has no business with the host's files. */
#include "sim/semihost.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "sim/cpu/cpu.h"
#include "sim/machine.h"
#include "sim/options.h"
#include "sim/output.h"
#include "sim/serial.h"

enum {
	SYS_OPEN = 0x01,
	SYS_CLOSE,
	SYS_WRITEC,
	SYS_WRITE0,
	SYS_WRITE,
	SYS_READ,
	SYS_READC,
	SYS_ISERROR,
	SYS_ISTTY,
	SYS_SEEK,
	SYS_FLEN = 0x0c,
	SYS_TMPNAM,
	SYS_REMOVE,
	SYS_RENAME,
	SYS_CLOCK,
	SYS_TIME,
	SYS_SYSTEM,
	SYS_ERRNO,
	SYS_GET_CMDLINE = 0x15,
	SYS_HEAPINFO,
	SYS_EXIT = 0x18,
	SYS_EXIT_EXTENDED = 0x20,
	SYS_ELAPSED = 0x30,
	SYS_TICKFREQ,
};

#define FAILED		 0xffffffffu
#define APPLICATION_EXIT 0x20026u
#define HANDLE_IN	 1u /* handles 1, 2, 3: input, output, errors */
#define HANDLE_FEATURES	 4u

/* ":semihosting-features": exit with a status, and separate output and errors */
static const uint8_t features[5] = {0x53, 0x48, 0x46, 0x42, 0x03};
static uint32_t features_at;

static uint32_t word(struct cpu *c, uint32_t va)
{
	uint32_t v = 0;

	view_read(c, va, &v, 4);
	return v;
}

/* Returns the bytes that were not written. */
static uint32_t console(struct cpu *c, uint32_t handle, const uint8_t *data, uint32_t len)
{
	bool errors = handle == HANDLE_IN + 2;

	serial_flush(c->m->serial); /* keeps the order of UART and semihosting output */
	return output_write(errors ? 2 : 1, data, len, errors ? "stderr" : "stdout") ? 0 : len;
}

static uint32_t sys_open(struct cpu *c, uint32_t args)
{
	uint32_t name = word(c, args), mode = word(c, args + 4), len = word(c, args + 8);
	char buf[24] = "";

	if (len == 21 && view_read(c, name, buf, 21) && !memcmp(buf, ":semihosting-features", 21)) {
		features_at = 0;
		return HANDLE_FEATURES;
	}
	if (len != 3 || !view_read(c, name, buf, 3) || memcmp(buf, ":tt", 3))
		return FAILED;
	return mode < 4 ? HANDLE_IN : mode < 8 ? HANDLE_IN + 1 : HANDLE_IN + 2;
}

/* Both return the bytes NOT transferred. */
static uint32_t sys_write(struct cpu *c, uint32_t args)
{
	uint32_t h = word(c, args), va = word(c, args + 4), len = word(c, args + 8);

	if (h <= HANDLE_IN || h > HANDLE_IN + 2)
		return len;
	while (len) {
		uint8_t buf[256];
		uint32_t n = len < sizeof buf ? len : sizeof buf;

		if (!view_read(c, va, buf, n) || console(c, h, buf, n))
			break;
		va += n;
		len -= n;
	}
	return len;
}

static uint32_t sys_read(struct cpu *c, uint32_t args)
{
	uint32_t h = word(c, args), va = word(c, args + 4), len = word(c, args + 8);
	uint8_t buf[256];
	uint32_t n;

	if (h == HANDLE_FEATURES) {
		uint32_t left = sizeof features - features_at, take = len < left ? len : left;

		if (!view_write(c, va, features + features_at, take))
			return len;
		features_at += take;
		return len - take;
	}
	if (h != HANDLE_IN)
		return len;
	n = serial_stdin(c->m->serial, buf, len < sizeof buf ? len : sizeof buf);
	return n && view_write(c, va, buf, n) ? len - n : len;
}

static void write0(struct cpu *c, uint32_t va)
{
	uint8_t b;

	/* A missing terminator must not make it endless */
	for (uint32_t n = 0; n < 1u << 20 && view_read(c, va + n, &b, 1) && b; n++)
		console(c, HANDLE_IN + 1, &b, 1);
}

static void heapinfo(struct cpu *c, uint32_t args)
{
	const struct machine *m = c->m;
	uint32_t end = m->ram_base + m->arm_ram;
	uint32_t info[4] = {(m->image_end + 0xfffffu) & ~0xfffffu, end, end, 0};

	if (info[0] >= end)
		info[0] = m->image_end;
	view_write(c, word(c, args), info, sizeof info);
}

/* The image's own name and its arguments, as QEMU has it: C's startup makes argv of it. */
static uint32_t cmdline(struct cpu *c, uint32_t args)
{
	const char *name = c->m->opt->kernel, *text = c->m->opt->append;
	uint32_t va = word(c, args), room = word(c, args + 4);
	uint32_t first = (uint32_t)strlen(name),
		 second = text && *text ? (uint32_t)strlen(text) : 0;
	uint32_t len = first + (second ? 1 + second : 0);

	if (len >= room || !view_write(c, va, name, first) ||
	    (second && (!view_write(c, va + first, " ", 1) ||
			!view_write(c, va + first + 1, text, second))) ||
	    !view_write(c, va + len, "", 1))
		return FAILED;
	view_write(c, args + 4, &len, 4);
	return 0;
}

static void leave_machine(struct cpu *c, uint32_t reason, uint32_t code)
{
	machine_stop(c->m, STOP_EXIT, reason == APPLICATION_EXIT ? (int)(code & 0xff) : 1);
}

bool semihost_call(struct cpu *c)
{
	uint32_t op = c->r[0], arg = c->r[1], r = FAILED;
	uint64_t ticks;
	uint8_t b = 0;

	if (!c->m->opt->semihosting)
		return false;
	switch (op) {
	case SYS_OPEN:
		r = sys_open(c, arg);
		break;
	case SYS_CLOSE:
		r = 0;
		break;
	case SYS_WRITEC:
		if (view_read(c, arg, &b, 1))
			console(c, HANDLE_IN + 1, &b, 1);
		return true;
	case SYS_WRITE0:
		write0(c, arg);
		return true;
	case SYS_WRITE:
		r = sys_write(c, arg);
		break;
	case SYS_READ:
		r = sys_read(c, arg);
		break;
	case SYS_READC:
		r = serial_stdin(c->m->serial, &b, 1) ? b : FAILED;
		break;
	case SYS_ISERROR:
		r = (int32_t)word(c, arg) < 0;
		break;
	case SYS_ISTTY:
		r = word(c, arg) >= HANDLE_IN && word(c, arg) <= HANDLE_IN + 2;
		break;
	case SYS_CLOCK: /* hundredths of a second of virtual time */
		r = (uint32_t)(cpu_now(c) / (CYCLES_PER_US * 10000ull));
		break;
	case SYS_TIME: /* virtual too: a run must repeat */
		r = (uint32_t)(cpu_now(c) / (CYCLES_PER_US * 1000000ull));
		break;
	case SYS_SEEK:
		if (word(c, arg) == HANDLE_FEATURES && word(c, arg + 4) <= sizeof features) {
			features_at = word(c, arg + 4);
			r = 0;
		}
		break;
	case SYS_FLEN:
		r = word(c, arg) == HANDLE_FEATURES ? sizeof features : 0;
		break;
	case SYS_ERRNO:
		r = ENOENT;
		break;
	case SYS_GET_CMDLINE:
		r = cmdline(c, arg);
		break;
	case SYS_HEAPINFO:
		heapinfo(c, arg);
		return true;
	case SYS_EXIT: /* on 32-bit ARM the argument is the reason itself */
		leave_machine(c, arg, 0);
		return true;
	case SYS_EXIT_EXTENDED:
		leave_machine(c, word(c, arg), word(c, arg + 4));
		return true;
	case SYS_ELAPSED:
		ticks = cpu_now(c);
		r = view_write(c, arg, &ticks, 8) ? 0 : FAILED;
		break;
	case SYS_TICKFREQ:
		r = CYCLES_PER_US * 1000000u;
		break;
	default: /* files, and what nobody defined */
		break;
	}
	c->r[0] = r;
	return true;
}
