/* SPDX-License-Identifier: MIT */
#include "run/stdio.h"

#include <errno.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/relay.h"
#include "run/session.h"

static void
on_done(void *arg, const struct why *why)
{
	session_leave(arg, why);
}

struct relay *
stdio_relay(struct session *s, struct conn *c, bool crlf, int idle_ms)
{
	const struct relay_opts o = {
		.crlf = crlf, .leave_on_their_end = s->typed,
		.idle_ms = idle_ms, .done = on_done, .arg = s,
	};
	struct conn *we = conn_pipe_new(STDIN_FILENO,
	    s->out == SESSION_BYTES ? STDOUT_FILENO : -1);
	struct relay *r = NULL;

	c->src = "stdin";
	c->crlf = crlf;
	if (we == NULL)
		conn_close(c);
	else
		r = relay_new(s->loop, we, c, &o);
	if (r == NULL) {
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
		session_leave(s, NULL);
	}
	return r;
}
