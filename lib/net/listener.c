/* SPDX-License-Identifier: MIT */
#include "net/listener.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/file.h"
#include "net/conn.h"
#include "net/gate.h"
#include "net/here.h"
#include "net/listener_bind.h"
#include "net/sockopt.h"
#include "net/tls.h"
#include "net/udp.h"
#include "talk/talk.h"

enum { BATCH = 64 };	/* clients taken per turn of the loop */
#define PAUSE_S 0.1		/* out of descriptors: accept again after */

/* Where a program on this machine finds it; NULL without a scheme. */
static const char *
url(char *dst, size_t size, const struct listener_opts *o, unsigned port)
{
	const char *host = o->host != NULL ? o->host : "localhost";
	bool v6 = strchr(host, ':') != NULL;

	if (o->scheme == NULL)
		return NULL;
	snprintf(dst, size, "%s://%s%s%s:%u/", o->scheme, v6 ? "[" : "", host,
	    v6 ? "]" : "", port);
	return dst;
}

static void
tell_listening(struct listener *l, const struct listener_opts *o)
{
	struct addr at[RESOLVE_MAX + 1], others[HERE_MAX];
	bool net = false, dual = l->n == 1 && o->host == NULL &&
	    o->family == AF_UNSPEC && addr_is_any(&l->sock[0].addr) &&
	    addr_family(&l->sock[0].addr) == AF_INET6;
	const char *interface = o->sockopt ? o->sockopt->interface : NULL;
	char text[ADDR_HOST + 32];
	size_t n = 0;

	for (; n < l->n; n++) {
		at[n] = l->sock[n].addr;
		net |= !addr_is_loopback(&at[n]) && o->unix_name == NULL;
	}
	if (dual && addr_literal(&at[n], "0.0.0.0", l->port))
		n++;
	if (!talk_heard(l->talk))
		return;
	talk_tell(l->talk, &(struct talk_event){ .kind = TALK_LISTENING,
	    TALK_VALUES(TALK_AS(TF_LOCALS, at, n),
	    TALK_S(TF_INTERFACE, interface),
	    TALK_AS(TF_ADDRS, others, interface || !addr_is_any(&at[0]) ? 0 :
	    here(others, dual ? AF_UNSPEC : addr_family(&at[0]), l->port)),
	    TALK_S(TF_PROTO, o->udp ? udp_proto(&at[0]) :
	    o->unix_name != NULL ? "unix" : o->vsock != NULL ? "vsock" :
	    "tcp"),
	    TALK_I(TF_BACKLOG, o->udp ? TALK_UNKNOWN : LISTENER_BACKLOG),
	    TALK_I(TF_DUAL_STACK, dual),
	    TALK_S(TF_REACH, o->vsock != NULL ? "vsock" :
	    net ? "network" : "machine"),
	    TALK_S(TF_URL, url(text, sizeof text, o, l->port)),
	    TALK_S(TF_SERVING, o->serving)) });
}

int
listener_open(struct listener *l, struct ev_loop *loop, struct talk *talk,
    const struct listener_opts *o, struct why *why)
{
	char line[sizeof "unix:\n" + sizeof l->file.name];
	int n;

	*l = (struct listener){ .loop = loop, .talk = talk, .port = o->port,
	    .any_port = o->port == 0 && o->unix_name == NULL,
	    .blocking = o->blocking, .udp = o->udp, .gate = o->gate,
	    .sockopt = o->sockopt, .wants_header = o->introduced };
	if (listener_bind(l, o, why) < 0)
		return -1;
	tell_listening(l, o);
	n = o->unix_name != NULL ?
	    snprintf(line, sizeof line, "unix:%s\n", l->file.name) :
	    snprintf(line, sizeof line, "%u\n", l->port);
	if (o->port_file != NULL &&
	    file_replace(o->port_file, line, (size_t)n, why) < 0) {
		listener_unbind(l);
		return -1;
	}
	return 0;
}

static void
on_again(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	listener_resume(t->data);
}

/* Full tables empty again when a client goes; spinning would not help. */
static void
pause_a_while(struct listener *l, int err)
{
	talk_warn(l->talk, 0, "accept", "cannot accept: %s (%s); the next "
	    "clients wait", errno_words(err), errno_symbol(err));
	listener_pause(l);
	ev_timer_set(&l->again, PAUSE_S, 0);
	ev_timer_start(l->loop, &l->again);
}

static int
waiting(int fd)
{
	struct tcp_info ti;
	socklen_t len = sizeof ti;

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len) < 0 ? 0 :
	    (int)ti.tcpi_unacked;
}

/*
 * h: for whom somebody else calls; NULL: for himself, from there. Of a client
 * that has reset already only accept() knew who it was.
 */
static void
welcome(struct listening *s, int fd, const struct addr *from,
    const struct proxy_header *h)
{
	struct listener *l = s->of;
	struct unix_peer who = unix_peer(fd, &s->addr);
	struct conn *c = conn_tcp_new(fd, l->talk);

	if (c == NULL) {
		talk_warn(l->talk, 0, "memory", "out of memory: a client is "
		    "turned away");
		return;
	}
	if (addr_family(&c->peer) == AF_UNSPEC && addr_name_len(from) == 0)
		c->peer = *from;
	if (h != NULL && h->known) {
		c->peer = h->from;
		c->local = h->to;
		c->introduced = true;
	}
	sockopt_settle(l->sockopt, c);
	if (talk_heard(l->talk))
		talk_tell(l->talk, &(struct talk_event){
		    .kind = TALK_ACCEPTED, .conn = c->id,
		    .local = &c->local, .peer = &c->peer,
		    TALK_VALUES(TALK_I(TF_QUEUE, s->connected ?
		    TALK_UNKNOWN : waiting(s->fd)),
		    TALK_I(TF_BACKLOG, s->connected ?
		    TALK_UNKNOWN : LISTENER_BACKLOG),
		    TALK_I(TF_PID, who.pid), TALK_I(TF_UID, who.uid),
		    TALK_S(TF_CONGESTION,
		    c->reno ? CONN_LOOPBACK_CONGESTION : NULL)) });
	sockopt_tell_conn(l->sockopt, c);
	if (l->gate != NULL)
		gate_enter(l->gate, c);
	if (l->tls != NULL)
		tls_callers_enter(&l->shaking, c);
	else
		l->client(l->arg, c);
}

/* False: turned away, and fd is taken care of. */
static bool
let_in(struct listener *l, int fd, const struct addr *from)
{
	/* Or we learn later who it is. */
	return l->gate == NULL || l->wants_header ||
	    gate_admits(l->gate, fd, from);
}

static void
on_introduced(void *listener, void *at, int fd, const struct proxy_header *h)
{
	struct listener *l = listener;
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;
	struct addr peer = h->from;

	if (!h->known && getpeername(fd, (struct sockaddr *)&ss, &len) == 0)
		addr_set(&peer, (struct sockaddr *)&ss, len);
	if (l->gate == NULL || gate_admits(l->gate, fd, &peer))
		welcome(at, fd, &peer, h);
}

static void
take(struct listening *s, int fd, const struct addr *from)
{
	if (s->of->wants_header)
		introduced_enter(&s->of->coming, fd, s);
	else
		welcome(s, fd, from, NULL);
}

/* It was accepted by somebody else, and there will be no other. */
static void
on_connected(struct ev_loop *loop, ev_io *w, int revents)
{
	struct listening *s = w->data;
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;
	struct addr from = { 0 };
	int fd = s->fd;

	(void)loop, (void)revents;
	s->of->n = 0;
	if (getpeername(fd, (struct sockaddr *)&ss, &len) == 0)
		addr_set(&from, (struct sockaddr *)&ss, len);
	/* Gone? Reading tells how. */
	if (let_in(s->of, fd, &from))
		take(s, fd, &from);
}

static void
on_callers(struct ev_loop *loop, ev_io *w, int revents)
{
	struct listening *s = w->data;
	struct listener *l = s->of;
	int flags = SOCK_CLOEXEC | (l->blocking ? 0 : SOCK_NONBLOCK);

	(void)loop, (void)revents;
	for (int i = 0; i < BATCH && !l->paused && l->n > 0; i++) {
		struct sockaddr_storage ss;
		socklen_t len = sizeof ss;
		int fd = accept4(s->fd, (struct sockaddr *)&ss, &len, flags);
		struct addr from = { 0 };

		if (fd >= 0)
			addr_set(&from, (struct sockaddr *)&ss, len);
		if (fd >= 0 && let_in(l, fd, &from))
			take(s, fd, &from);
		else if (fd >= 0)
			continue;
		else if (errno == EMFILE || errno == ENFILE ||
		    errno == ENOBUFS || errno == ENOMEM)
			pause_a_while(l, errno);
		else if (errno != ECONNABORTED && errno != EINTR)
			return;		/* EAGAIN: nobody is waiting */
	}
}

void
listener_start(struct listener *l, listener_client *client, void *arg)
{
	l->client = l->shaking.client = client;
	l->arg = l->shaking.arg = arg;
	l->coming = (struct introduced){ .loop = l->loop, .talk = l->talk,
		.fn = on_introduced, .arg = l };
	l->shaking.loop = l->loop;
	l->shaking.tls = l->tls;
	l->paused = true;
	ev_init(&l->again, on_again);
	l->again.data = l;
	for (size_t i = 0; i < l->n; i++) {
		ev_io_init(&l->sock[i].io, l->sock[i].connected ?
		    on_connected : on_callers, l->sock[i].fd, EV_READ);
		l->sock[i].io.data = &l->sock[i];
	}
	listener_resume(l);
}

void
listener_pause(struct listener *l)
{
	l->paused = true;
	for (size_t i = 0; i < l->n; i++)
		ev_io_stop(l->loop, &l->sock[i].io);
}

void
listener_resume(struct listener *l)
{
	if (!l->paused || l->client == NULL)
		return;
	l->paused = false;
	ev_timer_stop(l->loop, &l->again);
	for (size_t i = 0; i < l->n; i++)
		if (l->sock[i].connected)	/* may wait for us */
			ev_feed_event(l->loop, &l->sock[i].io, EV_READ);
		else
			ev_io_start(l->loop, &l->sock[i].io);
}

void
listener_close(struct listener *l)
{
	if (l->client != NULL) {
		listener_pause(l);
		ev_timer_stop(l->loop, &l->again);
	}
	l->client = NULL;
	listener_unbind(l);
	introduced_clear(&l->coming);
	tls_callers_clear(&l->shaking);
	tls_free(l->tls);
	l->tls = NULL;
}
