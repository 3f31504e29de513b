/* SPDX-License-Identifier: MIT */
#include "run/udp_forward.h"

#include <errno.h>
#include <ev.h>

#include "base/clock.h"
#include "net/conn.h"
#include "net/gate.h"
#include "net/listener.h"
#include "net/udp.h"
#include "run/datagrams.h"
#include "run/senders.h"
#include "run/session.h"
#include "run/udp_way.h"

enum { BATCH = 64 };		/* datagrams taken per turn of the loop */

struct near {			/* a socket of ours that senders know */
	struct udp_forward *of;
	int		 fd;
	ev_io		 r;
};

struct udp_forward {
	struct session	*session;
	struct gate	*gate;
	int		 forget_ms;
	unsigned	 port;		/* ours */
	struct near	 near[RESOLVE_MAX];
	size_t		 n;
	struct senders	 senders;	/* with a struct back each */
	struct udp_target to;
	struct addr	 refused;	/* the last one told not to be heard */
	bool		 full;		/* that was told */
	ev_timer	 forget;
	char		 room[UDP_ROOM];	/* what came from a sender, */
	char		 far_room[UDP_ROOM];	/* and what for one */
};

struct back {			/* to a sender; and its way there */
	struct udp_forward *of;
	struct sender	*whose;
	struct udp_way	*way;
};

static void
forget(struct udp_forward *f, struct sender *k)
{
	struct back *b = k->of;

	if (b != NULL)
		udp_way_free(b->way);
	free(b);
	senders_forget(&f->senders, k);
}

static void
wait_for_silence(struct udp_forward *f)
{
	const struct sender *k = f->senders.oldest;
	uint64_t ns = (uint64_t)f->forget_ms * NS_PER_MS, now = clock_ns();

	if (k == NULL || f->forget_ms == 0)
		return;
	ev_timer_set(&f->forget, k->heard_ns + ns <= now ? 0 :
	    (double)(k->heard_ns + ns - now) / NS_PER_S, 0);
	ev_timer_start(f->session->loop, &f->forget);
}

/* The silent ones go; the next look is when the one before them might. */
static void
on_forget(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct udp_forward *f = t->data;
	uint64_t ns = (uint64_t)f->forget_ms * NS_PER_MS, now = clock_ns();

	(void)loop, (void)revents;
	while (f->senders.oldest != NULL &&
	    now - f->senders.oldest->heard_ns >= ns)
		forget(f, f->senders.oldest);
	wait_for_silence(f);
}

/* True: this is what we sent onwards; the place is ourselves. */
static bool
is_ours(const struct udp_forward *f, const struct addr *from)
{
	for (const struct sender *k = f->senders.newest; k != NULL;
	    k = k->older)
		if (udp_way_is(((struct back *)k->of)->way, from))
			return true;
	return false;
}

/* Who goes on sending is told of once, not every time. */
static bool
heard(struct udp_forward *f, const struct addr *from)
{
	char at[ADDR_TEXT];

	if (addr_equal(&f->refused, from))
		return false;
	if (is_ours(f, from)) {
		talk_warn(&f->session->talk, 0, "loop", "%s is a socket of "
		    "ours: what is carried onwards comes back to us, and is "
		    "dropped here", addr_text(from, at));
		f->refused = *from;
		return false;
	}
	if (f->gate == NULL || gate_allows(f->gate, from))
		return true;
	f->refused = *from;
	return false;
}

static void
make_room(struct udp_forward *f)
{
	if (f->senders.n < SENDERS_MAX)
		return;
	if (!f->full)
		talk_warn(&f->session->talk, 0, "full", "%d senders are here: "
		    "from now on the one that was silent longest makes room",
		    SENDERS_MAX);
	f->full = true;
	forget(f, f->senders.oldest);
}

static struct sender *
newcomer(struct near *s, const struct udp_in *in)
{
	struct udp_forward *f = s->of;
	struct back *b;
	struct sender *k;

	if (!heard(f, &in->from))
		return NULL;
	make_room(f);
	b = calloc(1, sizeof *b);
	if (b == NULL ||
	    (k = senders_add(&f->senders, &in->from, &in->to)) == NULL) {
		free(b);
		return NULL;
	}
	*b = (struct back){ .of = f, .whose = k };
	k->of = b;
	k->socket = (size_t)(s - f->near);
	addr_set_port(&k->local, f->port);
	talk_tell(&f->session->talk, &(struct talk_event){
	    .kind = TALK_SENDER, .conn = k->id, .peer = &k->peer,
	    .local = addr_family(&k->local) ? &k->local : NULL,
	    TALK_VALUES(TALK_S(TF_PROTO, "udp")) });
	if ((b->way = udp_way_new(&f->to, k->id, b)) == NULL) {
		forget(f, k);
		return NULL;
	}
	if (!ev_is_active(&f->forget))
		wait_for_silence(f);
	return k;
}

static void
arrived(struct near *s, const struct udp_in *in, size_t n)
{
	struct udp_forward *f = s->of;
	struct sender *k = senders_find(&f->senders, &in->from);

	if (k == NULL && (k = newcomer(s, in)) == NULL)
		return;
	k->in += n;
	k->got++;
	senders_heard(&f->senders, k);
	talk_tell(&f->session->talk, &(struct talk_event){
	    .kind = TALK_DATAGRAM_IN, .conn = k->id, .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, "udp"), TALK_I(TF_BYTES, n),
	    TALK_B(TF_DATA, f->room, n)) });
	udp_way_send(((struct back *)k->of)->way, f->room, n);
}

/* From the address that was asked. */
static void
answer(void *arg, const void *p, size_t n)
{
	const struct back *b = arg;
	struct udp_forward *f = b->of;
	struct sender *k = b->whose;
	const struct udp_out to = { .to = &k->peer,
		.from = addr_family(&k->local) != AF_UNSPEC ? &k->local :
		NULL };
	int fd = f->near[k->socket].fd, sent = udp_send(fd, &to, p, n);

	if (sent == -1)		/* that was another's, who is seen to later */
		sent = udp_send(fd, &to, p, n);
	if (sent < 0) {
		talk_warn(&f->session->talk, k->id, "unsent", "the answer "
		    "could not be sent: %s", sent == CONN_LATER ?
		    "too many wait" : errno_words(errno));
		return;
	}
	k->out += n;
	k->sent++;
	senders_heard(&f->senders, k);
	talk_tell(&f->session->talk, &(struct talk_event){
	    .kind = TALK_DATAGRAM_OUT, .conn = k->id, .out = true,
	    .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, "udp"), TALK_I(TF_BYTES, n),
	    TALK_B(TF_DATA, p, n)) });
}

/* Answers that were refused: whoever asked is gone. */
static void
failures(struct near *s)
{
	struct udp_forward *f = s->of;
	struct sender *k;
	struct addr whom;
	int err;

	while ((err = udp_failure(s->fd, &whom)) != 0) {
		k = senders_find(&f->senders, &whom);
		if (k == NULL || err != ECONNREFUSED)
			continue;
		talk_tell(&f->session->talk, &(struct talk_event){
		    .kind = TALK_REFUSED, .err = err, .conn = k->id,
		    .wordy = true, .peer = &k->peer,
		    TALK_VALUES(TALK_S(TF_PROTO, "udp"),
		    TALK_S(TF_PHASE, "read")) });
		forget(f, k);
	}
}

static void
on_datagram(struct ev_loop *loop, ev_io *w, int revents)
{
	struct near *s = w->data;
	struct udp_in in;

	(void)loop, (void)revents;
	failures(s);
	for (int i = 0; i < BATCH; i++) {
		ssize_t n = udp_receive(s->fd, s->of->room, &in);

		if (n == CONN_LATER)
			return;
		if (n < 0)
			failures(s);
		else
			arrived(s, &in, (size_t)n);
	}
}

struct udp_forward *
udp_forward_at(struct session *s, const struct listener *l,
    const struct udp_forward_opts *o)
{
	struct udp_forward *f = calloc(1, sizeof *f);

	if (f == NULL) {
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	f->session = s;
	f->gate = o->gate;
	f->forget_ms = o->forget_ms;
	f->port = l->port;
	f->senders.talk = &s->talk;
	f->to = (struct udp_target){ .session = s, .at = o->to,
	    .sockopt = o->sockopt, .answer = answer, .room = f->far_room };
	ev_init(&f->forget, on_forget);
	f->forget.data = f;
	for (; f->n < l->n; f->n++) {
		struct near *k = &f->near[f->n];

		*k = (struct near){ .of = f, .fd = l->sock[f->n].fd };
		ev_io_init(&k->r, on_datagram, k->fd, EV_READ);
		k->r.data = k;
		ev_io_start(s->loop, &k->r);
	}
	return f;
}

unsigned
udp_forward_seen(const struct udp_forward *f)
{
	return f->senders.seen;
}

void
udp_forward_totals(const struct udp_forward *f, uint64_t *in, uint64_t *out)
{
	senders_totals(&f->senders, in, out);
}

void
udp_forward_free(struct udp_forward *f)
{
	uint64_t dropped = 0;

	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		ev_io_stop(f->session->loop, &f->near[i].r);
		dropped += udp_dropped(f->near[i].fd);
	}
	ev_timer_stop(f->session->loop, &f->forget);
	while (f->senders.oldest != NULL)
		forget(f, f->senders.oldest);
	datagrams_dropped(f->session, dropped + f->to.dropped);
	free(f);
}
