/* SPDX-License-Identifier: MIT */
#include "run/retry.h"

#include <errno.h>

#include "run/patience.h"
#include "run/session.h"

struct retry {
	struct session	*session;
	const struct reach_opts *how;
	struct addr_operand to;
	bool		 named;		/* to, to be looked up each time */
	struct reach	 at;
	struct patience	 patience;
	ev_timer	 pause;
	dial_done	*done;
	void		*arg;
};

bool
retry_wanted(const struct reach_opts *o)
{
	return o->retry > 0 || o->wait_ms > 0;
}

bool
retry_helps(const struct why *why)
{
	switch (why->kind) {
	case WHY_NAME: return why->err == EAGAIN;
	case WHY_REFUSED: return true;
	case WHY_TIMEOUT: return why->err == ETIMEDOUT;
	case WHY_UNREACHABLE:
		return why->err == EHOSTUNREACH || why->err == ENETUNREACH ||
		    why->err == EHOSTDOWN || why->err == ENETDOWN ||
		    why->err == ECONNRESET;
	default: return false;
	}
}

static void
finish(struct retry *r, struct conn *c, const struct why *why)
{
	const struct retry was = *r;

	ev_timer_stop(r->session->loop, &r->pause);
	free(r);
	was.done(was.arg, c, why);
}

static void
give_up(struct retry *r, const struct why *why)
{
	struct why all = { 0 };

	why_set(&all, why->kind, why->err, "%.210s; %d tries in %.1f s",
	    why->what, r->patience.tries,
	    patience_elapsed_ms(&r->patience) / 1000.0);
	why_hint(&all, "%s", why->hint);
	finish(r, NULL, r->patience.tries > 1 ? &all : why);
}

static void
wait_a_while(struct retry *r)
{
	struct session *s = r->session;
	int ms = patience_pause_ms(&r->patience, &s->talk, false);

	ev_now_update(s->loop);
	ev_timer_set(&r->pause, ms / 1000.0, 0);
	ev_timer_start(s->loop, &r->pause);
}

static void
failed(struct retry *r, const struct why *why)
{
	if (!retry_helps(why) || patience_over(&r->patience))
		give_up(r, why);
	else
		wait_a_while(r);
}

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct retry *r = arg;

	if (c != NULL)
		finish(r, c, why);
	else
		failed(r, why);
}

static int
dial(struct retry *r)
{
	r->patience.tries++;
	r->at.timeout_ms = patience_limit_ms(&r->patience,
	    r->how->timeout_ms);
	return reach_dial(r->session, &r->at, on_dialed, r) != NULL ? 0 : -1;
}

/* A resolver that is waited for must not keep ^C from ending us. */
static int
find_again(struct retry *r, struct why *why)
{
	struct session *s = r->session;
	struct why before = s->why;
	int found;

	why_clear(&s->why);
	session_signals(s, false);
	found = reach_find(s, &r->at, &r->to, r->how);
	session_signals(s, true);
	ev_now_update(s->loop);
	*why = s->why;
	s->why = before;
	return found;
}

static void
on_pause(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct retry *r = t->data;
	struct why why = { 0 };

	(void)loop, (void)revents;
	if (r->named && find_again(r, &why) < 0) {
		r->patience.tries++;
		failed(r, &why);
	} else if (dial(r) < 0) {
		why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
		finish(r, NULL, &why);
	}
}

int
retry(struct session *s, const struct retry_job *job)
{
	struct retry *r = calloc(1, sizeof *r);

	if (r == NULL)
		return -1;
	*r = (struct retry){ .session = s, .how = job->how,
	    .named = job->to != NULL, .patience = { .retry = job->how->retry,
	    .wait_ms = job->how->wait_ms, .began_ns = job->began_ns },
	    .done = job->done, .arg = job->arg };
	if (job->to != NULL)
		r->to = *job->to;
	ev_timer_init(&r->pause, on_pause, 0, 0);
	r->pause.data = r;
	if (job->failed != NULL) {
		r->patience.tries = 1;
		wait_a_while(r);
		return 0;
	}
	r->at = *job->at;
	if (dial(r) == 0)
		return 0;
	free(r);
	return -1;
}
