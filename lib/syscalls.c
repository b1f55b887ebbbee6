/* SPDX-License-Identifier: MIT */
/* What newlib asks of its system: a console and a heap. (Its locks: sched/newlib_lock.c.) */
#include <errno.h>
#include <reent.h>
#include <sys/stat.h>

#include "lib/console.h"
#include "lib/exit.h"

#define HEAP_SIZE (64 * 1024)

int _write(int fd, const char *buf, int len);
int _read(int fd, char *buf, int len);
void *_sbrk(ptrdiff_t increment);
int _close(int fd);
int _fstat(int fd, struct stat *st);
int _isatty(int fd);
int _lseek(int fd, int offset, int whence);
int _getpid(void);
int _kill(int pid, int sig);
void _exit(int code) __attribute__((noreturn));

static void (*console_putc)(char c);

void console_use(void (*putc)(char c))
{
	console_putc = putc;
}

int _write(int fd, const char *buf, int len)
{
	(void)fd;
	for (int i = 0; console_putc && i < len; i++) {
		if (buf[i] == '\n')
			console_putc('\r');
		console_putc(buf[i]);
	}
	return len;
}

int _read(int fd, char *buf, int len)
{
	(void)fd;
	(void)buf;
	(void)len;
	return 0; /* the monitor reads the UART itself */
}

void *_sbrk(ptrdiff_t increment)
{
	static char heap[HEAP_SIZE] __attribute__((aligned(8)));
	static size_t used;

	if (increment < 0 ? used < (size_t)-increment : HEAP_SIZE - used < (size_t)increment) {
		errno = ENOMEM;
		return (void *)-1;
	}
	void *old = heap + used;

	used += increment;
	return old;
}

int _close(int fd)
{
	(void)fd;
	return -1;
}

int _fstat(int fd, struct stat *st)
{
	(void)fd;
	st->st_mode = S_IFCHR;
	return 0;
}

int _isatty(int fd)
{
	(void)fd;
	return 1;
}

int _lseek(int fd, int offset, int whence)
{
	(void)fd;
	(void)offset;
	(void)whence;
	return 0;
}

int _getpid(void)
{
	return 1;
}

int _kill(int pid, int sig)
{
	(void)pid;
	(void)sig;
	errno = EINVAL;
	return -1;
}

void _exit(int code)
{
	kernel_exit(code);
}
