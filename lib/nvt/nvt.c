/* SPDX-License-Identifier: MIT */
#include "nvt/nvt.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include "nvt/inside.h"

enum { ACKED_MS = 5 };		/* how often to ask what is acknowledged */

static void
stop(struct nvt *n)
{
	n->over = true;
	ev_io_stop(n->loop, &n->net_r);
	ev_io_stop(n->loop, &n->net_w);
	ev_io_stop(n->loop, &n->we_r);
	ev_io_stop(n->loop, &n->we_w);
	ev_io_stop(n->loop, &n->gone);
	ev_timer_stop(n->loop, &n->idle);
	ev_timer_stop(n->loop, &n->acked);
}

void
nvt_finish(struct nvt *n, const struct why *why)
{
	if (n->over)
		return;
	stop(n);
	nvt_leave_screen(n);
	n->call.done(n->call.arg, why);
}

void
nvt_ok(struct nvt *n, int r)
{
	struct why why = { 0 };

	if (r == 0 || n->failed)
		return;
	n->failed = true;
	why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	nvt_finish(n, &why);
}

/* Both ends have come; but one inside a command is none in order. */
static void
ended(struct nvt *n)
{
	struct why why = { 0 };
	char peer[ADDR_TEXT];

	if (telnet_inside(&n->codec))
		why_set(&why, WHY_BROKEN, 0,
		    "%s: the connection ended inside a telnet command",
		    addr_text(&n->net->peer, peer));
	nvt_finish(n, &why);
}

/* All bytes are with the kernel; done once the server has them, too. */
static void
when_acked(struct nvt *n)
{
	if (conn_unacked(n->net) == 0 || n->net->reset)
		ended(n);
	else if (!ev_is_active(&n->acked))
		ev_timer_again(n->loop, &n->acked);
}

static void
on_acked(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct nvt *n = t->data;
	struct why why = { 0 };
	char nothing[1];

	(void)loop, (void)revents;
	/* A reset shows only to who reads. */
	if (conn_read(n->net, nothing, sizeof nothing, &why) == -1)
		nvt_finish(n, &why);
	else
		when_acked(n);
}

void
nvt_settle(struct nvt *n)
{
	/* A person is not kept waiting by a server that is gone. */
	if (n->down_ended && (n->up_ended || n->o.typed))
		when_acked(n);
}

static void
on_gone(struct ev_loop *loop, ev_io *w, int revents)
{
	struct nvt *n = w->data;
	struct why why = { 0 };

	(void)revents;
	if (!conn_reader_gone(n->we)) {
		ev_io_stop(loop, w);	/* readable for another reason */
		return;
	}
	why_set(&why, WHY_SIGNAL, SIGPIPE, "stdout: nobody reads it any more");
	nvt_finish(n, &why);
}

static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct nvt *n = t->data;
	struct why why = { 0 };
	char peer[ADDR_TEXT];

	(void)loop, (void)revents;
	why_set(&why, WHY_TIMEOUT, 0, "%s: nothing came or went for %g s",
	    addr_text(&n->net->peer, peer), n->o.idle_ms / 1000.0);
	nvt_leave_screen(n);
	conn_tell_why(n->net, &why, "idle");
	nvt_finish(n, &why);
}

static void
watch_ends(struct nvt *n)
{
	/* The write end of a pipe is "readable" once its reader is gone. */
	ev_io_init(&n->gone, on_gone, conn_pipe_out(n->we), EV_READ);
	if (n->gone.fd >= 0)
		ev_io_start(n->loop, &n->gone);
	ev_init(&n->idle, on_idle);
	n->idle.repeat = n->o.idle_ms / 1000.0;
	ev_init(&n->acked, on_acked);
	n->acked.repeat = ACKED_MS / 1000.0;
	n->gone.data = n->idle.data = n->acked.data = n;
}

/*
 * The urgent byte of a SYNCH (RFC 854) is part of the stream, in its place;
 * without this the kernel would take it out, and the byte after IAC with it.
 */
static void
keep_urgent(struct conn *net)
{
	int on = 1;

	if (conn_plain(net) >= 0)
		setsockopt(conn_plain(net), SOL_SOCKET, SO_OOBINLINE, &on,
		    sizeof on);
}

struct nvt *
nvt_new(struct ev_loop *loop, struct conn *we, struct conn *net,
    const struct nvt_opts *o, const struct nvt_calls *call)
{
	struct nvt *n = calloc(1, sizeof *n);

	if (n == NULL) {
		conn_close(we);
		conn_close(net);
		return NULL;
	}
	n->loop = loop;
	n->we = we;
	n->net = net;
	n->o = *o;
	n->call = *call;
	n->vt.utf8 = o->utf8;
	buf_init(&n->up, NVT_UP_MAX);
	buf_init(&n->down, NVT_DOWN_MAX);
	buf_init(&n->piece, NVT_READ);
	net->quiet = true;	/* its payload is told without the commands */
	keep_urgent(net);
	watch_ends(n);
	nvt_flows(n);
	nvt_start(n);
	nvt_flush(n);
	return n;
}

void
nvt_free(struct nvt *n)
{
	if (n == NULL)
		return;
	if (!n->over) {
		nvt_leave_screen(n);
		stop(n);
	}
	conn_close(n->net);
	conn_close(n->we);
	buf_free(&n->up);
	buf_free(&n->down);
	buf_free(&n->piece);
	free(n);
}

void
nvt_end(struct nvt *n)
{
	if (n->no_input)
		return;
	n->no_input = true;
	nvt_ok(n, telnet_encode_end(&n->enc, &n->up));
	nvt_flush(n);
}

void
nvt_hold(struct nvt *n, bool held)
{
	n->held = held;
	n->line_len = 0;
	if (!held)
		nvt_settle_mode(n);
	nvt_arrange(n);
}

void
nvt_choose(struct nvt *n, enum nvt_wish wish)
{
	n->o.wish = wish;
	n->mode_due = true;
}

enum nvt_mode
nvt_mode(const struct nvt *n)
{
	return n->mode;
}

const struct telnet_q *
nvt_options(const struct nvt *n)
{
	return &n->q;
}
