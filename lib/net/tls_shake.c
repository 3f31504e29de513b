/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <ev.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/vis.h"
#include "net/conn_wire.h"
#include "net/tls_state.h"
#include "talk/talk.h"

enum { PEEK = 32 };		/* bytes of a peer that is no TLS peer */

struct tls_shake {
	struct ev_loop	*loop;
	const struct tls_engine *engine;
	struct conn	*conn;
	struct tls_link	*link;
	struct tls_shake_opts opts;
	char		 name[ADDR_HOST];
	bool		 server, heard;
	uint64_t	 since_ns;
	ev_io		 io;
	ev_timer	 limit;
};

static void
stop(struct tls_shake *s)
{
	ev_io_stop(s->loop, &s->io);
	ev_timer_stop(s->loop, &s->limit);
}

static int64_t
took_us(const struct tls_shake *s)
{
	return (int64_t)((clock_ns() - s->since_ns) / NS_PER_US);
}

void
tls_shake_free(struct tls_shake *s)
{
	if (s == NULL)
		return;
	stop(s);
	s->engine->link_free(s->link);
	conn_close(s->conn);
	free(s);
}

static void
give_up(struct tls_shake *s, const struct why *why)
{
	struct tls_shake_opts o = s->opts;

	tls_shake_free(s);
	o.done(o.arg, NULL, why);
}

static void
fail(struct tls_shake *s, const struct tls_fault *f)
{
	const struct tls_cert *cert = &s->engine->facts(s->link)->peer;
	struct why why = { 0 };
	char text[TLS_TEXT], at[TLS_WHOM];

	tls_sentence(text, f, cert, s->name[0] ? s->name : NULL);
	tls_tell_failed(s->conn, f, cert, text, took_us(s));
	why_set(&why, f->kind == TLS_MEMORY || f->kind == TLS_BAD_KEY_LOG ?
	    WHY_LOCAL : WHY_TLS, 0, "tls %.80s: %.170s",
	    tls_whom(at, s->conn, s->name), text);
	tls_advise(&why, f, cert, s->server);
	give_up(s, &why);
}

static void
succeed(struct tls_shake *s)
{
	const struct tls_fault memory = { .kind = TLS_MEMORY };
	const struct why fine = { 0 };
	struct tls_shake_opts o = s->opts;
	struct conn *c = s->conn;

	if (tls_conn_wrap(c, s->engine, s->link, s->server) < 0) {
		fail(s, &memory);
		return;
	}
	tls_tell_done(c, s->engine->facts(s->link), took_us(s));
	stop(s);
	free(s);
	o.done(o.arg, c, &fine);
}

/*
 * RFC 8446 5.1: a record begins with its type, 20 to 23. An old hello has its
 * top bit set. Whatever else a peer begins with, it does not speak TLS.
 */
static bool
failed_at_once(struct tls_shake *s)
{
	struct tls_fault f = { .kind = TLS_PLAIN };
	unsigned char first[PEEK];
	ssize_t n;

	if (s->heard)
		return false;
	n = recv(s->conn->rfd, first, sizeof first, MSG_PEEK | MSG_DONTWAIT);
	if (n == 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return false;
	if (n < 0) {		/* asking has cleared the error */
		f = (struct tls_fault){ .kind = TLS_ERRNO, .code = errno };
		fail(s, &f);
		return true;
	}
	s->heard = true;
	if ((first[0] >= 20 && first[0] <= 23) || first[0] >= 0x80)
		return false;
	/* They stay unread, but here they are. */
	conn_passed(s->conn, false, first, (size_t)n);
	vis_str(f.text, sizeof f.text, first, (size_t)n);
	fail(s, &f);
	return true;
}

static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct tls_shake *s = w->data;
	enum tls_step step;

	(void)revents;
	if (failed_at_once(s))
		return;
	step = s->engine->shake(s->link);
	if (step == TLS_DONE) {
		succeed(s);
		return;
	}
	if (step == TLS_FAILED) {
		fail(s, s->engine->fault(s->link));
		return;
	}
	ev_io_stop(loop, w);
	ev_io_set(w, s->conn->rfd, step == TLS_AWAIT_OUT ? EV_WRITE : EV_READ);
	ev_io_start(loop, w);
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct tls_shake *s = t->data;
	struct why why = { 0 };
	char at[TLS_WHOM];

	(void)loop, (void)revents;
	tls_whom(at, s->conn, s->name);
	if (s->server)
		why_set(&why, WHY_TIMEOUT, ETIMEDOUT, "tls %.80s: the "
		    "handshake was not finished in %d s", at,
		    s->opts.timeout_ms / 1000);
	else
		why_set(&why, WHY_TIMEOUT, ETIMEDOUT, "tls %.80s: the "
		    "handshake was not finished in time "
		    "(--connect-timeout)", at);
	conn_tell_why(s->conn, &why, "tls");
	give_up(s, &why);
}

static void
on_passed(void *arg, bool out, const void *p, size_t n)
{
	if (n > 0)
		conn_passed(arg, out, p, n);
	else
		conn_wire_end(arg, out);
}

static void
on_secret(void *arg, const char *line)
{
	const struct conn *c = arg;

	talk_wire(c->talk, &(struct talk_wire){ .kind = TALK_WIRE_SECRET,
	    .conn = c->id, .data = line, .len = strlen(line) });
}

static struct tls_link *
link_to(const struct tls *t, struct conn *c, const char *name)
{
	struct tls_tap tap = { .passed = on_passed, .arg = c };

	if (!talk_wired(c->talk))
		return t->engine->link_new(t->side, c->rfd, name, NULL);
	if (c->talk->wants_secrets)
		tap.secret = on_secret;
	talk_wire(c->talk, &(struct talk_wire){ .kind = TALK_WIRE_SHAKE,
	    .conn = c->id });
	return t->engine->link_new(t->side, c->rfd, name, &tap);
}

struct tls_shake *
tls_shake_new(struct ev_loop *loop, struct tls *t, struct conn *c,
    const struct tls_shake_opts *o)
{
	struct tls_shake *s = calloc(1, sizeof *s);

	if (s == NULL) {
		conn_close(c);
		return NULL;
	}
	*s = (struct tls_shake){ .loop = loop, .engine = t->engine, .conn = c,
	    .opts = *o, .server = t->server, .since_ns = clock_ns() };
	if (o->name != NULL)
		snprintf(s->name, sizeof s->name, "%s", o->name);
	s->link = link_to(t, c, o->name);
	if (s->link == NULL) {
		conn_close(c);
		free(s);
		return NULL;
	}
	/* A client begins, as soon as the loop runs; a server waits. */
	ev_io_init(&s->io, on_io, c->rfd, t->server ? EV_READ : EV_WRITE);
	ev_timer_init(&s->limit, on_limit, o->timeout_ms / 1000.0, 0);
	s->io.data = s->limit.data = s;
	ev_io_start(loop, &s->io);
	if (o->timeout_ms > 0)
		ev_timer_start(loop, &s->limit);
	return s;
}
