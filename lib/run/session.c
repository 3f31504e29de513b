/* SPDX-License-Identifier: MIT */
#include "run/session.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/tty.h"
#include "base/vis.h"
#include "run/sinks.h"
#include "talk/explain.h"
#include "talk/json.h"
#include "talk/text.h"

static void
leave(struct session *s)
{
	s->left = true;
	ev_break(s->loop, EVBREAK_ALL);
}

static void
stop(struct session *s)
{
	if (s->stop == NULL || s->stopping) {
		leave(s);
		return;
	}
	s->stopping = true;
	s->stop(s);
}

static void
signalled(struct session *s, int sig)
{
	char name[16];

	snprintf(name, sizeof name, "SIG%s", sigabbrev_np(sig));
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_SIGNAL,
	    TALK_VALUES(TALK_S(TF_NAME, name),
	    TALK_I(TF_OPEN, s->talk.open)) });
	why_set(&s->why, WHY_SIGNAL, sig, "ended by %s", name);
	stop(s);
}

static void
on_signal(struct ev_loop *loop, ev_signal *w, int revents)
{
	(void)loop, (void)revents;
	signalled(w->data, w->signum);
}

void
session_quit(struct session *s)
{
	signalled(s, SIGQUIT);
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct session *s = t->data;

	(void)loop, (void)revents;
	why_set(&s->why, WHY_TIMEOUT, 0, "not done after %g s (--timeout)",
	    s->limit_ms / 1000.0);
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_TIMEOUT,
	    TALK_VALUES(TALK_S(TF_PHASE, "run"),
	    TALK_I(TF_DUR_US, (int64_t)s->limit_ms * 1000)) });
	stop(s);
}

static void
lost_stdout(struct session *s)
{
	if (s->talk.lost == 0 || s->out == SESSION_BYTES)
		return;		/* what stderr loses changes nothing */
	if (s->talk.lost == EPIPE)
		why_set(&s->why, WHY_SIGNAL, SIGPIPE,
		    "stdout: nobody reads it any more");
	else
		why_sys(&s->why, WHY_LOCAL, s->talk.lost, "stdout");
}

/* A file beside stdout is full: the conversation goes on without it. */
static void
lost_file(struct session *s)
{
	char safe[128];

	if (s->talk.file_lost == 0 || s->file_lost)
		return;
	s->file_lost = true;
	vis_str(safe, sizeof safe, s->talk.file, strlen(s->talk.file));
	talk_warn(&s->talk, 0, "file", "%s is not written any further: %s",
	    safe, errno_symbol(s->talk.file_lost));
	if (s->why.kind == WHY_NONE)
		why_sys(&s->why, WHY_LOCAL, s->talk.file_lost, "%s", safe);
}

static void
on_check(struct ev_loop *loop, ev_check *w, int revents)
{
	struct session *s = w->data;

	(void)loop, (void)revents;
	lost_stdout(s);
	lost_file(s);
	if (s->talk.lost != 0 && s->out != SESSION_BYTES)
		leave(s);
}

static void
on_late(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct session *s = t->data;

	(void)loop, (void)revents;
	ev_ref(s->loop);
	talk_late(&s->talk);
}

static void
watch(struct session *s)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < NELEMS(signals); i++) {
		ev_signal_init(&s->sig[i], on_signal, signals[i]);
		s->sig[i].data = s;
	}
	ev_init(&s->limit, on_limit);
	ev_init(&s->late, on_late);
	s->late.data = s;
	ev_check_init(&s->check, on_check);
	s->limit.data = s->check.data = s;
	ev_check_start(s->loop, &s->check);
	ev_unref(s->loop);
}

int
session_open(struct session *s, const struct session_opts *o,
    const struct session_for *f)
{
	*s = (struct session){ .out = sinks_out(o), .quiet = o->quiet,
		.typed = tty_is(STDIN_FILENO) };
	talk_init(&s->talk);
	signal(SIGPIPE, SIG_IGN);
	if ((s->loop = ev_default_loop(EVFLAG_NOENV)) == NULL)
		return why_set(&s->why, WHY_LOCAL, errno,
		    "no event loop: %s", errno_symbol(errno));
	watch(s);
	if (o->explain && (s->talk.explain = explain_new()) == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	if (f->replays)
		return 0;
	s->facts[0] = (struct talk_value)TALK_I(TF_SCHEMA, TALK_JSON_SCHEMA);
	s->facts[1] = (struct talk_value)TALK_S(TF_VERSION, VERSION);
	s->facts[2] = (struct talk_value)TALK_S(TF_COMMAND, f->command);
	s->facts[3] = (struct talk_value)TALK_SS(TF_ARGV, f->argv,
	    (size_t)f->argc);
	s->facts[4] = (struct talk_value){ .field = TF_END };
	s->start = (struct talk_event){ .kind = TALK_START,
		.values = s->facts };
	talk_first(&s->talk, &s->start);
	return sinks_add(s, o, f);
}

void
session_limit(struct session *s, int ms)
{
	s->limit_ms = ms;
	if (ms == 0)
		return;
	ev_timer_set(&s->limit, ms / 1000.0, 0);
	ev_timer_start(s->loop, &s->limit);
	ev_unref(s->loop);
}

void
session_later(void *session)
{
	struct session *s = session;

	if (ev_is_active(&s->late))
		return;
	ev_timer_set(&s->late, TALK_TEXT_HOLD_MS / 1000.0, 0);
	ev_timer_start(s->loop, &s->late);
	ev_unref(s->loop);	/* nothing waits for it */
}

void
session_signals(struct session *s, bool ours)
{
	for (size_t i = 0; i < NELEMS(s->sig); i++) {
		if (ours) {
			ev_signal_start(s->loop, &s->sig[i]);
			ev_unref(s->loop);
		} else {
			ev_ref(s->loop);
			ev_signal_stop(s->loop, &s->sig[i]);
		}
	}
}

void
session_run(struct session *s)
{
	session_signals(s, true);
	ev_run(s->loop, 0);
	session_signals(s, false);
}

void
session_leave(struct session *s, const struct why *why)
{
	if (why != NULL && why->kind != WHY_NONE && s->why.kind == WHY_NONE)
		s->why = *why;
	leave(s);
}

void
session_count(struct session *s, enum talk_field f, int64_t n)
{
	assert(s->ncounts < NELEMS(s->counts) - 2);
	s->counts[s->ncounts++] = (struct talk_value)TALK_I(f, n);
}

static void
summarise(struct session *s)
{
	s->counts[s->ncounts++] =
	    (struct talk_value)TALK_I(TF_EXIT, why_status(&s->why));
	s->counts[s->ncounts] = (struct talk_value){ .field = TF_END };
	if (!s->talk.over)
		talk_tell(&s->talk, &(struct talk_event){
		    .kind = TALK_SUMMARY, .values = s->counts });
}

int
session_close(struct session *s)
{
	lost_stdout(s);
	lost_file(s);
	/* A wrong command line is no run, and nothing to tell of. */
	if (s->why.kind != WHY_USAGE || s->talk.n > 0)
		summarise(s);
	talk_end(&s->talk);
	lost_stdout(s);
	lost_file(s);
	return why_status(&s->why);
}
