/* SPDX-License-Identifier: MIT */
#include "net/gone.h"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/diag.h"
#include "proto/cidr.h"

/* Its socket, on this machine, belongs to no process any more. */
static bool
abandoned(const struct conn *c)
{
	struct cidr here = cidr_of(&c->local);
	struct diag d;

	if (c->introduced)
		return false;	/* it is not the peer that we could ask about */
	if (!cidr_has(&here, &c->peer) && !addr_is_loopback(&c->peer))
		return false;
	return diag_ask(&d, &c->peer, &c->local) && !d.owned;
}

static bool
all_read(const struct conn *c)
{
	int n = 0;

	return ioctl(c->rfd, FIONREAD, &n) == 0 && n == 0;
}

void
gone_forget(struct gone *g)
{
	if (g->of == NULL)
		return;
	(void)epoll_ctl(g->of->io.fd, EPOLL_CTL_DEL, g->conn->rfd, NULL);
	if (g->link != NULL) {
		if (g->next != NULL)
			g->next->link = g->link;
		*g->link = g->next;
	}
	*g = (struct gone){ 0 };
}

static void
is_gone(struct gone *g, bool reset)
{
	gone_fn *fn = g->of->fn;

	gone_forget(g);
	fn(g, reset);
}

static void
on_look(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct gone_watch *w = t->data;
	struct gone *next = NULL;

	(void)revents;
	for (struct gone *g = w->ended; g != NULL; g = next) {
		next = g->next;
		if (all_read(g->conn) && abandoned(g->conn))
			is_gone(g, false);
	}
	if (w->ended == NULL)
		ev_timer_stop(loop, t);
}

static void
probe(int fd)
{
	int on = 1, s = GONE_PROBE_S, n = GONE_PROBES;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &s, sizeof s);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &s, sizeof s);
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &n, sizeof n);
}

/* It has sent its end: from now on we look whether it is there at all. */
static void
has_ended(struct gone *g)
{
	int fd = g->conn->rfd, on = 0;
	socklen_t len = sizeof on;

	if (g->link != NULL || !addr_is_ip(&g->conn->peer))
		return;
	g->next = g->of->ended;
	g->link = &g->of->ended;
	if (g->next != NULL)
		g->next->link = &g->next;
	g->of->ended = g;
	if (getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, &len) == 0 && !on)
		probe(fd);
	if (ev_is_active(&g->of->look))
		return;
	ev_timer_set(&g->of->look, GONE_FIRST_MS / 1000.0,
	    GONE_LOOK_MS / 1000.0);
	ev_timer_start(g->of->loop, &g->of->look);
}

static void
on_event(struct ev_loop *loop, ev_io *io, int revents)
{
	struct epoll_event e;

	(void)loop, (void)revents;
	/* One at a time: what is done about one may end another. */
	while (epoll_wait(io->fd, &e, 1, 0) == 1) {
		if (e.events & (EPOLLHUP | EPOLLERR))
			is_gone(e.data.ptr, e.events & EPOLLERR);
		else if (e.events & EPOLLRDHUP)
			has_ended(e.data.ptr);
	}
}

int
gone_open(struct gone_watch *w, struct ev_loop *loop, gone_fn *fn)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	*w = (struct gone_watch){ .loop = loop, .fn = fn };
	if (fd < 0)
		return -1;
	ev_io_init(&w->io, on_event, fd, EV_READ);
	ev_init(&w->look, on_look);
	w->io.data = w->look.data = w;
	ev_io_start(loop, &w->io);
	return 0;
}

void
gone_close(struct gone_watch *w)
{
	if (w->loop == NULL)
		return;
	ev_io_stop(w->loop, &w->io);
	ev_timer_stop(w->loop, &w->look);
	close(w->io.fd);
}

int
gone_add(struct gone_watch *w, struct gone *g, const struct conn *c)
{
	struct epoll_event e = { .events = EPOLLRDHUP | EPOLLET,
	    .data.ptr = g };

	*g = (struct gone){ .of = w, .conn = c };
	if (epoll_ctl(w->io.fd, EPOLL_CTL_ADD, c->rfd, &e) == 0)
		return 0;
	*g = (struct gone){ 0 };
	return -1;
}
