/* SPDX-License-Identifier: MIT */
#include "net/listener_bind.h"

#include <errno.h>
#include <unistd.h>

#include "net/bind_failed.h"
#include "net/sockopt.h"
#include "net/udp.h"

enum { FREE_PORT_TRIES = 16 };	/* to find one that is free on every address */

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

void
listener_unbind(struct listener *l)
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
			if ((errno == EAFNOSUPPORT &&
			    addr_is_ip(&s->addr)) || (errno == EADDRNOTAVAIL &&
			    at->n > 1 && addr_is_loopback(&s->addr)))
				continue;
			err = errno;
			l->sock[0].addr = s->addr;
			listener_unbind(l);
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

int
listener_bind(struct listener *l, const struct listener_opts *o,
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
	if (o->vsock != NULL) {
		at = (struct resolve){ .addr = { *o->vsock }, .n = 1 };
		if (o->port == 0)
			addr_set_port(&at.addr[0], VMADDR_PORT_ANY);
		r = bind_all(l, &at, false);
	} else if (o->host != NULL) {
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
