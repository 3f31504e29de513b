/* SPDX-License-Identifier: MIT */
#include "talk/text.h"

#include "base/tty.h"
#include "talk/text_sink.h"

enum { OUT_MAX = 4 * MIB };	/* an event's text; long ones leave in parts */

/* clang-format off */
static text_say *const says[TALK_KINDS] = {
	[TALK_RESOLVE]		= text_resolve,
	[TALK_RESOLVE_FAILED]	= text_resolve_failed,
	[TALK_ATTEMPT]		= text_attempt,
	[TALK_CONNECTED]	= text_connected,
	[TALK_TLS]		= text_tls,
	[TALK_TLS_FAILED]	= text_tls_failed,
	[TALK_REFUSED]		= text_refused,
	[TALK_UNREACHABLE]	= text_unreachable,
	[TALK_TIMEOUT]		= text_timeout,
	[TALK_DENIED]		= text_denied,
	[TALK_RETRY]		= text_retry,
	[TALK_BIND_FAILED]	= text_bind_failed,
	[TALK_CERTIFICATE]	= text_certificate,
	[TALK_LISTENING]	= text_listening,
	[TALK_ACCEPTED]		= text_accepted,
	[TALK_TURNED_AWAY]	= text_turned_away,
	[TALK_PROXY]		= text_proxy,
	[TALK_PROXY_FAILED]	= text_proxy,
	[TALK_SENDER]		= text_sender,
	[TALK_TELNET]		= text_telnet,
	[TALK_MODE]		= text_mode,
	[TALK_FILE]		= text_file,
	[TALK_HALF_CLOSED]	= text_half_closed,
	[TALK_CLOSED]		= text_closing,
	[TALK_AFTERLIFE]	= text_afterlife,
	[TALK_RESET]		= text_reset,
	[TALK_BROKEN]		= text_broken,
	[TALK_SPAWN]		= text_spawn,
	[TALK_EXIT]		= text_exit,
	[TALK_EXPECTED]		= text_expected,
	[TALK_UNMET]		= text_unmet,
	[TALK_IDLE]		= text_idle,
	[TALK_SIGNAL]		= text_signal,
	[TALK_NOTE]		= text_message,
	[TALK_WARNING]		= text_message,
	[TALK_ERROR]		= text_message,
	[TALK_SUMMARY]		= text_summary,
};
/* clang-format on */

static bool
any_count(const struct talk_event *e)
{
	return text_int(e, TF_CLIENTS) != TALK_UNKNOWN ||
	    text_int(e, TF_REQUESTS) != TALK_UNKNOWN ||
	    text_int(e, TF_OPEN) != TALK_UNKNOWN;
}

/* Has this event a line at all? */
static bool
told(const struct text *t, const struct talk_event *e)
{
	const char *source = talk_get_str(e, TF_SOURCE);

	if (talk_kinds[e->kind].verb == NULL || ((e->wordy ||
	    talk_kinds[e->kind].wordy) && t->o.verbose == 0 &&
	    (e->why == NULL || !t->o.explain)))
		return false;
	if (e->kind == TALK_SUMMARY)
		return any_count(e);
	return source == NULL || strcmp(source, "literal") != 0 ||
	    talk_get_str(e, TF_SERVICE) != NULL;
}

/* Below what it explains. */
static void
text_why(struct text *t, const struct talk_event *e)
{
	if (e->why == NULL || !t->o.explain)
		return;
	text_break(t);
	text_below(t, false);
	text_put(t, "why: ");
	text_own(t, e->why);
	text_end(t);
}

/* UDP learns only after sending that nobody was there. */
static bool
undelivered(const struct talk_event *e)
{
	const char *phase = talk_get_str(e, TF_PHASE);

	return (e->kind == TALK_REFUSED || e->kind == TALK_UNREACHABLE ||
	    e->kind == TALK_DENIED) && text_is_udp(e) &&
	    phase != NULL && strcmp(phase, "read") == 0;
}

/* The terminal has written "^C" where the cursor was. */
static void
after_key(struct text *t)
{
	if (t->open == NULL && t->o.tty && !text_edited(t) &&
	    tty_echoes(t->o.fd))
		text_put(t, "\n");
}

static void
say(struct text *t, const struct talk_event *e)
{
	const struct talk_kind_info *k = &talk_kinds[e->kind];
	enum text_mark m = k->trouble ? MARK_TROUBLE :
	    e->kind == TALK_TELNET || e->kind == TALK_PROXY ? text_way(e) :
	    MARK_EVENT;

	if (e->kind == TALK_SIGNAL)
		after_key(t);
	if (undelivered(e)) {
		text_begin(t, e, m, e->kind == TALK_REFUSED ? "refused" :
		    "lost");
		text_undelivered(t, e);
	} else {
		text_begin(t, e, m, k->verb);
		says[e->kind](t, e);
	}
	text_end(t);
}

static void
advice(struct text *t, const char *try)
{
	text_below(t, false);
	text_put(t, "try: ");
	text_own(t, try);
	text_end(t);
}

/* The ends of streams come before the line that tells of them. */
static void
end_streams(struct text *t, const struct talk_event *e)
{
	const char *who = talk_get_str(e, TF_WHO);

	switch (e->kind) {
	case TALK_HALF_CLOSED:
		text_half(t, e, who != NULL && strcmp(who, "us") == 0);
		break;
	case TALK_RESET:
	case TALK_BROKEN:
		text_half(t, e, false);
		text_half(t, e, true);
		break;
	case TALK_CLOSED:
		text_closed(t, e);
		break;
	default:
		break;
	}
}

/* What was typed goes out, or was a command to us. */
static bool
typed(const struct talk_event *e)
{
	const char *src = talk_get_str(e, TF_SRC);

	return e->kind == TALK_NOTE || ((e->kind == TALK_SENT ||
	    e->kind == TALK_DATAGRAM_OUT) &&
	    src != NULL && strcmp(src, "stdin") == 0);
}

static void
show(struct text *t, const struct talk_event *e)
{
	if (e->kind == TALK_SENT || e->kind == TALK_RECEIVED)
		text_payload(t, e);
	else if (e->kind == TALK_DATAGRAM_IN || e->kind == TALK_DATAGRAM_OUT)
		text_datagram(t, e);
	else if (!text_table(t, e)) {
		bool http = e->kind == TALK_HTTP;

		/* A client shows the heads themselves instead. */
		if (http ? text_http_told(e) : told(t, e)) {
			text_tell_hidden(t, e);
			(http ? text_http : say)(t, e);
		} else if (!http)
			return;
	}
	text_why(t, e);
	if (talk_get_str(e, TF_TRY) != NULL)
		advice(t, talk_get_str(e, TF_TRY));
}

static int
tell(struct talk_sink *talk, const struct talk_event *e)
{
	struct text *t = (struct text *)talk;

	t->last = (struct talk_event){ .t_ns = e->t_ns,
		.wall_ns = e->wall_ns };
	text_let_go_before(t, e);
	if (e->shown == TALK_SEEN_LINE || e->shown == TALK_NEW_LINE)
		text_seen(t);
	if (e->shown >= TALK_SEEN || e->told)
		return 0;
	if (t->o.typed && !text_edited(t) && typed(e))
		text_seen(t);
	end_streams(t, e);
	show(t, e);
	text_flush(t);
	return t->failed ? -1 : 0;
}

static int
settle(struct talk_sink *talk)
{
	struct text *t = (struct text *)talk;

	text_let_due_go(t, UINT64_MAX);
	text_break(t);
	text_flush(t);
	return t->failed ? -1 : 0;
}

static int
late(struct talk_sink *talk, uint64_t t_ns)
{
	struct text *t = (struct text *)talk;

	text_let_due_go(t, t_ns);
	if (t->held != NULL && t->o.later != NULL)
		t->o.later(t->o.arg);
	text_flush(t);
	return t->failed ? -1 : 0;
}

static void
end(struct talk_sink *talk)
{
	struct text *t = (struct text *)talk;

	if (!t->failed) {
		text_let_due_go(t, UINT64_MAX);
		text_tell_hidden(t, &t->last);
		text_break(t);
		text_flush(t);
	}
	text_forget(t);
	buf_free(&t->out);
	free(t);
}

struct talk_sink *
talk_text_new(const struct talk_text_opts *o)
{
	struct text *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->talk = (struct talk_sink){ .wants_bytes = o->payload, .tell = tell,
		.settle = settle, .late = late, .end = end };
	t->o = *o;
	if (t->o.peer_word == NULL)
		t->o.peer_word = "the peer";
	t->first = true;
	buf_init(&t->out, OUT_MAX);
	return &t->talk;
}
