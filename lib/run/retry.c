/* SPDX-License-Identifier: MIT */
#include "run/retry.h"

#include <errno.h>

#include "base/clock.h"
#include "run/session.h"

struct retry {
	struct session	*session;
	const struct reach_opts *how;
	struct addr_operand to;
	bool		 named;		/* to, to be looked up each time */
	struct reach	 at;
	uint64_t	 began_ns;
	int		 tries, pause_ms;
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

static int
elapsed_ms(const struct retry *r)
{
	return (int)((clock_ns() - r->began_ns) / NS_PER_MS);
}

static bool
exhausted(const struct retry *r)
{
	return (r->how->retry > 0 && r->tries > r->how->retry) ||
	    (r->how->wait_ms > 0 && elapsed_ms(r) >= r->how->wait_ms);
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
	    why->what, r->tries, elapsed_ms(r) / 1000.0);
	why_hint(&all, "%s", why->hint);
	finish(r, NULL, r->tries > 1 ? &all : why);
}

/* The last try begins when the time is over. */
static void
wait_a_while(struct retry *r)
{
	struct session *s = r->session;
	int left = r->how->wait_ms - elapsed_ms(r);

	if (r->how->wait_ms > 0 && r->pause_ms > left)
		r->pause_ms = left > 0 ? left : 0;
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_RETRY,
	    TALK_VALUES(TALK_I(TF_TRIES, r->tries),
	    TALK_I(TF_PAUSE_US, (int64_t)r->pause_ms * 1000)) });
	ev_now_update(s->loop);
	ev_timer_set(&r->pause, r->pause_ms / 1000.0, 0);
	ev_timer_start(s->loop, &r->pause);
	r->pause_ms *= 2;
	if (r->pause_ms > RETRY_PAUSE_MS)
		r->pause_ms = RETRY_PAUSE_MS;
}

static void
failed(struct retry *r, const struct why *why)
{
	if (!retry_helps(why) || exhausted(r))
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

/* No longer than --connect-timeout says, nor than --wait has left. */
static int
limit_ms(const struct retry *r)
{
	int left = r->how->wait_ms - elapsed_ms(r), own = r->how->timeout_ms;

	if (r->how->wait_ms == 0)
		return own;
	if (left < RETRY_LEAST_MS)
		left = RETRY_LEAST_MS;
	return own == 0 || left < own ? left : own;
}

static int
dial(struct retry *r)
{
	r->tries++;
	r->at.timeout_ms = limit_ms(r);
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
		r->tries++;
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
	    .named = job->to != NULL, .began_ns = job->began_ns,
	    .pause_ms = RETRY_FIRST_MS, .done = job->done, .arg = job->arg };
	if (job->to != NULL)
		r->to = *job->to;
	ev_timer_init(&r->pause, on_pause, 0, 0);
	r->pause.data = r;
	if (job->failed != NULL) {
		r->tries = 1;
		wait_a_while(r);
		return 0;
	}
	r->at = *job->at;
	if (dial(r) == 0)
		return 0;
	free(r);
	return -1;
}
