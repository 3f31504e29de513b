/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "run/datagrams_state.h"

enum { TRIES = 3 };		/* an error may be of a former datagram */

static void
sent(struct datagrams *d, struct sender *k)
{
	talk_tell(&d->session->talk, &(struct talk_event){
	    .kind = TALK_DATAGRAM_OUT, .conn = k->id, .out = true,
	    .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(&k->peer)),
	    TALK_I(TF_BYTES, d->len), TALK_B(TF_DATA, d->line, d->len),
	    TALK_S(TF_SRC, "stdin")) });
	k->out += d->len;
	k->sent++;
	senders_heard(&d->senders, k);
	datagrams_alive(d);
}

/* False: that ends it all. */
static bool
not_sent(struct datagrams *d, const struct sender *k, int err)
{
	bool refused = err == ECONNREFUSED || err == ENOENT;
	bool big = err == EMSGSIZE;
	struct why why = { 0 };
	char at[ADDR_TEXT];

	why_sys(&why, big ? WHY_LOCAL : refused ? WHY_REFUSED :
	    WHY_UNREACHABLE, err, "a datagram of %zu B to %s was not sent",
	    d->len, udp_text(&k->peer, at));
	if (addr_is_unnamed(&k->peer))
		why_hint(&why, "the sender has to give its socket a name");
	else if (err == EACCES && !d->opts.broadcast)
		why_hint(&why, "--broadcast, if that is everybody's address");
	talk_tell(&d->session->talk, &(struct talk_event){ .kind = TALK_ERROR,
	    .conn = k->id, .err = err, .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_CODE, "send"),
	    TALK_S(TF_TEXT, why.what)) });
	return datagrams_trouble(d, &why);
}

/*
 * A Unix socket that is not connected is always writable: it is the other's
 * queue that is full (unix(7)).
 */
static void
wait_for(struct udp_socket *s)
{
	struct ev_loop *loop = s->of->session->loop;

	if (s->local && !s->connected)
		ev_timer_start(loop, &s->of->again);
	else
		ev_io_start(loop, &s->w);
}

/* 0: it is with the kernel, or given up; CONN_LATER; -1: it is all over. */
static int
send_to(struct datagrams *d, struct sender *k)
{
	struct udp_socket *s = &d->sock[k->socket];
	const struct udp_out o = { .to = s->connected ? NULL : &k->peer,
		.from = d->listens ? &k->local : NULL };
	unsigned id = k->id;
	int r = -1;

	if (addr_is_unnamed(&k->peer))
		return not_sent(d, k, EDESTADDRREQ) ? 0 : -1;
	for (int i = 0; i < TRIES; i++) {
		int err;

		r = udp_send(s->fd, &o, d->line, d->len);
		if (r == 0)
			sent(d, k);
		if (r == 0 || r == CONN_LATER)
			break;
		err = errno;
		if (!datagrams_failures(s))
			return -1;
		if (!d->listens && d->to->id != id)
			return 0;	/* it goes to another address */
		if (i == TRIES - 1 || err == EMSGSIZE || s->local)
			return not_sent(d, k, err) ? 0 : -1;
	}
	if (r == CONN_LATER)
		wait_for(s);
	return r;
}

static int
send_to_all(struct datagrams *d)
{
	for (size_t n = d->senders.n; n > 0; n--) {
		struct sender *k = d->senders.oldest;

		/* To the others it went already: it cannot be sent again. */
		if (send_to(d, k) == CONN_LATER)
			talk_warn(&d->session->talk, k->id, "queue",
			    "this line was not sent: the network is busy");
		senders_heard(&d->senders, k);	/* the next is oldest */
	}
	return 0;
}

static int
send_line(struct datagrams *d)
{
	if (d->to == NULL) {
		talk_warn(&d->session->talk, 0, "nobody",
		    "nobody is there: the line was not sent");
		return 0;
	}
	return d->all ? send_to_all(d) : send_to(d, d->to);
}

static bool
too_long(struct datagrams *d)
{
	struct why why = { 0 };

	why_set(&why, WHY_LOCAL, EMSGSIZE, "a line does not fit into a "
	    "datagram of at most %d B, and was not sent", UDP_MAX);
	why_hint(&why, "--datagram-size cuts anywhere");
	talk_tell(&d->session->talk, &(struct talk_event){ .kind = TALK_ERROR,
	    .err = EMSGSIZE, TALK_VALUES(TALK_S(TF_CODE, "line"),
	    TALK_S(TF_TEXT, why.what)) });
	return datagrams_trouble(d, &why);
}

/* The next one into line[]. False: there is none now, or all is over. */
static bool
next(struct datagrams *d)
{
	for (;;) {
		switch (cutter_next(&d->cut, d->in_ended, d->line, &d->len)) {
		case CUT_MORE:
			return false;
		case CUT_TOO_LONG:
			if (!too_long(d))
				return false;
			continue;
		case CUT_ONE:
			if (!d->listens || !d->session->typed ||
			    !datagrams_typed(d, d->line, &d->len))
				return true;
		}
	}
}

/* A refusal on this machine is known at once: is there another address? */
static bool
first_refused(struct datagrams *d)
{
	return d->to != NULL && d->to->sent == 1 && !d->listens &&
	    d->next < d->reach.at.n && (!datagrams_failures(&d->sock[0]));
}

void
datagrams_pump(struct datagrams *d)
{
	struct ev_loop *loop = d->session->loop;

	ev_io_stop(loop, &d->in);
	for (;;) {
		int r;

		if (!d->waits && !next(d))
			break;
		d->waits = false;
		r = send_line(d);
		d->waits |= r == CONN_LATER;
		if (r != 0 || first_refused(d))
			return;
	}
	if (!d->in_ended)
		ev_io_start(loop, &d->in);
	else
		datagrams_alive(d);
}

static void
on_in(struct ev_loop *loop, ev_io *w, int revents)
{
	struct datagrams *d = w->data;
	struct why why = { 0 };
	char data[UDP_ROOM];
	ssize_t n = conn_read(d->we, data, sizeof data, &why);

	(void)loop, (void)revents;
	if (n == CONN_LATER)
		return;
	if (n > 0 && cutter_add(&d->cut, data, (size_t)n) < 0)
		why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	/* A listener's user has nothing to wait for after Ctrl-D. */
	if (why.kind != WHY_NONE || (n == 0 && d->listens &&
	    d->session->typed)) {
		session_leave(d->session, &why);
		return;
	}
	d->in_ended = n == 0;
	datagrams_pump(d);
}

void
datagrams_watch_stdin(struct datagrams *d)
{
	if (d->in_ended || ev_is_active(&d->in))
		return;
	ev_io_init(&d->in, on_in, d->we->rfd, EV_READ);
	d->in.data = d;
	ev_io_start(d->session->loop, &d->in);
}
