/* SPDX-License-Identifier: MIT */
/* Waiting for clients at a path of the file system. */
#include "sim/unix.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/fail.h"

const char *unix_path(const char *where)
{
	return strncmp(where, "unix:", 5) ? NULL : where + 5;
}

/* Nobody listens at a socket that refuses: it is left over from a process that is gone. */
static void remove_dead(const struct sockaddr_un *a)
{
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	if (!lstat(a->sun_path, &st) && S_ISSOCK(st.st_mode) &&
	    connect(s, (const struct sockaddr *)a, sizeof *a) && errno == ECONNREFUSED)
		unlink(a->sun_path);
	close(s);
}

int unix_listen(const char *path, const char *option)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (!*path || strlen(path) >= sizeof a.sun_path)
		fail("%s unix:%s: the path must have 1 to %zu letters", option, path,
		     sizeof a.sun_path - 1);
	strcpy(a.sun_path, path);
	remove_dead(&a);
	if (s < 0 || bind(s, (struct sockaddr *)&a, sizeof a) || listen(s, 1))
		fail("%s unix:%s: %s", option, path, strerror(errno));
	return s;
}
