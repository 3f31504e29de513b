/* SPDX-License-Identifier: MIT */
#include "nvt/nvt.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

#include "nvt/inside.h"
#include "proto/telnet_opt.h"

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
	n->call->done(n->arg, why);
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

/* All bytes are with the kernel; done once the server has them, too. */
static void
when_acked(struct nvt *n)
{
	const struct why fine = { 0 };

	if (conn_unacked(n->net) == 0 || n->net->reset)
		nvt_finish(n, &fine);
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

static void
settle(struct nvt *n)
{
	/* A person is not kept waiting by a server that is gone. */
	if (n->down_ended && (n->up_ended || n->o.typed))
		when_acked(n);
}

static void
turn(struct nvt *n, ev_io *w, bool on)
{
	if (on && w->fd >= 0)
		ev_io_start(n->loop, w);
	else
		ev_io_stop(n->loop, w);
}

/* What is read and written next follows from what is held. */
static void
arrange(struct nvt *n)
{
	if (n->over)
		return;
	if (n->no_input && n->up.len == 0 && !n->up_ended) {
		n->up_ended = true;
		conn_shut(n->net);
		settle(n);
	}
	if (n->net->ended_in && n->down.len == 0 && !n->down_ended) {
		n->down_ended = true;
		conn_shut(n->we);
		settle(n);
	}
	if (n->over)
		return;
	turn(n, &n->net_r, !n->net->ended_in && !n->held &&
	    n->up.len < NVT_HELD_MAX && n->down.len < NVT_HELD_MAX);
	turn(n, &n->net_w, n->up.len > 0);
	/* The escape key must be heard even if the server takes nothing. */
	turn(n, &n->we_r, !n->we->ended_in && (n->o.typed || n->up.len == 0));
	turn(n, &n->we_w, n->down.len > 0);
}

static void
alive(struct nvt *n)
{
	if (n->o.idle_ms > 0 && !n->over)
		ev_timer_again(n->loop, &n->idle);
}

static void
drain(struct nvt *n, struct buf *b, struct conn *to)
{
	struct why why = { 0 };

	while (b->len > 0 && !n->over) {
		ssize_t k = conn_write(to, buf_head(b), b->len, &why);

		if (k == CONN_LATER)
			return;
		if (k < 0) {
			nvt_finish(n, &why);
			return;
		}
		buf_drop(b, (size_t)k);
		alive(n);
	}
}

void
nvt_flush(struct nvt *n)
{
	if (n->up.len > 0)
		nvt_foresee_end(n);
	if (n->net->ended_out)
		buf_clear(&n->up);	/* answers that came too late */
	drain(n, &n->up, n->net);
	drain(n, &n->down, n->we);
	arrange(n);
}

static void
on_event(struct nvt *n, const struct telnet_event *ev)
{
	char name[TELNET_NAME_MAX];

	if (ev->kind == TELNET_DATA) {
		nvt_ok(n, buf_add(&n->piece, ev->data, ev->len));
		return;
	}
	nvt_received(n);
	if (ev->kind == TELNET_NEGOTIATE)
		nvt_negotiated(n, ev);
	else if (ev->kind == TELNET_SUB)
		nvt_sub(n, ev);
	else if (ev->kind == TELNET_OVERFLOW)
		nvt_warn(n, "the subnegotiation of %s is longer than %d KiB; "
		    "the rest of it is dropped",
		    telnet_opt_name((uint8_t)ev->opt, name),
		    TELNET_SUB_MAX / KIB);
	else
		nvt_commanded(n, ev->cmd);
}

static void
decode(struct nvt *n, const uint8_t *p, size_t len)
{
	struct telnet_event ev;

	while (len > 0 && !n->over) {
		size_t used = telnet_next(&n->codec, p, len, &ev);

		p += used;
		len -= used;
		if (ev.kind != TELNET_NONE)
			on_event(n, &ev);
	}
	nvt_received(n);
	nvt_settle_mode(n);	/* ECHO and SGA together: changed once */
}

static void
net_ended(struct nvt *n)
{
	if (telnet_inside(&n->codec))
		nvt_warn(n, "the connection ends inside a telnet command");
	arrange(n);
}

static void
on_net_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct nvt *n = w->data;
	struct why why = { 0 };
	uint8_t data[NVT_READ];
	ssize_t k;

	(void)loop, (void)revents;
	nvt_foresee_end(n);
	k = conn_read(n->net, data, sizeof data, &why);
	if (k == -1)
		nvt_finish(n, &why);
	else if (k == 0)
		net_ended(n);
	if (k <= 0)
		return;
	alive(n);
	if (n->o.exact_in && n->we->wfd >= 0)
		nvt_ok(n, buf_add(&n->down, data, (size_t)k));
	decode(n, data, (size_t)k);
	if (!n->over)
		nvt_flush(n);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	nvt_flush(w->data);
}

static void
on_we_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct nvt *n = w->data;
	struct why why = { 0 };
	char data[NVT_READ / 4];
	ssize_t k = conn_read(n->we, data, sizeof data, &why);

	(void)loop, (void)revents;
	if (k == -1)
		nvt_finish(n, &why);
	else if (k == 0)
		nvt_input_ended(n);
	else if (k > 0) {
		alive(n);
		nvt_input(n, data, (size_t)k);
	}
	if (!n->over)
		nvt_flush(n);
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
watch(struct nvt *n, ev_io *w, int fd, int events,
    void (*on)(struct ev_loop *, ev_io *, int))
{
	ev_io_init(w, on, fd, events);
	w->data = n;
}

static void
watchers(struct nvt *n)
{
	watch(n, &n->net_r, n->net->rfd, EV_READ, on_net_readable);
	watch(n, &n->net_w, n->net->wfd, EV_WRITE, on_writable);
	watch(n, &n->we_r, n->we->rfd, EV_READ, on_we_readable);
	watch(n, &n->we_w, n->we->wfd, EV_WRITE, on_writable);
	/* The write end of a pipe is "readable" once its reader is gone. */
	watch(n, &n->gone, conn_pipe_out(n->we), EV_READ, on_gone);
	turn(n, &n->gone, true);
	ev_init(&n->idle, on_idle);
	n->idle.repeat = n->o.idle_ms / 1000.0;
	ev_init(&n->acked, on_acked);
	n->acked.repeat = ACKED_MS / 1000.0;
	n->idle.data = n->acked.data = n;
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
    const struct nvt_opts *o, const struct nvt_calls *call, void *arg)
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
	n->call = call;
	n->arg = arg;
	n->vt.utf8 = o->utf8;
	buf_init(&n->up, NVT_UP_MAX);
	buf_init(&n->down, NVT_DOWN_MAX);
	buf_init(&n->piece, NVT_READ);
	net->quiet = true;	/* its payload is told without the commands */
	keep_urgent(net);
	watchers(n);
	alive(n);
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
	arrange(n);
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
