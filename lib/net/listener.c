/* SPDX-License-Identifier: MIT */
#include "net/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/file.h"
#include "net/bind_failed.h"
#include "net/conn.h"
#include "net/gate.h"
#include "net/here.h"
#include "net/sockopt.h"
#include "net/tls.h"
#include "net/udp.h"
#include "talk/talk.h"

enum {
	BATCH = 64,		/* clients taken per turn of the loop */
	FREE_PORT_TRIES = 16,	/* to find one that is free on every address */
};
#define PAUSE_S 0.1		/* out of descriptors: accept again after */

/* Two sockets for :: and 0.0.0.0 are not needed: one serves both. */
static int
socket_on(const struct listener *l, const struct addr *a, bool dual)
{
	bool udp = l->udp;
	int fd = udp ? udp_open(addr_family(a)) : socket(addr_family(a),
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    sockopt_protocol(l->sockopt, addr_family(a)));
	int on = 1, v6only = !dual, err;

	if (fd < 0)
		return -1;
	/* Of two UDP sockets on a port, one would hear what is for both. */
	if (!udp)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (addr_family(a) == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only,
		    sizeof v6only);
	if (sockopt_apply(l->sockopt, fd, NULL) == 0 &&
	    bind(fd, &a->sa, a->len) == 0 &&
	    (udp || listen(fd, LISTENER_BACKLOG) == 0))
		return fd;
	err = errno;
	close(fd);
	errno = err;
	return -1;
}

static unsigned
bound_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	struct addr a = { 0 };

	if (getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		addr_set(&a, (struct sockaddr *)&ss, len);
	return addr_port(&a);
}

static void
close_all(struct listener *l)
{
	for (size_t i = 0; i < l->n; i++)
		close(l->sock[i].fd);
	l->n = 0;
	unix_socket_remove(&l->file);
}

/* Every address on one port; the first to be bound fixes a free one. */
static int
bind_all(struct listener *l, const struct resolve *at, bool dual)
{
	int err = 0;

	for (size_t i = 0; i < at->n; i++) {
		struct listening *s = &l->sock[l->n];

		s->of = l;
		s->addr = at->addr[i];
		if (l->port != 0)
			addr_set_port(&s->addr, l->port);
		if ((s->fd = socket_on(l, &s->addr, dual)) < 0) {
			/* No IPv6 here is no reason to give up IPv4. */
			if (errno == EAFNOSUPPORT || (errno == EADDRNOTAVAIL &&
			    at->n > 1 && addr_is_loopback(&s->addr)))
				continue;
			err = errno;
			l->sock[0].addr = s->addr;
			close_all(l);
			errno = err;
			return -1;
		}
		sockopt_listening(l->sockopt, s->fd, i == 0 ? l->talk : NULL);
		l->port = bound_port(s->fd);
		addr_set_port(&s->addr, l->port);
		l->n++;
	}
	errno = EADDRNOTAVAIL;
	return l->n > 0 ? 0 : -1;
}

static int
bind_some(struct listener *l, const struct resolve *at, bool dual)
{
	unsigned asked = l->port;
	int r = -1;

	for (int i = 0; i < FREE_PORT_TRIES && r < 0; i++) {
		l->port = asked;
		r = bind_all(l, at, dual);
		if (asked != 0 || errno != EADDRINUSE)
			break;
	}
	return r;
}

static int
wildcard(struct listener *l, const struct listener_opts *o)
{
	struct resolve at = { .n = 1 };

	if (o->family != AF_INET) {
		if (addr_literal(&at.addr[0], "::", l->port) &&
		    bind_some(l, &at, o->family != AF_INET6) == 0)
			return 0;
		if (o->family == AF_INET6 ||
		    (errno != EAFNOSUPPORT && errno != EADDRNOTAVAIL))
			return -1;
	}
	return addr_literal(&at.addr[0], "0.0.0.0", l->port) ?
	    bind_some(l, &at, false) : -1;
}

static int
loopback(struct listener *l, const struct listener_opts *o)
{
	struct resolve at = { .n = 0 };

	if (o->family != AF_INET6 &&
	    addr_literal(&at.addr[at.n], "127.0.0.1", l->port))
		at.n++;
	if (o->family != AF_INET &&
	    addr_literal(&at.addr[at.n], "::1", l->port))
		at.n++;
	return bind_some(l, &at, false);
}

static int
open_sockets(struct listener *l, const struct listener_opts *o,
    struct why *why)
{
	struct resolve at;
	int r;

	if (o->unix_name != NULL) {
		l->file.datagrams = o->udp;
		l->sock[0] = (struct listening){ .of = l,
		    .fd = unix_socket_open(&l->file, o->unix_name,
		    LISTENER_BACKLOG, l->talk, why) };
		l->sock[0].addr = l->file.addr;
		l->n = l->sock[0].fd >= 0;
		return l->n > 0 ? 0 : -1;
	}
	if (o->host != NULL) {
		if (resolve(&at, l->talk, &(struct resolve_ask){
		    .host = o->host, .port = o->port, .family = o->family },
		    why) < 0)
			return -1;
		r = bind_some(l, &at, false);
	} else
		r = o->local ? loopback(l, o) : wildcard(l, o);
	if (r == 0)
		return 0;
	return bind_failed(l->talk, &l->sock[0].addr, l->udp, errno, why);
}

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
	    o->unix_name != NULL ? "unix" : "tcp"),
	    TALK_I(TF_BACKLOG, o->udp ? TALK_UNKNOWN : LISTENER_BACKLOG),
	    TALK_I(TF_DUAL_STACK, dual),
	    TALK_S(TF_REACH, net ? "network" : "machine"),
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
	    .sockopt = o->sockopt };
	if (open_sockets(l, o, why) < 0)
		return -1;
	tell_listening(l, o);
	n = o->unix_name != NULL ?
	    snprintf(line, sizeof line, "unix:%s\n", l->file.name) :
	    snprintf(line, sizeof line, "%u\n", l->port);
	if (o->port_file != NULL &&
	    file_replace(o->port_file, line, (size_t)n, why) < 0) {
		close_all(l);
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

static void
welcome(struct listening *s, int fd)
{
	struct listener *l = s->of;
	struct unix_peer who = unix_peer(fd, &s->addr);
	struct conn *c = conn_tcp_new(fd, l->talk);

	if (c == NULL) {
		talk_warn(l->talk, 0, "memory", "out of memory: a client is "
		    "turned away");
		return;
	}
	sockopt_settle(l->sockopt, c);
	if (talk_heard(l->talk))
		talk_tell(l->talk, &(struct talk_event){
		    .kind = TALK_ACCEPTED, .conn = c->id,
		    .local = &c->local, .peer = &c->peer,
		    TALK_VALUES(TALK_I(TF_QUEUE, waiting(s->fd)),
		    TALK_I(TF_BACKLOG, LISTENER_BACKLOG),
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
let_in(struct listener *l, int fd, const struct sockaddr *from, socklen_t len)
{
	struct addr peer;

	if (l->gate == NULL)
		return true;
	addr_set(&peer, from, len);
	return gate_admits(l->gate, fd, &peer);
}

static void
on_callers(struct ev_loop *loop, ev_io *w, int revents)
{
	struct listening *s = w->data;
	struct listener *l = s->of;
	int flags = SOCK_CLOEXEC | (l->blocking ? 0 : SOCK_NONBLOCK);

	(void)loop, (void)revents;
	for (int i = 0; i < BATCH && !l->paused && l->n > 0; i++) {
		struct sockaddr_storage from;
		socklen_t len = sizeof from;
		int fd = accept4(s->fd, (struct sockaddr *)&from, &len, flags);

		if (fd >= 0 && let_in(l, fd, (struct sockaddr *)&from, len))
			welcome(s, fd);
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
	l->shaking.loop = l->loop;
	l->shaking.tls = l->tls;
	l->paused = true;
	ev_init(&l->again, on_again);
	l->again.data = l;
	for (size_t i = 0; i < l->n; i++) {
		ev_io_init(&l->sock[i].io, on_callers, l->sock[i].fd, EV_READ);
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
	close_all(l);
	tls_callers_clear(&l->shaking);
	tls_free(l->tls);
	l->tls = NULL;
}
