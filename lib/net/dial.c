/* SPDX-License-Identifier: MIT */
#include "net/dial_state.h"

#include <errno.h>

#include "base/clock.h"
#include "net/conn_wire.h"
#include "net/early.h"
#include "net/facts.h"
#include "net/proxy.h"
#include "net/sockopt.h"
#include "net/unix_socket.h"
#include "talk/talk.h"

void
dial_free(struct dial *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		attempt_give_up(&d->try[i]);
	ev_timer_stop(d->loop, &d->next);
	ev_timer_stop(d->loop, &d->lasting);
	ev_timer_stop(d->loop, &d->limit);
	proxy_free(d->proxy);
	free(d);
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
		attempt_give_up(&d->try[i]);
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
		c->called = true;
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

	attempt_fail(a, err);
	begin_next(d);
}

static void
on_answer(struct ev_loop *loop, ev_io *w, int revents)
{
	struct attempt *a = w->data;
	int err = attempt_answer(a);

	(void)loop, (void)revents;
	if (err == 0)
		win(a);
	else
		failed(a, err);
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
	attempt_give_up(a);
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
		if ((err = attempt_begin(a, on_answer)) == 0) {
			ev_io_start(d->loop, &a->io);
			again_after(d, DIAL_NEXT_MS);
			return;
		}
		if (err == EAGAIN && addr_family(&a->addr) == AF_UNIX) {
			stand_in_line(a);
			return;
		}
		attempt_fail(a, err);
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
		attempt_fail(a, ETIMEDOUT);
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
