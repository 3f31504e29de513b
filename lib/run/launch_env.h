/*
 * launch_env - the environment of a program that serves a connection: ours,
 * with the names of both ends.
 *
 * SOCKT_REMOTE_ADDR, SOCKT_REMOTE_PORT, SOCKT_LOCAL_ADDR, SOCKT_LOCAL_PORT;
 * and the names that programs for tcpserver know: PROTO=TCP, TCPREMOTEIP,
 * TCPREMOTEPORT, TCPLOCALIP, TCPLOCALPORT (of a Unix socket PROTO=UNIX alone).
 * What we inherited of these names is not passed on.
 */
#ifndef RUN_LAUNCH_ENV_H
#define RUN_LAUNCH_ENV_H

#include "base/base.h"

#define LAUNCH_TERM "vt100"	/* TERM on a terminal, if we have none */

struct conn;

/* For free(3); ours is borrowed. NULL: out of memory. */
char	**launch_env(const struct conn *, bool on_terminal) MUST_CHECK;

#endif
