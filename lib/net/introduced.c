/* SPDX-License-Identifier: MIT */
#include "net/introduced.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/why.h"
#include "talk/talk.h"

struct newcomer {
	struct introduced *of;
	struct newcomer	*newer, *older;
	void		*at;
	ssize_t		 had;		/* bytes, when last looked at */
	ev_io		 io;
	ev_timer	 limit;
};

/* The socket stays. */
static void
forget(struct newcomer *k)
{
	struct introduced *all = k->of;

	ev_io_stop(all->loop, &k->io);
	ev_timer_stop(all->loop, &k->limit);
	if (k->newer != NULL)
		k->newer->older = k->older;
	else
		all->first = k->older;
	if (k->older != NULL)
		k->older->newer = k->newer;
	else
		all->last = k->newer;
	all->n--;
	free(k);
}

static void
send_away(struct newcomer *k, const char *why)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	struct addr peer = { 0 };
	char text[128];

	if (getpeername(k->io.fd, (struct sockaddr *)&ss, &len) == 0)
		addr_set(&peer, (struct sockaddr *)&ss, len);
	snprintf(text, sizeof text, "no PROXY header: %s", why);
	talk_tell(k->of->talk, &(struct talk_event){
	    .kind = TALK_TURNED_AWAY, .peer = &peer,
	    TALK_VALUES(TALK_S(TF_CODE, "proxy-header"),
	    TALK_S(TF_TEXT, text)) });
	close(k->io.fd);
	forget(k);
}

/* Wakes up again when there is more than that. */
static void
wait_beyond(int fd, int n)
{
	n++;
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &n, sizeof n);
}

static void
on_said(struct ev_loop *loop, ev_io *w, int revents)
{
	struct newcomer *k = w->data;
	struct introduced *all = k->of;
	char data[PROXY_HEADER_MAX];
	struct proxy_header h;
	const char *why = NULL;
	void *at = k->at;
	ssize_t n;
	int fd = w->fd, len;

	(void)loop, (void)revents;
	n = recv(fd, data, sizeof data, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		send_away(k, n == 0 ? "the caller has left" :
		    errno_symbol(errno));
		return;
	}
	if ((len = proxy_header_parse(&h, data, (size_t)n, &why)) < 0)
		send_away(k, why);
	else if (len == 0 && n == k->had)
		send_away(k, "it has an end but is not complete");
	else if (len == 0) {
		k->had = n;
		wait_beyond(fd, (int)n);
	}
	else if (recv(fd, data, (size_t)len, MSG_DONTWAIT) != len)
		send_away(k, "it cannot be read");
	else {
		wait_beyond(fd, 0);
		forget(k);
		all->fn(all->arg, at, fd, &h);
	}
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	send_away(t->data, "not within 5 s");
}

void
introduced_enter(struct introduced *all, int fd, void *at)
{
	struct newcomer *k = calloc(1, sizeof *k);

	if (k == NULL) {
		close(fd);
		return;
	}
	*k = (struct newcomer){ .of = all, .older = all->first, .at = at };
	if (k->older != NULL)
		k->older->newer = k;
	else
		all->last = k;
	all->first = k;
	all->n++;
	ev_io_init(&k->io, on_said, fd, EV_READ);
	ev_timer_init(&k->limit, on_limit, INTRODUCED_MS / 1000.0, 0);
	k->io.data = k->limit.data = k;
	ev_io_start(all->loop, &k->io);
	ev_timer_start(all->loop, &k->limit);
	if (all->n > INTRODUCED_MAX)
		send_away(all->last, "too many are asked at a time");
}

void
introduced_clear(struct introduced *all)
{
	while (all->first != NULL) {
		close(all->first->io.fd);
		forget(all->first);
	}
}
