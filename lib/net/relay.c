/* SPDX-License-Identifier: MIT */
#include "net/relay.h"

#include <errno.h>
#include <signal.h>

#include "net/conn.h"
#include "net/relay_state.h"
#include "talk/talk.h"

#define ACK_POLL_S 0.005	/* the kernel does not tell, it is asked */

static void
stop(struct relay *r)
{
	r->over = true;
	ev_io_stop(r->loop, &r->up.r);
	ev_io_stop(r->loop, &r->up.w);
	ev_io_stop(r->loop, &r->down.r);
	ev_io_stop(r->loop, &r->down.w);
	ev_io_stop(r->loop, &r->gone);
	ev_timer_stop(r->loop, &r->up.more);
	ev_timer_stop(r->loop, &r->down.more);
	ev_timer_stop(r->loop, &r->up.pause);
	ev_timer_stop(r->loop, &r->idle);
	ev_timer_stop(r->loop, &r->acked);
	ev_timer_stop(r->loop, &r->linger);
}

void
relay_finish(struct relay *r, const struct why *why)
{
	if (r->over)
		return;
	stop(r);
	r->opts.done(r->opts.arg, why);
}

/* Bytes that somebody waits for. */
static size_t
under_way(const struct relay *r)
{
	size_t n = conn_unacked(r->a);

	if (r->opts.filter != NULL)
		return n;
	return n + r->up.held.len + r->up.move.inside + conn_unacked(r->b);
}

/*
 * All bytes are with the kernel; done once the peer has them, too. A reset
 * empties the queue as well, so that is asked first.
 */
static void
when_acked(struct relay *r)
{
	struct why why = { 0 };
	bool answer = r->opts.filter != NULL;

	if (conn_broke(r->a, &why) < 0 ||
	    (!answer && conn_broke(r->b, &why) < 0) || under_way(r) == 0)
		relay_finish(r, &why);
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
	if (r->opts.filter == NULL &&
	    conn_read(r->b, nothing, sizeof nothing, &why) == -1)
		relay_finish(r, &why);
	else
		when_acked(r);
}

void
relay_settle(struct relay *r)
{
	if (r->down.ended && (r->up.ended || r->opts.leave_on_their_end ||
	    r->opts.filter != NULL))
		when_acked(r);
	else if (r->down.ended && !r->opts.program)
		relay_left_watch(r);
}

void
relay_alive(struct relay *r)
{
	if (r->opts.idle_ms > 0 && !r->over)
		ev_timer_again(r->loop, &r->idle);
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
	relay_finish(r, &why);
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
	relay_finish(r, &why);
}

bool
relay_short(struct relay *r, struct why *why)
{
	char peer[ADDR_TEXT];

	if (!r->down.limited || r->down.left == 0)
		return false;
	why_set(why, WHY_BROKEN, 0, "%s: %llu of %lld B came",
	    addr_text(&r->b->peer, peer), (unsigned long long)r->b->in,
	    (long long)r->opts.wanted);
	conn_tell_why(r->b, why, "read");
	return true;
}

void
relay_leave(struct relay *r)
{
	ev_io_stop(r->loop, &r->up.r);
	ev_io_stop(r->loop, &r->up.w);
	ev_timer_stop(r->loop, &r->up.more);
	ev_io_stop(r->loop, &r->down.r);
	ev_timer_stop(r->loop, &r->up.pause);
	(void)conn_shut(r->b);
	r->linger.repeat = ACK_POLL_S;
	ev_timer_again(r->loop, &r->linger);
}

/* Whoever does not wait for their end still wants to know what arrived. */
static void
on_linger(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct relay *r = t->data;
	struct why why = { 0 };
	char peer[ADDR_TEXT];

	(void)revents;
	if (relay_short(r, &why)) {
		relay_finish(r, &why);
		return;
	}
	if (!r->opts.program && conn_broke(r->b, &why) == 0 &&
	    conn_unacked(r->b) > 0) {
		t->repeat = ACK_POLL_S;
		if (r->overdue++ < RELAY_ACK_MS / 1000.0 / ACK_POLL_S) {
			ev_timer_again(loop, t);
			return;
		}
		why_set(&why, WHY_BROKEN, 0, "%s: not all that was sent has "
		    "been acknowledged", addr_text(&r->b->peer, peer));
		conn_tell_why(r->b, &why, "write");
	}
	relay_finish(r, &why);
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
	relay_flow_init(&r->up, r, a, b);
	relay_flow_init(&r->down, r, b, a);
	r->up.crlf = opts->crlf;
	r->up.pace = opts->pace;
	r->up.paced = opts->pace.rate > 0 || opts->pace.line_ms > 0;
	r->down.limited = opts->wanted > 0;
	if ((uint64_t)opts->wanted > b->in)
		r->down.left = (size_t)opts->wanted - b->in;
	/* The write end of a pipe is "readable" once its reader is gone. */
	ev_io_init(&r->gone, on_gone, conn_pipe_out(a), EV_READ);
	r->gone.data = r;
	if (conn_pipe_out(a) >= 0)
		ev_io_start(loop, &r->gone);
	ev_init(&r->idle, on_idle);
	r->idle.repeat = opts->idle_ms / 1000.0;
	r->idle.data = r;
	ev_init(&r->acked, on_acked);
	r->acked.repeat = ACK_POLL_S;
	r->acked.data = r;
	ev_init(&r->linger, on_linger);
	r->linger.repeat = opts->linger_ms / 1000.0;
	r->linger.data = r;
	relay_alive(r);
	if (relay_flow_start(&r->up) < 0 || relay_flow_start(&r->down) < 0) {
		relay_free(r);
		return NULL;
	}
	return r;
}

void
relay_free(struct relay *r)
{
	if (r == NULL)
		return;
	if (!r->over)
		stop(r);
	relay_left_stop(r);
	conn_close(r->b);
	conn_close(r->a);
	buf_free(&r->up.held);
	buf_free(&r->down.held);
	move_free(&r->up.move);
	move_free(&r->down.move);
	free(r);
}
