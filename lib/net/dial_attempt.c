/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/conn_wire.h"
#include "net/dial_state.h"
#include "net/early.h"
#include "net/facts.h"
#include "net/sockopt.h"

void
attempt_give_up(struct attempt *a)
{
	if (a->fd < 0)
		return;
	ev_io_stop(a->dial->loop, &a->io);
	close(a->fd);
	a->fd = -1;
}

void
attempt_fail(struct attempt *a, int err)
{
	struct dial *d = a->dial;
	uint64_t took = clock_ns() - a->since;	/* before facts are looked up */
	struct facts f;

	/* There, that nobody listens is said by a reset (virtio 1.2 5.10.6). */
	if (err == ECONNRESET && addr_family(&a->addr) == AF_VSOCK)
		err = ECONNREFUSED;
	a->err = err;
	d->last = (size_t)(a - d->try);
	/* What connect() itself refused never left. */
	if (ev_is_active(&a->io) || !addr_is_ip(&a->addr))
		conn_wire_none(d->talk, a->fd, &a->addr, a->since, err);
	facts_of_call(&f, d->talk, a->fd, &a->addr, err);
	attempt_give_up(a);
	attempt_tell_failed(a, took, &f);
}

int
attempt_begin(struct attempt *a,
    void (*on_answer)(struct ev_loop *, ev_io *, int))
{
	const struct dial_opts *o = &a->dial->opts;
	struct sockaddr_storage to;
	struct addr from;
	int err;
	socklen_t len = addr_kernel(&a->addr, addr_family(&a->addr), &to);

	a->begun = true;
	if (a->since == 0)
		a->since = clock_ns();
	a->fd = socket(addr_family(&a->addr),
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	    sockopt_protocol(o->sockopt, addr_family(&a->addr)));
	if (a->fd < 0)
		return errno;
	ev_io_init(&a->io, on_answer, a->fd, EV_WRITE);
	a->io.data = a;
	if (sockopt_apply(o->sockopt, a->fd, NULL) < 0)
		return errno;
	err = source_bind(&o->source, a->fd, addr_family(&a->addr), &from);
	if (err != 0) {
		a->at_source = true;
		return err;
	}
	return early_connect(o->early, a->fd, (struct sockaddr *)&to, len,
	    &a->early);
}

/*
 * A socket that calls a free port of its own machine may be given that very
 * port and answer itself (simultaneous open, RFC 9293 3.5): nobody listens.
 */
static bool
self_connected(int fd)
{
	struct sockaddr_storage us = { 0 }, them = { 0 };
	socklen_t n = sizeof us, m = sizeof them;
	struct addr a, b;

	if (getsockname(fd, (struct sockaddr *)&us, &n) < 0 ||
	    (us.ss_family != AF_INET && us.ss_family != AF_INET6) ||
	    getpeername(fd, (struct sockaddr *)&them, &m) < 0)
		return false;
	addr_set(&a, (struct sockaddr *)&us, n);
	addr_set(&b, (struct sockaddr *)&them, m);
	return addr_equal(&a, &b);
}

int
attempt_answer(struct attempt *a)
{
	socklen_t len = sizeof(int);
	int err = 0;

	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		err = errno;
	a->itself = err == 0 && self_connected(a->fd);
	return a->itself ? ECONNREFUSED : err;
}
