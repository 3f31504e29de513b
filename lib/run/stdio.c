/* SPDX-License-Identifier: MIT */
#include "run/stdio.h"

#include <errno.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/relay.h"
#include "run/editor.h"
#include "run/session.h"

struct stdio {
	struct session	*session;
	const struct stdio_opts *opts;
	struct conn	*we, *c;	/* until the relay has them */
	struct dialogue	*dialogue;
	struct relay	*relay;
};

const char *
stdio_asked(const struct stdio_opts *o)
{
	if (o->script.n > 0)
		return o->script.step[0].expect ? "--expect" : "--send";
	if (o->pace.rate > 0 || o->pace.line_ms > 0)
		return o->pace.rate > 0 ? "--rate" : "--line-delay";
	if (o->wanted > 0)
		return "--read-bytes";
	return o->quit_ms >= 0 ? "--quit-after" : NULL;
}

static void
on_done(void *arg, const struct why *why)
{
	struct stdio *io = arg;

	session_leave(io->session, why);
}

static int
begin_relay(struct stdio *io)
{
	const struct stdio_opts *o = io->opts;
	struct conn *we = io->we, *c = io->c;

	io->we = io->c = NULL;
	c->src = "stdin";
	io->relay = relay_new(io->session->loop, we, c, &(struct relay_opts){
	    .crlf = o->crlf, .leave_on_their_end = io->session->typed,
	    .pace = o->pace, .wanted = o->wanted,
	    .idle_ms = o->idle_ms, .done = on_done, .arg = io,
	    .linger_ms = o->quit_ms < 0 ? 0 : o->quit_ms > 0 ? o->quit_ms : 1,
	});
	return io->relay != NULL ? 0 : -1;
}

static void
out_of_memory(struct session *s)
{
	why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	session_leave(s, NULL);
}

static void
on_dialogue(void *arg, const struct why *why)
{
	struct stdio *io = arg;

	io->dialogue = NULL;
	if (why->kind != WHY_NONE)
		session_leave(io->session, why);
	else if (begin_relay(io) < 0)
		out_of_memory(io->session);
}

static int
begin(struct stdio *io)
{
	const struct stdio_opts *o = io->opts;

	io->we = editor_conn(io->session, &(struct editor_opts){ .wfd =
	    io->session->out == SESSION_BYTES ? STDOUT_FILENO : -1 }, NULL);
	if (io->we == NULL)
		return -1;
	io->c->crlf = o->crlf;
	if (o->script.n == 0)
		return begin_relay(io);
	io->dialogue = dialogue_new(io->session, io->we, io->c,
	    &(struct dialogue_opts){ .script = &o->script, .crlf = o->crlf,
	    .wanted = o->wanted, .idle_ms = o->idle_ms,
	    .done = on_dialogue, .arg = io });
	return io->dialogue != NULL ? 0 : -1;
}

struct stdio *
stdio_new(struct session *s, struct conn *c, const struct stdio_opts *o)
{
	struct stdio *io = calloc(1, sizeof *io);

	if (io == NULL)
		conn_close(c);
	else
		*io = (struct stdio){ .session = s, .opts = o, .c = c };
	if (io != NULL && begin(io) == 0)
		return io;
	stdio_free(io);
	out_of_memory(s);
	return NULL;
}

void
stdio_free(struct stdio *io)
{
	if (io == NULL)
		return;
	dialogue_free(io->dialogue);
	relay_free(io->relay);
	conn_close(io->c);
	conn_close(io->we);
	free(io);
}
