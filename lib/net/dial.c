/* SPDX-License-Identifier: MIT */
#include "net/dial_state.h"

#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/conn_wire.h"
#include "net/early.h"
#include "net/facts.h"
#include "net/proxy.h"
#include "net/sockopt.h"
#include "net/unix_socket.h"
#include "talk/talk.h"

static void
give_up(struct attempt *a)
{
	if (a->fd < 0)
		return;
	ev_io_stop(a->dial->loop, &a->io);
	close(a->fd);
	a->fd = -1;
}

void
dial_free(struct dial *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		give_up(&d->try[i]);
	ev_timer_stop(d->loop, &d->next);
	ev_timer_stop(d->loop, &d->lasting);
	ev_timer_stop(d->loop, &d->limit);
	proxy_free(d->proxy);
	free(d);
}

/* It failed: nothing of it is kept but the cause, which is told. */
static void
end_attempt(struct attempt *a, int err)
{
	struct dial *d = a->dial;
	uint64_t took = clock_ns() - a->since;	/* before facts are looked up */
	struct facts f;

	a->err = err;
	d->last = (size_t)(a - d->try);
	/* What connect() itself refused never left. */
	if (ev_is_active(&a->io) || addr_family(&a->addr) == AF_UNIX)
		conn_wire_none(d->talk, a->fd, &a->addr, a->since, err);
	facts_of_call(&f, d->talk, a->fd, &a->addr, err);
	give_up(a);
	attempt_tell_failed(a, took, &f);
}

static void
finish(struct dial *d, struct conn *c, const struct why *why)
{
	const struct dial_opts o = d->opts;
	const struct why kept = *why;

	dial_free(d);
	o.done(o.arg, c, &kept);
}

static void
fail(struct dial *d)
{
	struct why why = { 0 };

	dial_explain(d, &why);
	finish(d, NULL, &why);
}

/* The other attempts are given up; what follows is up to the proxy. */
static void
ask_proxy(struct dial *d, struct conn *c)
{
	for (size_t i = 0; i < d->n; i++)
		give_up(&d->try[i]);
	ev_timer_stop(d->loop, &d->next);
	proxy_take(d->proxy, c);
}

static void
win(struct attempt *a)
{
	struct dial *d = a->dial;
	struct why why = { 0 };
	int fd = a->fd;
	struct unix_peer who = unix_peer(fd, &a->addr);
	struct facts f;
	struct conn *c;

	facts_of_call(&f, d->talk, fd, &a->addr, 0);
	ev_io_stop(d->loop, &a->io);
	a->fd = -1;
	if ((c = conn_tcp_new(fd, d->talk)) == NULL)
		why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	else {
		sockopt_settle(d->opts.sockopt, c);
		talk_tell(d->talk, &(struct talk_event){
		    .kind = TALK_CONNECTED, .conn = c->id,
		    .local = &c->local, .peer = &c->peer,
		    TALK_VALUES(TALK_I(TF_DUR_US,
		    (clock_ns() - a->since) / NS_PER_US),
		    TALK_I(TF_ATTEMPT, a - d->try + 1),
		    TALK_I(TF_OF, d->n), TALK_I(TF_EPHEMERAL_LOW, f.low),
		    TALK_I(TF_EPHEMERAL_HIGH, f.high),
		    TALK_I(TF_PID, who.pid),
		    TALK_I(TF_UID, who.uid), TALK_S(TF_CONGESTION,
		    c->reno ? CONN_LOOPBACK_CONGESTION : NULL)) });
		sockopt_tell_conn(d->opts.sockopt, c);
		early_sent(d->opts.early, c, a->early);
	}
	if (c != NULL && d->proxy != NULL)
		ask_proxy(d, c);
	else
		finish(d, c, &why);
}

static void	begin_next(struct dial *);

static void
failed(struct attempt *a, int err)
{
	struct dial *d = a->dial;

	end_attempt(a, err);
	begin_next(d);
}

/*
 * A socket that calls a free port of its own machine may be given that very
 * port and answer itself (simultaneous open, RFC 9293 3.5): nobody listens.
 */
static bool
self_connected(int fd)
{
	struct sockaddr_storage us = { 0 }, them = { 0 };
	socklen_t n = sizeof us, m = sizeof them;
	struct addr a, b;

	if (getsockname(fd, (struct sockaddr *)&us, &n) < 0 ||
	    us.ss_family == AF_UNIX ||
	    getpeername(fd, (struct sockaddr *)&them, &m) < 0)
		return false;
	addr_set(&a, (struct sockaddr *)&us, n);
	addr_set(&b, (struct sockaddr *)&them, m);
	return addr_equal(&a, &b);
}

static void
on_answer(struct ev_loop *loop, ev_io *w, int revents)
{
	struct attempt *a = w->data;
	socklen_t len = sizeof(int);
	int err = 0;

	(void)loop, (void)revents;
	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	a->itself = err == 0 && self_connected(a->fd);
	if (a->itself)
		err = ECONNREFUSED;
	if (err == 0)
		win(a);
	else
		failed(a, err);
}

static int
begin(struct attempt *a)
{
	const struct dial_opts *o = &a->dial->opts;
	struct sockaddr_storage to;
	struct addr from;
	int err;
	socklen_t len = addr_kernel(&a->addr, addr_family(&a->addr), &to);

	a->begun = true;
	if (a->since == 0)
		a->since = clock_ns();
	a->fd = socket(addr_family(&a->addr),
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    sockopt_protocol(o->sockopt, addr_family(&a->addr)));
	if (a->fd < 0)
		return errno;
	ev_io_init(&a->io, on_answer, a->fd, EV_WRITE);
	a->io.data = a;
	if (sockopt_apply(o->sockopt, a->fd, NULL) < 0)
		return errno;
	err = source_bind(&o->source, a->fd, addr_family(&a->addr), &from);
	if (err != 0) {
		a->at_source = true;
		return err;
	}
	return early_connect(o->early, a->fd, (struct sockaddr *)&to, len,
	    &a->early);
}

static bool
any_under_way(const struct dial *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->try[i].fd >= 0)
			return true;
	return false;
}

static void
again_after(struct dial *d, int ms)
{
	ev_timer_stop(d->loop, &d->next);
	ev_timer_set(&d->next, ms / 1000.0, 0);
	ev_timer_start(d->loop, &d->next);
}

/*
 * The accept queue of a Unix socket is full: unlike TCP, the kernel does not
 * wait there for us (connect(2), EAGAIN).
 */
static void
stand_in_line(struct attempt *a)
{
	give_up(a);
	a->begun = false;
	again_after(a->dial, DIAL_QUEUE_MS);
}

/* Begins the next attempt; with none left and none under way, that is it. */
static void
begin_next(struct dial *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct attempt *a = &d->try[i];
		int err;

		if (a->begun)
			continue;
		if (a->since == 0)
			talk_tell(d->talk, &(struct talk_event){
			    .kind = TALK_ATTEMPT, .wordy = true,
			    .peer = &a->addr,
			    TALK_VALUES(TALK_I(TF_ATTEMPT, i + 1),
			    TALK_I(TF_OF, d->n)) });
		if ((err = begin(a)) == 0) {
			ev_io_start(d->loop, &a->io);
			again_after(d, DIAL_NEXT_MS);
			return;
		}
		if (err == EAGAIN && addr_family(&a->addr) == AF_UNIX) {
			stand_in_line(a);
			return;
		}
		end_attempt(a, err);
	}
	ev_timer_stop(d->loop, &d->next);
	if (!any_under_way(d))
		fail(d);
}

static void
on_next(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	begin_next(t->data);
}

/* So long without an answer: a person would begin to wonder. */
static void
on_lasting(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct dial *d = t->data;

	(void)loop, (void)revents;
	for (size_t i = 0; i < d->n; i++)
		if (d->try[i].fd >= 0)
			attempt_tell_lasting(&d->try[i]);
}

/* Either way out, or the proxy wants to be called once more. */
static void
on_proxied(void *arg, enum proxy_verdict v, struct conn *c,
    const struct why *why)
{
	struct dial *d = arg;

	if (v != PROXY_AGAIN) {
		finish(d, c, why);
		return;
	}
	for (size_t i = 0; i < d->n; i++)
		d->try[i] = (struct attempt){ .dial = d, .fd = -1,
		    .addr = d->try[i].addr };
	begin_next(d);
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct dial *d = t->data;
	struct why why = { 0 };

	(void)loop, (void)revents;
	if (proxy_late(d->proxy, &why)) {
		finish(d, NULL, &why);
		return;
	}
	for (size_t i = 0; i < d->n; i++) {
		struct attempt *a = &d->try[i];

		if (a->fd < 0 && (a->begun || a->since == 0))
			continue;	/* failed, or its turn never came */
		end_attempt(a, ETIMEDOUT);
	}
	fail(d);
}

struct dial *
dial_new(struct ev_loop *loop, struct talk *talk, const struct resolve *to,
    const struct dial_opts *opts)
{
	struct dial *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	*d = (struct dial){ .loop = loop, .talk = talk, .opts = *opts,
	    .n = to->n };
	d->opts.proxy = NULL;		/* a copy is kept */
	if (opts->proxy != NULL && (d->proxy = proxy_new(loop, opts->proxy,
	    on_proxied, d)) == NULL) {
		free(d);
		return NULL;
	}
	for (size_t i = 0; i < to->n; i++)
		d->try[i] = (struct attempt){ .dial = d, .fd = -1,
		    .addr = to->addr[i] };
	/* From the loop, so that done never runs before this returns. */
	ev_timer_init(&d->next, on_next, 0, 0);
	ev_timer_init(&d->limit, on_limit, opts->timeout_ms / 1000.0, 0);
	ev_timer_init(&d->lasting, on_lasting, DIAL_LASTS_MS / 1000.0, 0);
	d->next.data = d->limit.data = d->lasting.data = d;
	ev_timer_start(loop, &d->next);
	ev_timer_start(loop, &d->lasting);
	if (opts->timeout_ms > 0)
		ev_timer_start(loop, &d->limit);
	return d;
}
