/* SPDX-License-Identifier: MIT */
#include "fetch/fetch.h"

#include <signal.h>

#include "base/clock.h"
#include "fetch/fetch_state.h"
#include "talk/talk.h"

#define READER_S 0.02	/* a named pipe is looked at so often */

static void
stop(struct fetch *f)
{
	f->state = FETCH_OVER;
	ev_io_stop(f->loop, &f->io);
	ev_io_stop(f->loop, &f->ready);
	ev_io_stop(f->loop, &f->gone);
	ev_timer_stop(f->loop, &f->idle);
	ev_timer_stop(f->loop, &f->reader);
	ev_timer_stop(f->loop, &f->more);
}

static void
fail(struct fetch *f, const struct why *why)
{
	stop(f);
	f->o.done(f->o.arg, why);
}

/*
 * The message has ended. What came behind it belongs to nobody (RFC 9112 6.3,
 * last paragraph); a look at the socket tells whether the server has closed
 * already, but it is not waited for. Of an encrypted connection it could only
 * tell that a close_notify is missing, which nothing depends on any more.
 */
static void
complete(struct fetch *f)
{
	const struct why fine = { 0 };
	struct why nothing = { 0 };

	if (f->pos < f->len) {
		talk_warn(f->c->talk, f->c->id, "extra",
		    "%zu bytes behind the end of the reply are not part "
		    "of it", f->len - f->pos);
		fetch_tell_part(f, "extra", f->buf + f->pos, f->len - f->pos);
	}
	fetch_tell_reply(f);
	if (talk_heard(f->c->talk) && !f->c->ended_in &&
	    conn_plain(f->c) >= 0) {
		ssize_t n = conn_read(f->c, f->buf + f->base, FETCH_READ,
		    &nothing);

		if (n > 0)
			fetch_tell_part(f, "extra", f->buf + f->base,
			    (size_t)n);
	}
	stop(f);
	f->o.done(f->o.arg, &fine);
}

static void
turn_away(struct fetch *f)
{
	const struct why fine = { 0 };

	fetch_tell_reply(f);
	stop(f);
	f->o.done(f->o.arg, &fine);
}

/* Offers what is held to the output; FETCH_AGAIN once it is all taken. */
static enum fetch_next
drain(struct fetch *f, struct why *why)
{
	while (f->nhold > 0) {
		ssize_t n = output_write(f->out, f->hold, f->nhold, why);

		if (n == CONN_LATER)
			return FETCH_WAIT;
		if (n < 0)
			return FETCH_FAILED;
		f->hold += n;
		f->nhold -= (size_t)n;
	}
	return FETCH_AGAIN;
}

static void
alive(struct fetch *f)
{
	if (f->o.idle_ms > 0 && f->state != FETCH_OVER)
		ev_timer_again(f->loop, &f->idle);
}

/* Either more is read, or the output is waited for, never both. */
static void
wait_for(struct fetch *f, enum fetch_next next)
{
	if (next == FETCH_MORE && f->state == FETCH_IN_BODY)
		f->pos = f->len = f->base;
	if (next == FETCH_MORE) {
		ev_io_stop(f->loop, &f->ready);
		ev_io_start(f->loop, &f->io);
		if (conn_pending(f->c))
			ev_timer_start(f->loop, &f->more);
		alive(f);
		return;
	}
	ev_io_stop(f->loop, &f->io);
	ev_timer_stop(f->loop, &f->more);
	ev_timer_stop(f->loop, &f->idle);	/* it is we who are slow */
	if (output_fd(f->out) < 0) {
		ev_timer_again(f->loop, &f->reader);
		return;
	}
	if (!ev_is_active(&f->ready))
		ev_io_set(&f->ready, output_fd(f->out), EV_WRITE);
	ev_io_start(f->loop, &f->ready);
}

static void
run(struct fetch *f)
{
	struct why why = { 0 };
	enum fetch_next next = FETCH_AGAIN;

	while (next == FETCH_AGAIN) {
		next = drain(f, &why);
		if (next != FETCH_AGAIN)
			break;
		next = fetch_step(f, &why);
	}
	if (next == FETCH_FAILED)
		fail(f, &why);
	else if (next == FETCH_COMPLETE)
		complete(f);
	else if (next == FETCH_UNWANTED)
		turn_away(f);
	else
		wait_for(f, next);
}

static void
at_end(struct fetch *f)
{
	struct why why = { 0 };

	if (f->state == FETCH_IN_BODY && f->res.head.body == HTTP_BODY_CLOSE) {
		complete(f);
		return;
	}
	fetch_cut(f, &why);
	fail(f, &why);
}

static void
on_readable(struct fetch *f)
{
	struct why why = { 0 };
	size_t room = f->state == FETCH_IN_HEAD ? FETCH_HEAD - f->len
	    : FETCH_READ;
	ssize_t n = conn_read(f->c, f->buf + f->len, room, &why);

	if (n == CONN_LATER)
		return;
	if (n < 0) {
		fetch_got(f, &why);
		fail(f, &why);
	} else if (n == 0)
		at_end(f);
	else {
		f->len += (size_t)n;
		run(f);
	}
}

static void
send_request(struct fetch *f)
{
	struct why why = { 0 };

	while (f->sent < f->o.request_len) {
		const char *p = f->o.request + f->sent;
		ssize_t n = conn_write(f->c, p, f->o.request_len - f->sent,
		    &why);

		if (n == CONN_LATER) {
			ev_io_start(f->loop, &f->io);
			return;
		}
		if (n < 0) {
			fail(f, &why);
			return;
		}
		fetch_tell_sent(f, f->o.shown + f->sent, (size_t)n);
		f->sent += (size_t)n;
		alive(f);
	}
	fetch_tell_request(f);
	f->asked_ns = clock_ns();
	f->state = FETCH_IN_HEAD;
	ev_io_stop(f->loop, &f->io);
	ev_io_set(&f->io, f->c->rfd, EV_READ);
	ev_io_start(f->loop, &f->io);
	if (conn_pending(f->c))
		ev_timer_start(f->loop, &f->more);
}

static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct fetch *f = w->data;

	(void)loop, (void)revents;
	if (f->state == FETCH_SENDING)
		send_request(f);
	else
		on_readable(f);
}

static void
on_more(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	on_readable(t->data);
}

static void
on_ready(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	run(w->data);
}

static void
on_reader(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)revents;
	ev_timer_stop(loop, t);
	run(t->data);
}

static void
on_gone(struct ev_loop *loop, ev_io *w, int revents)
{
	struct fetch *f = w->data;
	struct why why = { 0 };

	(void)revents;
	if (!output_lost(f->out)) {
		ev_io_stop(loop, w);	/* readable for another reason */
		return;
	}
	why_set(&why, WHY_SIGNAL, SIGPIPE, "stdout: nobody reads it any more");
	fail(f, &why);
}

static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct fetch *f = t->data;
	struct why why = { 0 };
	char peer[ADDR_TEXT];

	(void)loop, (void)revents;
	why_set(&why, WHY_TIMEOUT, 0, "%s: nothing came for %g s",
	    addr_text(&f->c->peer, peer), f->o.idle_ms / 1000.0);
	fetch_got(f, &why);
	conn_tell_why(f->c, &why, "idle");
	fail(f, &why);
}

struct fetch *
fetch_new(struct ev_loop *loop, struct conn *c, struct output *out,
    const struct fetch_opts *o)
{
	struct fetch *f = calloc(1, sizeof *f);

	if (f == NULL) {
		conn_close(c);
		return NULL;
	}
	f->loop = loop;
	f->c = c;
	f->out = out;
	f->o = *o;
	c->quiet = c->brief = true;	/* we know better what is what */
	c->src = "protocol";
	http_head_init(&f->res.head, f->field, &http_limits_client);
	ev_io_init(&f->io, on_io, c->wfd, EV_WRITE);
	ev_io_init(&f->ready, on_ready, -1, EV_WRITE);
	ev_io_init(&f->gone, on_gone, output_pipe(out), EV_READ);
	ev_init(&f->idle, on_idle);
	ev_init(&f->reader, on_reader);
	f->idle.repeat = o->idle_ms / 1000.0;
	ev_timer_init(&f->more, on_more, 0, 0);
	f->reader.repeat = READER_S;
	f->io.data = f->ready.data = f->gone.data = f;
	f->idle.data = f->reader.data = f->more.data = f;
	return f;
}

void
fetch_start(struct fetch *f)
{
	/* The write end of a pipe is "readable" once its reader is gone. */
	if (output_pipe(f->out) >= 0)
		ev_io_start(f->loop, &f->gone);
	alive(f);
	send_request(f);
}

unsigned
fetch_status(const struct fetch *f)
{
	return f->res.status;
}

const char *
fetch_reason(const struct fetch *f)
{
	return f->reason;
}

void
fetch_free(struct fetch *f)
{
	if (f == NULL)
		return;
	if (f->state != FETCH_OVER)
		stop(f);
	f->c->brief = false;
	conn_close(f->c);
	free(f);
}
