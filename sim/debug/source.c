/* SPDX-License-Identifier: MIT */
/* file:line by addr2line, which comes with the cross compiler: one process for the whole run,
 * an address in and a line out. Its DWARF reader is everybody's; ours would be a large one. */
#include "sim/debug/source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/machine.h"
#include "sim/options.h"

static enum { ASLEEP, RUNS, ABSENT } state;
static pid_t child;
static FILE *answers;

/* Does not return. A name that is not there gives the next its turn. */
static void become_addr2line(const char *elf, int fd)
{
	static const char *const names[] = {
		"arm-none-eabi-addr2line", "arm-linux-gnueabi-addr2line",
		"arm-linux-gnueabihf-addr2line", "llvm-addr2line", "addr2line"};
	const char *cross = getenv("CROSS_COMPILE");
	int null = open("/dev/null", O_WRONLY);
	char own[200];

	dup2(fd, 0);
	dup2(fd, 1);
	if (null >= 0)
		dup2(null, 2);
	if (cross) {
		snprintf(own, sizeof own, "%saddr2line", cross);
		execlp(own, own, "-e", elf, (char *)NULL);
	}
	for (unsigned int n = 0; n < sizeof names / sizeof names[0]; n++)
		execlp(names[n], names[n], "-e", elf, (char *)NULL);
	_exit(127);
}

static void start(struct machine *m)
{
	const char *elf = m->opt->symbols ? m->opt->symbols : m->opt->kernel;
	int pair[2];

	state = ABSENT;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return;
	child = fork();
	if (child == 0)
		become_addr2line(elf, pair[1]);
	close(pair[1]);
	answers = child > 0 ? fdopen(pair[0], "r") : NULL;
	if (answers)
		state = RUNS;
	else
		close(pair[0]);
}

/* The answer to pc in buf; false when addr2line is gone, or never was. */
static bool ask(uint32_t pc, char *buf, int size)
{
	char question[16];
	int n = snprintf(question, sizeof question, "%x\n", pc);

	/* no SIGPIPE: its death costs the lines, not the run */
	return send(fileno(answers), question, (size_t)n, MSG_NOSIGNAL) == n &&
	       fgets(buf, size, answers);
}

/* Without the working directory and what is not known. */
static const char *shorten(char *text)
{
	static char cwd[1024];
	size_t len;

	text[strcspn(text, " \r\n")] = 0; /* " (discriminator 3)" */
	if (!*text || *text == '?' || strstr(text, ":?") || strstr(text, ":0"))
		return NULL;
	if (!*cwd && !getcwd(cwd, sizeof cwd))
		return text;
	len = strlen(cwd);
	if (!strncmp(text, cwd, len) && text[len] == '/')
		text += len + 1;
	return strncmp(text, "./", 2) ? text : text + 2;
}

const char *source_line(struct machine *m, uint32_t pc)
{
	static char buf[1200];

	if (state == ASLEEP)
		start(m);
	if (state != RUNS)
		return NULL;
	if (ask(pc, buf, sizeof buf))
		return shorten(buf);
	if (source_end() == 127)
		fprintf(stderr, "check: no file:line: addr2line for ARM is missing (Debian: "
				"binutils-arm-none-eabi)\n");
	else
		fprintf(stderr,
			"check: no file:line: addr2line cannot read %s; give the image's "
			"ELF by --symbols\n",
			m->opt->symbols ? m->opt->symbols : m->opt->kernel);
	state = ABSENT;
	return NULL;
}

int source_end(void)
{
	int status = 0;

	if (state != RUNS)
		return 0;
	fclose(answers); /* the end of its input ends it */
	waitpid(child, &status, 0);
	state = ASLEEP;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
