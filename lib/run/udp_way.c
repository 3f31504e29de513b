/* SPDX-License-Identifier: MIT */
#include "run/udp_way.h"

#include <errno.h>
#include <ev.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/sockopt.h"
#include "net/udp.h"
#include "run/session.h"

enum { BATCH = 64 };		/* datagrams taken per turn of the loop */

struct udp_way {
	struct udp_target *to;
	unsigned	 conn;
	void		*arg;
	size_t		 at;		/* which of the target's addresses */
	size_t		 tries;		/* how many had the last datagram */
	int		 fd;		/* -1: none now */
	ev_io		 r;
	struct addr	 local;
	bool		 answered;
	bool		 told;		/* trouble is, until it is over */
	char		*last;		/* the last datagram, while none was */
	size_t		 len;		/* answered; or NULL */
};

static struct talk *
talk_of(const struct udp_way *w)
{
	return &w->to->session->talk;
}

static const struct addr *
target(const struct udp_way *w)
{
	return &w->to->at.addr[w->at];
}

static void
close_it(struct udp_way *w)
{
	if (w->fd < 0)
		return;
	ev_io_stop(w->to->session->loop, &w->r);
	w->to->dropped += udp_dropped(w->fd);
	close(w->fd);
	w->fd = -1;
}

static void
forget_last(struct udp_way *w)
{
	free(w->last);
	w->last = NULL;
}

static void
tell_trouble(struct udp_way *w, int err, const char *phase, bool again)
{
	if (w->told)
		return;
	w->told = !again;
	talk_tell(talk_of(w), &(struct talk_event){
	    .kind = err == ECONNREFUSED ? TALK_REFUSED :
	    err == EACCES || err == EPERM ? TALK_DENIED : TALK_UNREACHABLE,
	    .err = err, .conn = w->conn, .peer = target(w),
	    TALK_VALUES(TALK_S(TF_PROTO, "udp"), TALK_S(TF_PHASE, phase),
	    TALK_I(TF_ATTEMPT, again ? (int64_t)w->tries : TALK_UNKNOWN),
	    TALK_I(TF_OF, again ? (int64_t)w->to->at.n : TALK_UNKNOWN)) });
}

static void
tell_open(struct udp_way *w)
{
	char text[2 * ADDR_TEXT + 32], from[ADDR_TEXT], to[ADDR_TEXT];

	if (!talk_heard(talk_of(w)))
		return;
	snprintf(text, sizeof text, "onwards from %s to %s",
	    udp_text(&w->local, from), udp_text(target(w), to));
	talk_tell(talk_of(w), &(struct talk_event){ .kind = TALK_NOTE,
	    .wordy = true, .conn = w->conn, .local = &w->local,
	    .peer = target(w), TALK_VALUES(TALK_S(TF_CODE, "onwards"),
	    TALK_S(TF_TEXT, text)) });
	sockopt_tell(w->to->sockopt, w->fd, addr_family(target(w)),
	    talk_of(w), w->conn);
}

static void on_answer(struct ev_loop *, ev_io *, int);

/* 0, or why not. */
static int
open_it(struct udp_way *w)
{
	struct sockaddr_storage ss;
	socklen_t len = addr_kernel(target(w), addr_family(target(w)), &ss);
	int fd = udp_open(addr_family(target(w))), err;

	if (fd < 0)
		return errno;
	if (sockopt_apply(w->to->sockopt, fd, NULL) < 0 ||
	    connect(fd, (struct sockaddr *)&ss, len) < 0) {
		err = errno;
		close(fd);
		return err;
	}
	len = sizeof ss;
	if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		addr_set(&w->local, (struct sockaddr *)&ss, len);
	w->fd = fd;
	ev_io_init(&w->r, on_answer, fd, EV_READ);
	w->r.data = w;
	ev_io_start(w->to->session->loop, &w->r);
	tell_open(w);
	return 0;
}

/* By the next address that there is a way to, if this one has none. */
static bool
ready(struct udp_way *w)
{
	int err = 0;

	for (size_t i = 0; w->fd < 0 && i < w->to->at.n; i++) {
		err = open_it(w);
		if (err == EMFILE || err == ENFILE)
			break;
		if (err != 0 && i + 1 < w->to->at.n)
			w->at = (w->at + 1) % w->to->at.n;
	}
	if (err == EMFILE || err == ENFILE) {
		if (!w->told)
			talk_warn(talk_of(w), w->conn, "unsent",
			    "not carried onwards: no socket for it: %s",
			    errno_words(err));
		w->told = true;
	} else if (w->fd < 0)
		tell_trouble(w, err, "connect", false);
	return w->fd >= 0;
}

/* UDP promises nothing; nor is it hidden. */
static void
unsent(struct udp_way *w, int sent)
{
	if (!w->told)
		talk_warn(talk_of(w), w->conn, "unsent",
		    "not carried onwards: %s", sent == CONN_LATER ?
		    "too many wait" : errno_words(errno));
	w->told = true;
}

static void
refused(struct udp_way *w, int err)
{
	bool again = w->last != NULL && w->tries < w->to->at.n;
	int sent;

	tell_trouble(w, err, "read", again);
	if (w->answered || w->to->at.n == 1)
		return;
	close_it(w);
	w->at = (w->at + 1) % w->to->at.n;
	w->to->good = w->at;
	if (!again) {
		forget_last(w);
		return;
	}
	w->tries++;
	if (ready(w) && (sent = udp_send(w->fd,
	    &(struct udp_out){ .to = NULL }, w->last, w->len)) < 0)
		unsent(w, sent);
}

/* What became known of datagrams that left. True: there was something. */
static bool
failures(struct udp_way *w)
{
	struct addr whom;
	int err = udp_failure(w->fd, &whom);

	if (err != 0)
		refused(w, err);
	return err != 0;
}

static void
on_answer(struct ev_loop *loop, ev_io *io, int revents)
{
	struct udp_way *w = io->data;
	struct udp_in in;

	(void)loop, (void)revents;
	if (failures(w))
		return;
	for (int i = 0; i < BATCH; i++) {
		ssize_t n = udp_receive(w->fd, w->to->room, &in);

		if (n == CONN_LATER)
			return;
		if (n < 0) {	/* it has a cause, told in full */
			(void)failures(w);
			return;
		}
		w->answered = true;
		w->told = false;
		forget_last(w);
		w->to->answer(w->arg, w->to->room, (size_t)n);
	}
}

struct udp_way *
udp_way_new(struct udp_target *to, unsigned conn, void *arg)
{
	struct udp_way *w = calloc(1, sizeof *w);

	if (w != NULL)
		*w = (struct udp_way){ .to = to, .conn = conn, .arg = arg,
		    .fd = -1, .at = to->good };
	return w;
}

/* In case this address refuses it, and there is another one. */
static void
keep_last(struct udp_way *w, const void *p, size_t n)
{
	forget_last(w);
	if (w->answered || w->to->at.n == 1 ||
	    (w->last = malloc(n + 1)) == NULL)
		return;
	memcpy(w->last, p, n);
	w->len = n;
	w->tries = 1;
}

void
udp_way_send(struct udp_way *w, const void *p, size_t n)
{
	const struct udp_out out = { .to = NULL };
	int sent;

	if (!ready(w))
		return;
	sent = udp_send(w->fd, &out, p, n);
	/* That may be of one that left before: each has its say, then ours. */
	for (size_t i = 0; sent == -1 && i <= w->to->at.n && failures(w); i++)
		sent = ready(w) ? udp_send(w->fd, &out, p, n) : -1;
	if (sent < 0)
		unsent(w, sent);
	else
		keep_last(w, p, n);
}

bool
udp_way_is(const struct udp_way *w, const struct addr *a)
{
	return w->fd >= 0 && addr_equal(&w->local, a);
}

void
udp_way_free(struct udp_way *w)
{
	if (w == NULL)
		return;
	close_it(w);
	forget_last(w);
	free(w);
}
