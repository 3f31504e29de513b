/* SPDX-License-Identifier: MIT */
#include "run/replies.h"

#include <errno.h>
#include <ev.h>

#include "base/buf.h"
#include "base/clock.h"
#include "net/conn.h"
#include "net/gate.h"
#include "net/listener.h"
#include "net/udp.h"
#include "proto/classic.h"
#include "run/senders.h"
#include "run/session.h"

enum { BATCH = 64 };		/* datagrams taken per turn of the loop */

struct reply_socket {
	struct replies	*of;
	int		 fd;
	ev_io		 r;
};

struct replies {
	struct session	*session;
	struct reply_opts opts;
	unsigned	 port;		/* ours */
	struct reply_socket sock[RESOLVE_MAX];
	size_t		 n;
	struct senders	 senders;
	struct addr	 refused;	/* the last one told not to be heard */
	ev_timer	 forget;
	uint64_t	 made;		/* bytes of the generator */
	struct buf	 answer;
	char		 room[UDP_ROOM];
};

/* Echo, discard, daytime, quote of the day, chargen, time: they answer. */
static bool
is_a_service(const struct replies *r, unsigned port)
{
	static const uint8_t ports[] = { 0, 7, 9, 13, 17, 19, 37 };

	for (size_t i = 0; i < NELEMS(ports); i++)
		if (port == ports[i])
			return true;
	return port == r->port;
}

/* Who goes on sending is told of once, not every time. */
static bool
heard(struct replies *r, const struct addr *from)
{
	char at[ADDR_TEXT];

	if (addr_equal(&r->refused, from))
		return false;
	if (is_a_service(r, addr_port(from))) {
		talk_warn(&r->session->talk, 0, "loop", "%s is the port of a "
		    "service like ours: not answered, or the two might go on "
		    "for ever", addr_text(from, at));
		r->refused = *from;
		return false;
	}
	if (r->opts.gate == NULL || gate_allows(r->opts.gate, from))
		return true;
	r->refused = *from;
	return false;
}

static struct sender *
newcomer(struct replies *r, const struct udp_in *in)
{
	struct sender *k;

	if (!heard(r, &in->from) ||
	    (k = senders_add(&r->senders, &in->from, &in->to)) == NULL)
		return NULL;
	addr_set_port(&k->local, r->port);
	talk_tell(&r->session->talk, &(struct talk_event){
	    .kind = TALK_SENDER, .conn = k->id, .peer = &k->peer,
	    .local = addr_family(&k->local) ? &k->local : NULL,
	    TALK_VALUES(TALK_S(TF_PROTO, "udp")) });
	if (!ev_is_active(&r->forget))
		ev_timer_again(r->session->loop, &r->forget);
	return k;
}

/* As many characters as chance has it, in whole lines but for the last. */
static int
generate(struct replies *r)
{
	size_t n = arc4random_uniform(REPLIES_CHARGEN + 1);
	char *room = buf_room(&r->answer, REPLIES_CHARGEN);

	if (room == NULL)
		return -1;
	classic_chargen(room, n, r->made);
	r->made += CLASSIC_LINE;
	buf_added(&r->answer, n);
	return 0;
}

/* -1: out of memory. */
static int
compose(struct replies *r, const struct sender *k, size_t n)
{
	switch (r->opts.what) {
	case SERVE_ECHO:
		return buf_add(&r->answer, r->room, n);
	case SERVE_CHARGEN:
		return generate(r);
	default:
		return serve_greeting(&r->answer, r->opts.what, &k->peer);
	}
}

static void
answer(struct reply_socket *s, struct sender *k, size_t n)
{
	struct replies *r = s->of;
	const struct udp_out to = { .to = &k->peer,
		.from = addr_family(&k->local) != AF_UNSPEC &&
		!addr_is_multicast(&k->local) ? &k->local : NULL };
	int sent;

	buf_drop(&r->answer, r->answer.len);
	if (r->opts.what == SERVE_DISCARD || compose(r, k, n) < 0)
		return;
	sent = udp_send(s->fd, &to, buf_head(&r->answer), r->answer.len);
	if (sent < 0) {		/* UDP promises nothing; nor is it hidden */
		talk_warn(&r->session->talk, k->id, "unsent", "the answer "
		    "could not be sent: %s", sent == CONN_LATER ?
		    "too many wait" : errno_words(errno));
		return;
	}
	k->out += r->answer.len;
	k->sent++;
	talk_tell(&r->session->talk, &(struct talk_event){
	    .kind = TALK_DATAGRAM_OUT, .conn = k->id, .out = true,
	    .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, "udp"),
	    TALK_I(TF_BYTES, r->answer.len),
	    TALK_B(TF_DATA, buf_head(&r->answer), r->answer.len),
	    TALK_S(TF_SRC, "protocol")) });
}

static void
arrived(struct reply_socket *s, const struct udp_in *in, size_t n)
{
	struct replies *r = s->of;
	struct sender *k = senders_find(&r->senders, &in->from);

	if (k == NULL && (k = newcomer(r, in)) == NULL)
		return;
	k->in += n;
	k->got++;
	senders_heard(&r->senders, k);
	talk_tell(&r->session->talk, &(struct talk_event){
	    .kind = TALK_DATAGRAM_IN, .conn = k->id, .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, "udp"), TALK_I(TF_BYTES, n),
	    TALK_B(TF_DATA, r->room, n)) });
	answer(s, k, n);
}

/* An answer was refused: whoever asked is gone, which is theirs to know. */
static void
clear_failures(int fd)
{
	struct addr whom;

	while (udp_failure(fd, &whom) != 0)
		continue;
}

static void
on_datagram(struct ev_loop *loop, ev_io *w, int revents)
{
	struct reply_socket *s = w->data;
	struct udp_in in;

	(void)loop, (void)revents;
	clear_failures(s->fd);
	for (int i = 0; i < BATCH; i++) {
		ssize_t n = udp_receive(s->fd, s->of->room, &in);

		if (n == CONN_LATER)
			return;
		if (n < 0)
			clear_failures(s->fd);
		else
			arrived(s, &in, (size_t)n);
	}
}

static void
on_forget(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct replies *r = t->data;
	uint64_t ns = (uint64_t)r->opts.forget_ms * NS_PER_MS;
	uint64_t now = clock_ns();

	(void)revents;
	while (r->senders.oldest != NULL &&
	    now - r->senders.oldest->heard_ns >= ns)
		senders_forget(&r->senders, r->senders.oldest);
	if (r->senders.oldest == NULL)
		ev_timer_stop(loop, t);
}

struct replies *
replies_at(struct session *s, const struct listener *l,
    const struct reply_opts *o)
{
	struct replies *r = calloc(1, sizeof *r);

	if (r == NULL) {
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	r->session = s;
	r->opts = *o;
	r->port = l->port;
	r->senders.talk = &s->talk;
	buf_init(&r->answer, UDP_ROOM);
	ev_init(&r->forget, on_forget);
	r->forget.repeat = o->forget_ms / 1000.0;
	r->forget.data = r;
	for (; r->n < l->n; r->n++) {
		struct reply_socket *k = &r->sock[r->n];

		*k = (struct reply_socket){ .of = r, .fd = l->sock[r->n].fd };
		ev_io_init(&k->r, on_datagram, k->fd, EV_READ);
		k->r.data = k;
		ev_io_start(s->loop, &k->r);
	}
	return r;
}

unsigned
replies_seen(const struct replies *r)
{
	return r->senders.seen;
}

void
replies_totals(const struct replies *r, uint64_t *in, uint64_t *out)
{
	senders_totals(&r->senders, in, out);
}

void
replies_free(struct replies *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n; i++)
		ev_io_stop(r->session->loop, &r->sock[i].r);
	ev_timer_stop(r->session->loop, &r->forget);
	senders_free(&r->senders);
	buf_free(&r->answer);
	free(r);
}
