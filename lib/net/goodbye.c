/* SPDX-License-Identifier: MIT */
#include "net/goodbye.h"

#include <sys/socket.h>
#include <unistd.h>

static void
leave(struct leaver *v)
{
	ev_io_stop(v->of->loop, &v->io);
	ev_timer_stop(v->of->loop, &v->limit);
	close(v->io.fd);
	v->here = false;
}

static void
on_said(struct ev_loop *loop, ev_io *w, int revents)
{
	char data[16 * KIB];

	(void)loop, (void)revents;
	if (recv(w->fd, data, sizeof data, MSG_DONTWAIT) <= 0)
		leave(w->data);
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	leave(t->data);
}

void
goodbyes_init(struct goodbyes *g, struct ev_loop *loop)
{
	*g = (struct goodbyes){ .loop = loop };
}

void
goodbyes_free(struct goodbyes *g)
{
	for (size_t i = 0; i < NELEMS(g->leaver); i++)
		if (g->leaver[i].here)
			leave(&g->leaver[i]);
}

void
goodbye(struct goodbyes *g, int fd, const char *text)
{
	struct leaver *v = NULL;
	char line[128];
	int n = snprintf(line, sizeof line, "%s\n", text);

	for (size_t i = 0; v == NULL && i < NELEMS(g->leaver); i++)
		if (!g->leaver[i].here)
			v = &g->leaver[i];
	/* A new socket has room for a line; if not, it goes without. */
	if (n < 0 || send(fd, line, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL) < 0
	    || v == NULL || shutdown(fd, SHUT_WR) < 0) {
		close(fd);
		return;
	}
	*v = (struct leaver){ .of = g, .here = true };
	ev_io_init(&v->io, on_said, fd, EV_READ);
	ev_timer_init(&v->limit, on_limit, GATE_GOODBYE_MS / 1000.0, 0);
	v->io.data = v->limit.data = v;
	ev_io_start(g->loop, &v->io);
	ev_timer_start(g->loop, &v->limit);
}
