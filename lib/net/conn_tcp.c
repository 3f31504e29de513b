/* SPDX-License-Identifier: MIT */
#include "net/conn.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/clock.h"
#include "talk/talk.h"

static ssize_t
later(ssize_t r)
{
	return r < 0 && (errno == EAGAIN || errno == EINTR) ? CONN_LATER : r;
}

static ssize_t
tcp_read(struct conn *c, void *p, size_t n)
{
	return later(recv(c->rfd, p, n, MSG_DONTWAIT));
}

static ssize_t
tcp_write(struct conn *c, const struct iovec *v, int nv, bool more)
{
	struct msghdr m = {
		.msg_iov = (struct iovec *)(uintptr_t)v,
		.msg_iovlen = (size_t)nv,
	};

	return later(sendmsg(c->wfd, &m,
	    MSG_DONTWAIT | MSG_NOSIGNAL | (more ? MSG_MORE : 0)));
}

static int
tcp_shut(struct conn *c)
{
	return shutdown(c->wfd, SHUT_WR);
}

static void
tcp_close(struct conn *c)
{
	close(c->rfd);
}

static enum conn_kind
tcp_kind(const struct conn *c, bool out)
{
	(void)out;
	/* Of a vsock, not every kernel knows splice(2). */
	return addr_family(&c->local) == AF_VSOCK ? CONN_SEEN : CONN_SOCKET;
}

static const struct conn_ops tcp_ops = {
	.kind = tcp_kind,
	.read = tcp_read,
	.write = tcp_write,
	.shut = tcp_shut,
	.close = tcp_close,
};

struct names {
	struct sockaddr_storage ss[2];
	struct addr local, peer;	/* may borrow from ss */
};

static void
names(struct names *n, int fd)
{
	struct sockaddr *us = (struct sockaddr *)&n->ss[0];
	struct sockaddr *them = (struct sockaddr *)&n->ss[1];
	socklen_t len = sizeof n->ss[0];

	*n = (struct names){ .local.len = 0 };
	if (getsockname(fd, us, &len) == 0)
		addr_set(&n->local, us, len);
	len = sizeof n->ss[1];
	if (getpeername(fd, them, &len) == 0)
		addr_set(&n->peer, them, len);
}

/*
 * A congestion control that paces (BBR is some systems' default) sends to
 * this very machine at a quarter of the speed; there is nothing to pace for.
 */
static void
do_not_pace(struct conn *c)
{
	static const char name[] = CONN_LOOPBACK_CONGESTION;

	c->reno = addr_is_loopback(&c->peer) && setsockopt(c->wfd, IPPROTO_TCP,
	    TCP_CONGESTION, name, sizeof name - 1) == 0;
}

struct conn *
conn_tcp_new(int fd, struct talk *talk)
{
	struct names n;
	struct conn *c;
	int on = 1;

	names(&n, fd);
	c = calloc(1, sizeof *c + addr_name_len(&n.local) +
	    addr_name_len(&n.peer));
	if (c == NULL) {
		close(fd);
		return NULL;
	}
	*c = (struct conn){ .ops = &tcp_ops, .rfd = fd, .wfd = fd,
	    .talk = talk, .id = talk_conn(talk), .opened_ns = clock_ns(),
	    .local = n.local, .peer = n.peer };
	(void)addr_keep(&c->peer, addr_keep(&c->local, (char *)(c + 1)));
	if (!addr_is_ip(&c->local))
		return c;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	do_not_pace(c);
	return c;
}

int
conn_plain(const struct conn *c)
{
	return c->ops == &tcp_ops ? c->rfd : -1;
}

enum conn_who
conn_ender(const struct conn *c)
{
	struct tcp_info ti = { 0 };
	socklen_t len = sizeof ti;

	if (c->first != CONN_NOBODY)
		return c->first;
	return c->id != 0 && getsockopt(c->rfd, IPPROTO_TCP, TCP_INFO, &ti,
	    &len) == 0 && ti.tcpi_state == TCP_CLOSE_WAIT ? CONN_PEER : CONN_US;
}
