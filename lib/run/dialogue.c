/* SPDX-License-Identifier: MIT */
#include "run/dialogue.h"

#include <errno.h>
#include <ev.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/vis.h"
#include "net/conn.h"
#include "proto/escape.h"
#include "proto/expect.h"
#include "run/session.h"

enum {
	READ = 16 * KIB,	/* bytes asked for at a time */
	AWAITED = 64,		/* of a text that is told in a message */
};

struct dialogue {
	struct session	*session;
	struct conn	*we, *c;
	struct dialogue_opts opts;
	size_t		 step;
	bool		 begun;		/* the step in hand */
	uint64_t	 since_ns;	/* it was */
	struct expect	 expect;
	struct last_line last;
	char		 chunk[READ];	/* what came last; looked at up to */
	size_t		 at, n;
	struct buf	 shown, said;	/* on their way to stdout; to them */
	ev_io		 r, w, show;
	ev_timer	 idle, more;
};

static const char *
add(const struct opt *o, const char *arg, bool expect)
{
	struct dialogue_script *s = o->to;
	char text[DIALOGUE_TEXT];
	size_t n;
	const char *bad = escape_decode(arg, text, sizeof text, &n);

	if (bad == NULL && n == 0)
		bad = "empty";
	if (bad == NULL && s->n == NELEMS(s->step))
		bad = "one too many: 64 of --send and --expect are the limit";
	if (bad == NULL)
		s->step[s->n++] = (struct dialogue_step){ expect, arg };
	return bad;
}

const char *
dialogue_add_send(const struct opt *o, const char *arg)
{
	return add(o, arg, false);
}

const char *
dialogue_add_expect(const struct opt *o, const char *arg)
{
	return add(o, arg, true);
}

static void
finish(struct dialogue *d, const struct why *why)
{
	struct dialogue_opts o = d->opts;

	dialogue_free(d);
	o.done(o.arg, why);
}

static const struct dialogue_step *
step_of(const struct dialogue *d)
{
	return &d->opts.script->step[d->step];
}

static void
tell(struct dialogue *d, enum talk_kind kind, const char *text)
{
	talk_tell(&d->session->talk, &(struct talk_event){ .kind = kind,
	    .conn = d->c->id, TALK_VALUES(
	    TALK_S(TF_AWAITED, step_of(d)->text),
	    TALK_I(TF_DUR_US, (clock_ns() - d->since_ns) / NS_PER_US),
	    TALK_S(TF_TEXT, text)) });
}

/* reason: "the other side has ended". */
static void
set_unmet(struct dialogue *d, struct why *why, const char *reason)
{
	const char *text = step_of(d)->text;
	char awaited[AWAITED], line[EXPECT_LINE];

	vis_str(awaited, sizeof awaited, text, strlen(text));
	vis_str(line, sizeof line, d->last.text, d->last.n);
	tell(d, TALK_UNMET, reason);
	if (d->last.n > 0)
		why_set(why, WHY_NO, 0, "--expect '%s': %s; the last line "
		    "was '%s'", awaited, reason, line);
	else
		why_set(why, WHY_NO, 0, "--expect '%s': %s; no line had come",
		    awaited, reason);
}

static void
unmet(struct dialogue *d, const char *reason)
{
	struct why why = { 0 };

	set_unmet(d, &why, reason);
	finish(d, &why);
}

static void
alive(struct dialogue *d)
{
	if (d->opts.idle_ms > 0)
		ev_timer_again(d->session->loop, &d->idle);
}

/* 0: all of it is out; CONN_LATER; -1: the cause is in why. */
static int
drain(struct dialogue *d, struct buf *b, struct conn *to, struct why *why)
{
	while (b->len > 0) {
		ssize_t n = conn_write(to, buf_head(b), b->len, why);

		if (n < 0)
			return (int)n;
		buf_drop(b, (size_t)n);
		alive(d);
	}
	return 0;
}

static int
say(struct dialogue *d, const char *text, struct why *why)
{
	char bytes[DIALOGUE_TEXT];
	size_t n = 0;
	bool bad = escape_decode(text, bytes, sizeof bytes, &n) != NULL;

	for (size_t i = 0; i < n && !bad; i++) {
		if (d->opts.crlf && bytes[i] == '\n' &&
		    (i == 0 || bytes[i - 1] != '\r'))
			bad = buf_add(&d->said, "\r", 1) < 0;
		bad = bad || buf_add(&d->said, &bytes[i], 1) < 0;
	}
	return bad ? why_set(why, WHY_LOCAL, ENOMEM, "out of memory") : 0;
}

static int
begin_step(struct dialogue *d, struct why *why)
{
	const struct dialogue_step *s = step_of(d);
	char bytes[DIALOGUE_TEXT];
	size_t n;

	d->begun = true;
	d->since_ns = clock_ns();
	if (!s->expect)
		return say(d, s->text, why);
	if (escape_decode(s->text, bytes, sizeof bytes, &n) == NULL)
		expect_init(&d->expect, bytes, n);
	return 0;
}

/* The step in hand: 0, it is done; CONN_LATER; -1. */
static int
go_on(struct dialogue *d, struct why *why)
{
	if (!d->begun && begin_step(d, why) < 0)
		return -1;
	if (!step_of(d)->expect)
		return drain(d, &d->said, d->c, why);
	d->at += expect_feed(&d->expect, d->chunk + d->at, d->n - d->at);
	if (!expect_met(&d->expect))
		return CONN_LATER;
	tell(d, TALK_EXPECTED, NULL);
	return 0;
}

static void
watch(struct ev_loop *loop, ev_io *w, bool on)
{
	if (on)
		ev_io_start(loop, w);
	else
		ev_io_stop(loop, w);
}

/* More is read once what came is with stdout, and is needed. */
static void
arrange(struct dialogue *d, bool reads)
{
	struct ev_loop *loop = d->session->loop;

	watch(loop, &d->show, d->shown.len > 0);
	watch(loop, &d->w, d->said.len > 0);
	watch(loop, &d->r, reads && d->shown.len == 0);
	if (ev_is_active(&d->r) && conn_pending(d->c))
		ev_timer_start(loop, &d->more);
}

static void
turn(struct dialogue *d)
{
	size_t steps = d->opts.script->n;
	struct why why = { 0 };
	int r = drain(d, &d->shown, d->we, &why) == -1 ? -1 : 0;

	while (r == 0 && d->step < steps) {
		if ((r = go_on(d, &why)) == 0) {
			d->step++;
			d->begun = false;
		}
	}
	if (r == -1 || (d->step == steps && d->shown.len == 0))
		finish(d, &why);
	else
		arrange(d, d->step < steps && step_of(d)->expect);
}

static void
read_some(struct dialogue *d)
{
	struct why why = { 0 };
	size_t most = sizeof d->chunk;
	ssize_t n;

	if (d->opts.wanted > 0 && (uint64_t)d->opts.wanted - d->c->in < most)
		most = (size_t)d->opts.wanted - d->c->in;
	if (most == 0) {
		unmet(d, "not in the bytes that --read-bytes wants");
		return;
	}
	n = conn_read(d->c, d->chunk, most, &why);
	if (n == CONN_LATER)
		return;
	if (n == 0) {
		unmet(d, "the other side has ended");
		return;
	}
	if (n > 0 && buf_add(&d->shown, d->chunk, (size_t)n) < 0)
		why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	if (why.kind != WHY_NONE) {
		finish(d, &why);
		return;
	}
	d->at = 0;
	d->n = (size_t)n;
	last_line_feed(&d->last, d->chunk, d->n);
	alive(d);
	turn(d);
}

static void
on_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	read_some(w->data);
}

static void
on_more(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct dialogue *d = t->data;

	(void)loop, (void)revents;
	if (ev_is_active(&d->r))
		read_some(d);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	turn(w->data);
}

/* Waiting to be rid of what we say is no answer, but a failure. */
static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct dialogue *d = t->data;
	struct why why = { 0 };
	char text[64];

	(void)loop, (void)revents;
	snprintf(text, sizeof text, "nothing came or went for %g s",
	    d->opts.idle_ms / 1000.0);
	if (d->step < d->opts.script->n && step_of(d)->expect) {
		unmet(d, text);
		return;
	}
	why_set(&why, WHY_TIMEOUT, 0, "%s", text);
	conn_tell_why(d->c, &why, "idle");
	finish(d, &why);
}

/* --timeout has passed, or a signal came. */
static void
on_stop(struct session *s)
{
	struct dialogue *d = s->arg;
	char text[64];

	if (s->why.kind == WHY_TIMEOUT && d->step < d->opts.script->n &&
	    step_of(d)->expect) {
		why_clear(&s->why);
		snprintf(text, sizeof text, "not within %g s (--timeout)",
		    s->limit_ms / 1000.0);
		set_unmet(d, &s->why, text);
	}
	session_leave(s, NULL);
}

struct dialogue *
dialogue_new(struct session *s, struct conn *we, struct conn *c,
    const struct dialogue_opts *o)
{
	struct dialogue *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	*d = (struct dialogue){ .session = s, .we = we, .c = c, .opts = *o,
	    .shown = BUF_MAX(READ), .said = BUF_MAX(2 * DIALOGUE_TEXT) };
	c->src = "send";
	s->stop = on_stop;
	s->arg = d;
	ev_io_init(&d->r, on_readable, c->rfd, EV_READ);
	ev_io_init(&d->w, on_writable, c->wfd, EV_WRITE);
	ev_io_init(&d->show, on_writable, we->wfd, EV_WRITE);
	ev_timer_init(&d->more, on_more, 0, 0);
	ev_init(&d->idle, on_idle);
	d->idle.repeat = o->idle_ms / 1000.0;
	d->r.data = d->w.data = d->show.data = d;
	d->more.data = d->idle.data = d;
	alive(d);
	ev_io_start(s->loop, &d->w);	/* done never comes from within */
	return d;
}

void
dialogue_free(struct dialogue *d)
{
	struct ev_loop *loop;

	if (d == NULL)
		return;
	loop = d->session->loop;
	d->session->stop = NULL;
	ev_io_stop(loop, &d->r);
	ev_io_stop(loop, &d->w);
	ev_io_stop(loop, &d->show);
	ev_timer_stop(loop, &d->more);
	ev_timer_stop(loop, &d->idle);
	buf_free(&d->shown);
	buf_free(&d->said);
	free(d);
}
