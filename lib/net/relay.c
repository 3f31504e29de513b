/* SPDX-License-Identifier: MIT */
#include "net/relay.h"

#include <errno.h>
#include <ev.h>
#include <signal.h>

#include "base/buf.h"
#include "net/conn.h"
#include "net/move.h"
#include "talk/talk.h"

struct flow {
	struct relay	*relay;
	struct conn	*from, *to;
	struct buf	 held;
	struct move	 move;		/* instead, once there is much */
	bool		 moving, no_move;
	bool		 crlf, was_cr;	/* the last byte sent was CR */
	bool		 ended;		/* their end seen, drained, passed on */
	ev_io		 r, w;
};

struct relay {
	struct ev_loop	*loop;
	struct conn	*a, *b;
	struct relay_opts opts;
	struct flow	 up, down;	/* a to b, b to a */
	ev_io		 gone;		/* a's reader went away */
	ev_timer	 idle, acked;
	bool		 over;
};

enum {
	READ = 64 * KIB,	/* bytes asked for at a time */
	TURN = 8,		/* pieces moved per turn of the loop */
};

static void
stop(struct relay *r)
{
	r->over = true;
	ev_io_stop(r->loop, &r->up.r);
	ev_io_stop(r->loop, &r->up.w);
	ev_io_stop(r->loop, &r->down.r);
	ev_io_stop(r->loop, &r->down.w);
	ev_io_stop(r->loop, &r->gone);
	ev_timer_stop(r->loop, &r->idle);
	ev_timer_stop(r->loop, &r->acked);
}

static void
finish(struct relay *r, const struct why *why)
{
	if (r->over)
		return;
	stop(r);
	r->opts.done(r->opts.arg, why);
}

/*
 * All bytes are with the kernel; done once the peer has them, too. A reset
 * empties the queue as well, so that is asked first.
 */
static void
when_acked(struct relay *r)
{
	struct why why = { 0 };

	if (conn_broke(r->a, &why) < 0 || conn_broke(r->b, &why) < 0 ||
	    conn_unacked(r->a) + conn_unacked(r->b) == 0)
		finish(r, &why);
	else if (!ev_is_active(&r->acked))
		ev_timer_again(r->loop, &r->acked);
}

static void
on_acked(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct relay *r = t->data;
	struct why why = { 0 };
	char nothing[1];

	(void)loop, (void)revents;
	if (conn_read(r->b, nothing, sizeof nothing, &why) == -1)
		finish(r, &why);
	else
		when_acked(r);
}

static void
settle(struct relay *r)
{
	if (r->down.ended && (r->up.ended || r->opts.leave_on_their_end))
		when_acked(r);
}

/* What is read and written next follows from what is held. */
static void
arrange(struct flow *f)
{
	struct relay *r = f->relay;

	if (r->over)
		return;
	if (f->from->ended_in && f->held.len + f->move.inside == 0 &&
	    !f->ended) {
		f->ended = true;
		conn_shut(f->to);
		ev_io_stop(r->loop, &f->r);
		ev_io_stop(r->loop, &f->w);
		settle(r);
		return;
	}
	if (f->from->ended_in || f->held.len > RELAY_BUF - READ)
		ev_io_stop(r->loop, &f->r);
	else if (f->from->rfd >= 0)
		ev_io_start(r->loop, &f->r);
	if (f->held.len == 0)
		ev_io_stop(r->loop, &f->w);
	else
		ev_io_start(r->loop, &f->w);
}

static void
alive(struct relay *r)
{
	if (r->opts.idle_ms > 0 && !r->over)
		ev_timer_again(r->loop, &r->idle);
}

static int
drain(struct flow *f, struct why *why)
{
	while (f->held.len > 0) {
		ssize_t n = conn_write(f->to, buf_head(&f->held),
		    f->held.len, why);

		if (n == CONN_LATER)
			return 0;
		if (n < 0)
			return -1;
		buf_drop(&f->held, (size_t)n);
		alive(f->relay);
	}
	return 0;
}

/* LF becomes CR LF; a CR that is there already is not doubled. */
static int
add_crlf(struct flow *f, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool bare = p[i] == '\n' && !f->was_cr;

		if (bare && buf_add(&f->held, "\r", 1) < 0)
			return -1;
		if (buf_add(&f->held, p + i, 1) < 0)
			return -1;
		f->was_cr = p[i] == '\r';
	}
	return 0;
}

/* Bytes that fill a whole read are worth setting the kernel to work. */
static void
consider_moving(struct flow *f)
{
	if (f->moving || f->no_move || f->crlf || f->held.len > 0)
		return;
	move_init(&f->move, f->from, f->to);
	f->moving = f->move.how != MOVE_NOT;
	f->no_move = !f->moving;
}

static void
stop_moving(struct flow *f)
{
	char *room = buf_room(&f->held, MOVE_FIRST);

	f->moving = false;
	f->no_move = true;
	if (room != NULL)
		buf_added(&f->held, move_rescue(&f->move, room));
	move_free(&f->move);
	arrange(f);
}

/* Waits for one side, the other being idle. */
static void
await(struct flow *f, bool to)
{
	struct ev_loop *loop = f->relay->loop;

	ev_io_stop(loop, to ? &f->r : &f->w);
	ev_io_start(loop, to ? &f->w : &f->r);
}

static void
move_on(struct flow *f)
{
	struct why why = { 0 };

	for (int i = 0; i < TURN; i++) {
		switch (move_some(&f->move, f->from, f->to, &why)) {
		case MOVE_GO:
			alive(f->relay);
			continue;
		case MOVE_AWAIT_FROM:
			await(f, false);
			return;
		case MOVE_AWAIT_TO:
			await(f, true);
			return;
		case MOVE_COPY:
			stop_moving(f);
			return;
		case MOVE_END:
			arrange(f);
			return;
		case MOVE_FAILED:
			finish(f->relay, &why);
			return;
		}
	}
}

static void
take(struct flow *f, const char *p, size_t n)
{
	struct why why = { 0 };
	int bad = f->crlf ? add_crlf(f, p, n) : buf_add(&f->held, p, n);

	alive(f->relay);
	if (bad < 0)
		why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	if (bad < 0 || drain(f, &why) < 0) {
		finish(f->relay, &why);
		return;
	}
	if (n == READ)
		consider_moving(f);
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct flow *f = w->data;
	struct why why = { 0 };
	char data[READ];
	ssize_t n;

	(void)loop, (void)revents;
	if (f->moving) {
		move_on(f);
		return;
	}
	if ((n = conn_read(f->from, data, sizeof data, &why)) == -1) {
		finish(f->relay, &why);
		return;
	}
	if (n > 0)
		take(f, data, (size_t)n);
	arrange(f);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct flow *f = w->data;
	struct why why = { 0 };

	(void)loop, (void)revents;
	if (f->moving)
		move_on(f);
	else if (drain(f, &why) < 0)
		finish(f->relay, &why);
	else
		arrange(f);
}

static void
on_gone(struct ev_loop *loop, ev_io *w, int revents)
{
	struct relay *r = w->data;
	struct why why = { 0 };

	(void)revents;
	if (!conn_reader_gone(r->a)) {
		ev_io_stop(loop, w);	/* readable for another reason */
		return;
	}
	why_set(&why, WHY_SIGNAL, SIGPIPE, "stdout: nobody reads it any more");
	finish(r, &why);
}

static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct relay *r = t->data;
	struct why why = { 0 };
	char peer[ADDR_TEXT];

	(void)loop, (void)revents;
	why_set(&why, WHY_TIMEOUT, 0, "%s: nothing came or went for %g s",
	    addr_text(&r->b->peer, peer), r->opts.idle_ms / 1000.0);
	conn_tell_why(r->b, &why, "idle");
	finish(r, &why);
}

static void
flow_init(struct flow *f, struct relay *r, struct conn *from, struct conn *to)
{
	f->relay = r;
	f->from = from;
	f->to = to;
	/* Twice: with CR LF a whole read may double. */
	buf_init(&f->held, RELAY_BUF + READ);
	ev_io_init(&f->r, on_readable, from->rfd, EV_READ);
	ev_io_init(&f->w, on_writable, to->wfd, EV_WRITE);
	f->r.data = f->w.data = f;
	if (from->rfd < 0)
		from->ended_in = true;
}

struct relay *
relay_new(struct ev_loop *loop, struct conn *a, struct conn *b,
    const struct relay_opts *opts)
{
	struct relay *r = calloc(1, sizeof *r);

	if (r == NULL) {
		conn_close(a);
		conn_close(b);
		return NULL;
	}
	*r = (struct relay){ .loop = loop, .a = a, .b = b, .opts = *opts };
	flow_init(&r->up, r, a, b);
	flow_init(&r->down, r, b, a);
	r->up.crlf = opts->crlf;
	/* The write end of a pipe is "readable" once its reader is gone. */
	ev_io_init(&r->gone, on_gone, conn_pipe_out(a), EV_READ);
	r->gone.data = r;
	if (conn_pipe_out(a) >= 0)
		ev_io_start(loop, &r->gone);
	ev_init(&r->idle, on_idle);
	r->idle.repeat = opts->idle_ms / 1000.0;
	r->idle.data = r;
	ev_init(&r->acked, on_acked);
	r->acked.repeat = 0.005;
	r->acked.data = r;
	alive(r);
	arrange(&r->up);
	arrange(&r->down);
	return r;
}

void
relay_free(struct relay *r)
{
	if (r == NULL)
		return;
	if (!r->over)
		stop(r);
	conn_close(r->b);
	conn_close(r->a);
	buf_free(&r->up.held);
	buf_free(&r->down.held);
	move_free(&r->up.move);
	move_free(&r->down.move);
	free(r);
}
