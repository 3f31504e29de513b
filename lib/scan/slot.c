/* SPDX-License-Identifier: MIT */
#include "scan/slot.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "scan/icmp.h"

void
slot_close(struct slot *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->watched = s->listening = false;
}

static int
set(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof value);
}

/*
 * A source port of our own choice: the kernel need not search for one, and
 * the port asked is never the port asking. Without one it works as well.
 */
static void
bind_source(struct slot *s, struct slot_opts *o)
{
	struct addr from = s->to;	/* from an address of ours to itself */

	set(s->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	for (unsigned i = 0; i < SCAN_TRIES && o->sources > 0; i++) {
		/* Downwards: ports are asked upwards and seldom meet it. */
		unsigned port =
		    o->source_first + o->sources - 1 - o->source_next;

		o->source_next = (o->source_next + 1) % o->sources;
		addr_set_port(&from, port);
		if (port == addr_port(&s->to) ||
		    bind(s->fd, &from.sa, from.len) < 0)
			continue;
		s->source = port;
		return;
	}
}

static int
open_socket(struct slot *s, bool local, struct slot_opts *o)
{
	static const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	int family = addr_family(&s->to);

	s->fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return -1;
	s->family = family;
	s->source = 0;
	if (family == AF_INET6)
		set(s->fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
	else
		set(s->fd, IPPROTO_IP, IP_RECVERR, 1);
	if (o->abrupt)
		setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
	if (local && s->tries < SCAN_TRIES / 2)
		bind_source(s, o);
	return 0;
}

/*
 * RFC 9293 3.5: two SYNs that cross open a connection. A socket that calls
 * its own port meets its own SYN, and so connects to itself.
 */
static bool
is_itself(int fd)
{
	struct addr us = { .len = sizeof us.in6 };
	struct addr them = { .len = sizeof them.in6 };

	return getsockname(fd, &us.sa, &us.len) == 0 &&
	    getpeername(fd, &them.sa, &them.len) == 0 &&
	    addr_equal(&us, &them);
}

static enum slot_answer
is_open(struct slot *s, struct scan_result *r)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	if (is_itself(s->fd)) {
		slot_close(s);
		return SLOT_AGAIN;
	}
	r->state = SCAN_OPEN;
	r->sign = SCAN_SYN_ACK;
	if (getsockopt(s->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
		r->rtt_ns = (uint64_t)info.tcpi_rtt * NS_PER_US;
	return SLOT_DONE;
}

/* connect(2) failed before a SYN left, or the kernel gave up. */
static enum slot_answer
is_ours(struct slot *s, struct scan_result *r)
{
	r->sign = SCAN_LOCAL;
	switch (r->err) {
	case EADDRNOTAVAIL:	/* this pair of ports is taken: another one */
	case EADDRINUSE:
		slot_close(s);
		return SLOT_AGAIN;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
	case EACCES:		/* prohibit route */
	case EPERM:
	case EINVAL:		/* blackhole route */
		r->state = SCAN_UNREACHABLE;
		return SLOT_DONE;
	case ETIMEDOUT:
		slot_silent(s, r);
		return SLOT_DONE;
	default:
		r->state = SCAN_ERROR;
		return SLOT_DONE;
	}
}

static int
call(const struct slot *s)
{
	return connect(s->fd, &s->to.sa, s->to.len) < 0 ? errno : 0;
}

/* What a connect() that returned err says. */
static enum slot_answer
verdict(struct slot *s, int err, struct scan_result *r)
{
	r->err = err;
	switch (err) {
	case 0:
	case EISCONN:
		r->err = 0;
		return is_open(s, r);
	case ECONNRESET:	/* accepted and dropped: it was open */
	case EPIPE:
		r->state = SCAN_OPEN;
		r->sign = SCAN_SYN_ACK;
		return SLOT_DONE;
	case EINPROGRESS:
	case EALREADY:
	case EINTR:
		return icmp_read(s->fd, r) ? SLOT_DONE : SLOT_WAIT;
	case ECONNREFUSED:
		if (icmp_read(s->fd, r))
			return SLOT_DONE;
		r->state = SCAN_CLOSED;
		r->sign = SCAN_RST;
		return SLOT_DONE;
	default:
		return icmp_read(s->fd, r) ? SLOT_DONE : is_ours(s, r);
	}
}

enum slot_answer
slot_look(struct slot *s, struct scan_result *r)
{
	return verdict(s, call(s), r);
}

/* Before the answer is asked for, which lets go of it. */
static void
learn_source(struct slot *s)
{
	s->from = (struct addr){ .len = sizeof s->from.in6 };
	if (getsockname(s->fd, &s->from.sa, &s->from.len) < 0)
		s->from = (struct addr){ 0 };
}

enum slot_answer
slot_start(struct slot *s, bool local, struct slot_opts *o,
    struct scan_result *r)
{
	int err;

	if (s->fd >= 0 && (s->family != addr_family(&s->to) ||
	    s->source == addr_port(&s->to)))
		slot_close(s);
	if (s->fd < 0 && open_socket(s, local, o) < 0) {
		r->err = errno;
		return SLOT_STARVED;
	}
	if ((err = call(s)) != EINPROGRESS)
		return verdict(s, err, r);
	if (o->recorded)
		learn_source(s);
	/*
	 * On this machine the answer arrived within the call; connect() has
	 * let go of the socket since, and a second one tells it. Elsewhere
	 * it says "already" and costs little.
	 */
	err = call(s);
	return err == EALREADY ? SLOT_WAIT : verdict(s, err, r);
}

void
slot_silent(const struct slot *s, struct scan_result *r)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	r->state = SCAN_FILTERED;
	r->sign = SCAN_SILENCE;
	r->err = ETIMEDOUT;
	r->syns = 1;
	if (getsockopt(s->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0)
		r->syns += info.tcpi_total_retrans;
}
