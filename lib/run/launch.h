/*
 * launch - a program begins, with a socket as its stdin and stdout and with
 * an environment that names both ends of the connection.
 *
 * SOCKT_REMOTE_ADDR, SOCKT_REMOTE_PORT, SOCKT_LOCAL_ADDR, SOCKT_LOCAL_PORT;
 * and the names that programs for tcpserver know: PROTO=TCP, TCPREMOTEIP,
 * TCPREMOTEPORT, TCPLOCALIP, TCPLOCALPORT (of a Unix socket PROTO=UNIX alone).
 * What we inherited of these names is not passed on. Signals are as programs
 * expect to find them; it leads a process group of its own.
 */
#ifndef RUN_LAUNCH_H
#define RUN_LAUNCH_H

#include <sys/resource.h>
#include <sys/types.h>

#include "base/why.h"

struct conn;

struct launch {
	char *const	*argv;
	bool		 with_stderr;	/* goes to the socket as well */
	struct rlimit	 files;	/* its limit of open files; zeroed: ours */
};

/*
 * c names the ends; fd is the socket, and stays ours. 0, or an errno: ENOENT
 * for a program that is not there.
 */
int	launch(const struct launch *, pid_t *, const struct conn *c, int fd)
	    MUST_CHECK;

/*
 * The words of exec, or /bin/sh -c sh_exec, whichever is not NULL; for
 * free(3). NULL: WHY_USAGE or WHY_LOCAL.
 */
char	**launch_words(const char *exec, const char *sh_exec, struct why *)
	    MUST_CHECK;

#endif
