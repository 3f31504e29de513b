/* SPDX-License-Identifier: MIT */
#include "run/datagrams.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/gate.h"
#include "run/datagrams_state.h"
#include "run/editor.h"

enum { BATCH = 64 };		/* datagrams taken per turn of the loop */

static bool
many(const struct datagrams *d)
{
	return !d->listens || d->opts.many;
}

/* How long may nothing happen? 0: for ever. */
static int
patience_ms(const struct datagrams *d)
{
	int ms = d->opts.idle_ms;

	if (d->listens && d->opts.many)
		return ms >= 0 ? ms : DATAGRAMS_FORGET_MS;
	if (ms >= 0)
		return ms;
	return d->in_ended && !d->listens ? DATAGRAMS_WAIT_MS : 0;
}

void
datagrams_alive(struct datagrams *d)
{
	int ms = patience_ms(d);

	ev_timer_stop(d->session->loop, &d->idle);
	if (ms == 0 || (d->listens && d->senders.newest == NULL))
		return;
	ev_timer_set(&d->idle, ms / 1000.0, 0);
	ev_timer_start(d->session->loop, &d->idle);
}

void
datagrams_forget(struct datagrams *d, struct sender *k)
{
	if (d->to == k) {
		d->to = NULL;
		d->chosen = false;
	}
	senders_forget(&d->senders, k);
	if (d->to == NULL)
		d->to = d->senders.newest;
}

/* The silent ones go; the next look is when the one before them might. */
static void
forget_silent(struct datagrams *d)
{
	uint64_t ns = (uint64_t)patience_ms(d) * NS_PER_MS, now = clock_ns();
	struct sender *k;

	while ((k = d->senders.oldest) != NULL && now - k->heard_ns >= ns)
		datagrams_forget(d, k);
	if (k == NULL)
		return;
	ev_timer_set(&d->idle, (double)(k->heard_ns + ns - now) / NS_PER_S, 0);
	ev_timer_start(d->session->loop, &d->idle);
}

static void
on_idle(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct datagrams *d = t->data;
	struct why why = { 0 };
	int ms = patience_ms(d);

	(void)loop, (void)revents;
	if (d->listens && d->opts.many) {
		forget_silent(d);
		return;
	}
	if (d->heard.len > 0) {		/* it is stdout that has stalled */
		datagrams_alive(d);
		return;
	}
	if (!d->in_ended) {
		why_set(&why, WHY_TIMEOUT, 0,
		    "nothing came or went for %g s", ms / 1000.0);
		talk_tell(&d->session->talk, &(struct talk_event){
		    .kind = TALK_TIMEOUT, .conn = d->to ? d->to->id : 0,
		    TALK_VALUES(TALK_S(TF_PHASE, "idle"),
		    TALK_I(TF_DUR_US, (int64_t)ms * 1000)) });
	}
	session_leave(d->session, &why);
}

bool
datagrams_trouble(struct datagrams *d, const struct why *why)
{
	if (!d->session->typed) {
		session_leave(d->session, why);
		return false;
	}
	if (d->session->why.kind == WHY_NONE)
		d->session->why = *why;
	return true;
}

static enum talk_kind
kind_of(int err, enum why_kind *kind)
{
	if (err == ECONNREFUSED || err == ENOENT) {
		*kind = WHY_REFUSED;
		return TALK_REFUSED;
	}
	*kind = WHY_UNREACHABLE;
	return err == EACCES || err == EPERM ? TALK_DENIED : TALK_UNREACHABLE;
}

/* One of ours did not arrive. False: that ends it all. */
static bool
undelivered(struct datagrams *d, const struct addr *whom, int err)
{
	struct sender *k = senders_find(&d->senders, whom);
	struct why why = { 0 };
	enum why_kind kind;
	char at[ADDR_TEXT];
	bool again = !d->listens && d->senders.in == 0 && k != NULL &&
	    k->got == 0 && k->sent <= 1 && !d->waits &&
	    d->next < d->reach.at.n;

	talk_tell(&d->session->talk, &(struct talk_event){
	    .kind = kind_of(err, &kind), .err = err, .peer = whom,
	    .conn = k != NULL ? k->id : 0,
	    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(whom)),
	    TALK_S(TF_PHASE, "read"),
	    TALK_I(TF_ATTEMPT, again ? (int64_t)d->next : TALK_UNKNOWN),
	    TALK_I(TF_OF, again ? (int64_t)d->reach.at.n : TALK_UNKNOWN)) });
	if (again)
		return datagrams_next_address(d);
	if (d->listens && d->opts.many)
		return true;
	why_sys(&why, kind, err, "%s %s", d->listens ? "answer to" :
	    "connect", udp_text(whom, at));
	return datagrams_trouble(d, &why);
}

bool
datagrams_failures(struct udp_socket *s)
{
	struct datagrams *d = s->of;
	struct addr whom;
	int err;

	while (!s->local && (err = udp_failure(s->fd, &whom)) != 0)
		if (!undelivered(d, &whom, err))
			return false;
	return true;
}

static bool
flush(struct datagrams *d)
{
	struct why why = { 0 };

	while (d->heard.len > 0) {
		ssize_t n = conn_write(d->we, buf_head(&d->heard),
		    d->heard.len, &why);

		if (n == CONN_LATER)
			break;
		if (n < 0) {
			session_leave(d->session, &why);
			return false;
		}
		buf_drop(&d->heard, (size_t)n);
	}
	return d->heard.len == 0;
}

/* Nothing more is taken in until stdout has taken what there is. */
static void
deliver(struct datagrams *d)
{
	struct ev_loop *loop = d->session->loop;
	bool free_again = flush(d);

	if (free_again)
		ev_io_stop(loop, &d->out);
	else
		ev_io_start(loop, &d->out);
	for (size_t i = 0; i < d->n; i++)
		if (free_again)
			ev_io_start(loop, &d->sock[i].r);
		else
			ev_io_stop(loop, &d->sock[i].r);
}

static void
on_out(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	deliver(w->data);
}

static void
on_gone(struct ev_loop *loop, ev_io *w, int revents)
{
	struct datagrams *d = w->data;
	struct why why = { 0 };

	(void)revents;
	ev_io_stop(loop, w);
	if (!conn_reader_gone(d->we))
		return;
	why_set(&why, WHY_SIGNAL, SIGPIPE, "stdout: nobody reads it any more");
	session_leave(d->session, &why);
}

static struct sender *
newcomer(struct udp_socket *s, const struct udp_in *in)
{
	struct datagrams *d = s->of;
	char at[ADDR_TEXT];
	struct sender *k;

	/* Who goes on sending is told of once, not every time. */
	if (d->opts.gate != NULL && (addr_equal(&d->refused, &in->from) ||
	    !gate_allows(d->opts.gate, &in->from))) {
		d->refused = in->from;
		return NULL;
	}
	if (!many(d) && d->senders.newest != NULL) {
		if (!d->warned)
			talk_warn(&d->session->talk, 0, "others", "%s sent "
			    "something, too: not heard, nor are others",
			    addr_text(&in->from, at));
		d->warned = true;
		return NULL;
	}
	k = senders_add(&d->senders, &in->from, &in->to);
	if (k == NULL)
		return NULL;
	k->socket = (size_t)(s - d->sock);
	addr_set_port(&k->local, d->port);
	talk_tell(&d->session->talk, &(struct talk_event){
	    .kind = TALK_SENDER, .conn = k->id, .peer = &k->peer,
	    .local = addr_family(&k->local) ? &k->local : NULL,
	    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(&k->peer)),
	    TALK_I(TF_PID, in->pid), TALK_I(TF_UID, in->uid)) });
	if (addr_is_unnamed(&k->peer))
		talk_note(&d->session->talk, k->id, "unnamed",
		    "its socket has no name: it cannot be answered");
	return k;
}

/* UDP has none so big, but a Unix socket may. */
static void
too_big(struct datagrams *d, const struct sender *k)
{
	talk_warn(&d->session->talk, k->id, "cut", "that datagram was longer: "
	    "all after its first %d B is lost", UDP_ROOM);
	if (d->session->why.kind == WHY_NONE)
		why_set(&d->session->why, WHY_BROKEN, EMSGSIZE, "a datagram "
		    "was longer than %d B: the rest is lost", UDP_ROOM);
}

static void
arrived(struct udp_socket *s, const struct udp_in *in, size_t n)
{
	struct datagrams *d = s->of;
	struct sender *k = senders_find(&d->senders, &in->from);

	if (k == NULL && (k = newcomer(s, in)) == NULL)
		return;
	talk_tell(&d->session->talk, &(struct talk_event){
	    .kind = TALK_DATAGRAM_IN, .conn = k->id, .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(&k->peer)),
	    TALK_I(TF_BYTES, n), TALK_B(TF_DATA, d->room, n)) });
	if (in->cut)
		too_big(d, k);
	k->in += n;
	k->got++;
	senders_heard(&d->senders, k);
	if (d->to == NULL || (d->listens && !d->chosen))
		d->to = k;
	if (d->session->out == SESSION_BYTES &&
	    buf_add(&d->heard, d->room, n) < 0)
		session_leave(d->session, &(struct why){ .kind = WHY_LOCAL,
		    .err = ENOMEM, .what = "out of memory" });
	datagrams_alive(d);
}

static void
on_datagram(struct ev_loop *loop, ev_io *w, int revents)
{
	struct udp_socket *s = w->data;
	struct datagrams *d = s->of;
	bool first = d->senders.newest == NULL;
	struct udp_in in = { .cut = false };
	ssize_t n;

	(void)loop, (void)revents;
	if (!datagrams_failures(s))
		return;
	for (int i = 0; i < BATCH && d->heard.len == 0; i++) {
		n = udp_receive(s->fd, d->room, &in);
		if (n == CONN_LATER)
			break;
		if (n < 0) {		/* it has a cause, told in full */
			if (s->local ? !undelivered(d, d->to != NULL ?
			    &d->to->peer : &in.from, errno) :
			    !datagrams_failures(s))
				return;
			continue;
		}
		arrived(s, &in, (size_t)n);
		deliver(d);
	}
	if (first && d->senders.newest != NULL)
		datagrams_watch_stdin(d);
	if (d->waits)
		datagrams_pump(d);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct udp_socket *s = w->data;

	(void)revents;
	ev_io_stop(loop, w);
	datagrams_pump(s->of);
}

static void
on_again(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	datagrams_pump(t->data);
}

void
datagrams_socket(struct datagrams *d, size_t i, int fd)
{
	struct udp_socket *s = &d->sock[i];
	int family = AF_UNSPEC;
	socklen_t len = sizeof family;

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
	*s = (struct udp_socket){ .of = d, .fd = fd,
	    .local = family == AF_UNIX };
	ev_io_init(&s->r, on_datagram, fd, EV_READ);
	ev_io_init(&s->w, on_writable, fd, EV_WRITE);
	s->r.data = s->w.data = s;
}

int
datagrams_init(struct datagrams *d, struct session *s,
    const struct datagrams_opts *o)
{
	bool silent = o->many && !s->typed;
	int wfd;

	d->session = s;
	d->opts = *o;
	d->senders.talk = &s->talk;
	cutter_init(&d->cut, UDP_MAX, UDP_ROOM);
	d->cut.size = (size_t)o->size;
	d->cut.crlf = o->crlf;
	buf_init(&d->heard, UDP_ROOM);
	ev_init(&d->idle, on_idle);
	ev_init(&d->again, on_again);
	wfd = s->out == SESSION_BYTES ? STDOUT_FILENO : -1;
	d->we = silent ? conn_pipe_new(-1, wfd) : editor_conn(s,
	    &(struct editor_opts){ .wfd = wfd, .commands = d->listens }, NULL);
	if (d->we == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	d->in_ended = silent;
	ev_io_init(&d->out, on_out, d->we->wfd, EV_WRITE);
	/* The write end of a pipe is "readable" once its reader is gone. */
	ev_io_init(&d->gone, on_gone, conn_pipe_out(d->we), EV_READ);
	d->idle.data = d->again.data = d->out.data = d->gone.data = d;
	return 0;
}
