/* SPDX-License-Identifier: MIT */
/* Writing to the host so that nothing is cut in silence. */
#include "sim/output.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "sim/signals.h"

static struct {
	const char *what;
	int error;
} failed;

void output_failed(const char *what, int error)
{
	if (error == EINTR) /* a signal came, which ends the run */
		return;
	if (error == EPIPE) { /* "murphy-sim | head": ends as any filter does */
		signals_note(SIGPIPE);
		return;
	}
	if (!failed.error) {
		failed.what = what;
		failed.error = error;
	}
}

const char *output_error(const char **what)
{
	*what = failed.what;
	return failed.error ? strerror(failed.error) : NULL;
}

bool output_write(int fd, const void *data, size_t len, const char *what)
{
	const char *at = data;

	while (len) {
		ssize_t n = write(fd, at, len);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
		} else if (n == 0 || errno != EINTR) {
			output_failed(what, n ? errno : EIO);
			return false;
		}
		if (len && signals_pending())
			return false;
	}
	return true;
}

void output_check(FILE *f, const char *what)
{
	if (!f || !ferror(f))
		return;
	errno = 0;
	fflush(f); /* the error number of the first failure is gone: the next has the same */
	output_failed(what, errno ? errno : EIO);
}

void output_close(FILE *f, const char *what)
{
	if (!f)
		return;
	output_check(f, what);
	errno = 0;
	if (fclose(f))
		output_failed(what, errno ? errno : EIO);
}
