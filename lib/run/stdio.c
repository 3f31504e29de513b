/* SPDX-License-Identifier: MIT */
#include "run/stdio.h"

#include <errno.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/relay.h"
#include "run/session.h"

struct stdio {
	struct session	*session;
	const struct stdio_opts *opts;
	struct relay	*relay;
};

const char *
stdio_asked(const struct stdio_opts *o)
{
	return o->quit_ms >= 0 ? "--quit-after" : NULL;
}

static void
on_done(void *arg, const struct why *why)
{
	struct stdio *io = arg;

	session_leave(io->session, why);
}

static int
begin_relay(struct stdio *io, struct conn *we, struct conn *c)
{
	const struct stdio_opts *o = io->opts;

	c->src = "stdin";
	io->relay = relay_new(io->session->loop, we, c, &(struct relay_opts){
	    .crlf = o->crlf, .leave_on_their_end = io->session->typed,
	    .idle_ms = o->idle_ms, .done = on_done, .arg = io,
	    .linger_ms = o->quit_ms < 0 ? 0 : o->quit_ms > 0 ? o->quit_ms : 1,
	});
	return io->relay != NULL ? 0 : -1;
}

static int
begin(struct stdio *io, struct conn *c)
{
	struct conn *we = conn_pipe_new(STDIN_FILENO,
	    io->session->out == SESSION_BYTES ? STDOUT_FILENO : -1);

	if (we == NULL) {
		conn_close(c);
		return -1;
	}
	c->crlf = io->opts->crlf;
	return begin_relay(io, we, c);
}

struct stdio *
stdio_new(struct session *s, struct conn *c, const struct stdio_opts *o)
{
	struct stdio *io = calloc(1, sizeof *io);
	int bad = -1;

	if (io != NULL) {
		*io = (struct stdio){ .session = s, .opts = o };
		bad = begin(io, c);
	} else
		conn_close(c);
	if (bad == 0)
		return io;
	free(io);
	why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	session_leave(s, NULL);
	return NULL;
}

void
stdio_free(struct stdio *io)
{
	if (io == NULL)
		return;
	relay_free(io->relay);
	free(io);
}
