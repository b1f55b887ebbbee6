/* SPDX-License-Identifier: MIT */
/* Unix sockets: a place to listen that is named by a path, so that two do not meet by chance. */
#ifndef SIM_UNIX_H
#define SIM_UNIX_H

/* The path of "unix:PATH"; NULL if where is something else. */
const char *unix_path(const char *where);
/* A listening socket at path, in place of a dead one there; exits with a message that names option
 * on failure. Its clients are taken by tcp_accept(). The caller removes the path. */
int unix_listen(const char *path, const char *option);

#endif
