/* SPDX-License-Identifier: MIT */
#include "net/upgrade.h"

#include <errno.h>
#include <ev.h>

#include "base/clock.h"
#include "base/vis.h"
#include "net/conn.h"
#include "net/tls_state.h"
#include "talk/talk.h"

enum { SAID = 120 };		/* bytes of their words in a sentence */

struct upgrade {
	struct ev_loop	*loop;
	struct conn	*conn;
	struct upgrade_opts opts;
	struct starttls	 dialogue;
	char		 name[ADDR_HOST];
	bool		 crlf;		/* of the conn, for afterwards */
	uint64_t	 since_ns;
	ev_io		 io;
	ev_timer	 limit;
	size_t		 at, len;	/* of words: said, and in all */
	size_t		 n;		/* of the answer */
	char		 words[STARTTLS_WORDS];
	char		 answer[STARTTLS_ANSWER];
};

static void
stop(struct upgrade *u)
{
	ev_io_stop(u->loop, &u->io);
	ev_timer_stop(u->loop, &u->limit);
}

static void
give_up(struct upgrade *u, const struct why *why)
{
	const struct upgrade_opts o = u->opts;

	stop(u);
	conn_close(u->conn);
	free(u);
	o.done(o.arg, NULL, why);
}

static void
agree(struct upgrade *u)
{
	const struct upgrade_opts o = u->opts;
	const struct why fine = { 0 };
	struct conn *c = u->conn;

	stop(u);
	c->crlf = u->crlf;
	free(u);
	o.done(o.arg, c, &fine);
}

/* The answer's fault in a sentence. Returns the word for it. */
static const char *
sentence(char dst[static TLS_TEXT], const struct starttls *s,
    enum starttls_state state)
{
	const char *result = starttls_result(s->code);
	const char *name = starttls_name(s->proto);
	char safe[SAID];

	vis_str(safe, sizeof safe, s->said != NULL ? s->said : "",
	    s->said_len);
	switch (state) {
	case STARTTLS_NOT_OFFERED:
		snprintf(dst, TLS_TEXT, "it does not offer STARTTLS");
		return "not-offered";
	case STARTTLS_REFUSED:
		if (s->code != 0)
			snprintf(dst, TLS_TEXT, "it refused: result %u%s%s%s, "
			    "'%s'", s->code, result != NULL ? " (" : "",
			    result != NULL ? result : "",
			    result != NULL ? ")" : "", safe);
		else
			snprintf(dst, TLS_TEXT, "it refused: '%s'", safe);
		return "refused";
	case STARTTLS_LONG:
		snprintf(dst, TLS_TEXT, "its answer is longer than %d KiB",
		    STARTTLS_ANSWER / (int)KIB);
		return "too-long";
	case STARTTLS_BEHIND:
		snprintf(dst, TLS_TEXT, "behind its answer it went on in "
		    "clear, or somebody did: '%s'", safe);
		return "injected";
	default:
		snprintf(dst, TLS_TEXT, "it does not speak %s, it said '%s'",
		    name, safe);
		return "strange";
	}
}

static void
tell(struct upgrade *u, const char *code, const char *text)
{
	talk_tell(u->conn->talk, &(struct talk_event){ .kind = TALK_TLS_FAILED,
	    .conn = u->conn->id, .peer = &u->conn->peer,
	    TALK_VALUES(TALK_S(TF_CODE, code), TALK_S(TF_TEXT, text),
	    TALK_I(TF_DUR_US, (clock_ns() - u->since_ns) / NS_PER_US)) });
}

static void
fail(struct upgrade *u, enum why_kind kind, const char *code,
    const char *text)
{
	char at[TLS_WHOM];
	struct why why = { 0 };

	tell(u, code, text);
	why_set(&why, kind, 0, "starttls %.80s: %.160s",
	    tls_whom(at, u->conn, u->name), text);
	give_up(u, &why);
}

static void
await(struct upgrade *u, int events)
{
	ev_io_stop(u->loop, &u->io);
	ev_io_set(&u->io, u->conn->rfd, events);
	ev_io_start(u->loop, &u->io);
}

/* Our turn; or theirs, where we have nothing to say. */
static void
speak(struct upgrade *u)
{
	u->n = u->at = 0;
	u->len = starttls_words(&u->dialogue, u->name, u->words);
	await(u, u->len > 0 ? EV_WRITE : EV_READ);
}

static void
write_words(struct upgrade *u)
{
	struct why why = { 0 };
	ssize_t r = conn_write(u->conn, u->words + u->at, u->len - u->at, &why);

	if (r == -1) {
		give_up(u, &why);
		return;
	}
	if (r > 0)
		u->at += (size_t)r;
	if (u->at == u->len)
		await(u, EV_READ);
}

static void
read_answer(struct upgrade *u)
{
	enum starttls_state state;
	struct why why = { 0 };
	char text[TLS_TEXT];
	ssize_t r = conn_read(u->conn, u->answer + u->n,
	    sizeof u->answer - u->n, &why);

	if (r == -1) {
		give_up(u, &why);
		return;
	}
	if (r == 0) {
		fail(u, WHY_TLS, "early-end", "it went before TLS was agreed "
		    "on");
		return;
	}
	if (r == CONN_LATER)
		return;
	u->n += (size_t)r;
	state = starttls_answer(&u->dialogue, u->answer, u->n);
	if (state == STARTTLS_AGREED)
		agree(u);
	else if (state == STARTTLS_SPEAK)
		speak(u);
	else if (state != STARTTLS_MORE) {
		const char *code = sentence(text, &u->dialogue, state);

		fail(u, state == STARTTLS_REFUSED ||
		    state == STARTTLS_NOT_OFFERED ? WHY_TLS : WHY_PROTOCOL,
		    code, text);
	}
}

static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct upgrade *u = w->data;

	(void)loop, (void)revents;
	if (u->at < u->len)
		write_words(u);
	else
		read_answer(u);
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct upgrade *u = t->data;
	struct why why = { 0 };
	char at[TLS_WHOM];

	(void)loop, (void)revents;
	why_set(&why, WHY_TIMEOUT, ETIMEDOUT, "starttls %.80s: TLS was not "
	    "agreed on in time (--connect-timeout)",
	    tls_whom(at, u->conn, u->name));
	if (u->conn->in == 0)
		why_hint(&why, "if it speaks TLS from the start: --tls");
	conn_tell_why(u->conn, &why, "starttls");
	give_up(u, &why);
}

struct upgrade *
upgrade_new(struct ev_loop *loop, struct conn *c,
    const struct upgrade_opts *o)
{
	struct upgrade *u = calloc(1, sizeof *u);

	if (u == NULL) {
		conn_close(c);
		return NULL;
	}
	u->loop = loop;
	u->conn = c;
	u->opts = *o;
	u->since_ns = clock_ns();
	u->crlf = c->crlf;
	c->crlf = o->proto <= STARTTLS_FTP;
	snprintf(u->name, sizeof u->name, "%s", o->name);
	starttls_init(&u->dialogue, o->proto);
	ev_init(&u->io, on_io);
	ev_timer_init(&u->limit, on_limit, o->timeout_ms / 1000.0, 0);
	u->io.data = u->limit.data = u;
	if (o->timeout_ms > 0)
		ev_timer_start(loop, &u->limit);
	speak(u);
	return u;
}
