/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "run/datagrams_state.h"

/* Who is called by a group's or a network's name answers by its own. */
static bool
for_many(const struct datagrams *d, const struct addr *a)
{
	return d->opts.broadcast || addr_is_multicast(a);
}

static int
prepare(struct datagrams *d, const struct addr *a, int fd)
{
	static const struct sockaddr unnamed = { .sa_family = AF_UNIX };
	int on = d->opts.broadcast, err;
	struct sockaddr_storage to;
	socklen_t len = addr_kernel(a, addr_family(a), &to);
	struct addr from;

	setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
	if (sockopt_apply(d->reach.sockopt, fd, NULL) < 0)
		return errno;
	err = source_bind(&d->reach.source, fd, addr_family(a), &from);
	if (err != 0)
		return err;
	/* The kernel makes up a name, by which we can be answered (unix(7)). */
	if (addr_family(a) == AF_UNIX &&
	    bind(fd, &unnamed, sizeof unnamed.sa_family) < 0)
		return errno;
	if (!for_many(d, a) && connect(fd, (struct sockaddr *)&to, len) < 0)
		return errno;
	return 0;
}

/* 0, or why not. */
static int
use(struct datagrams *d, const struct addr *a)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof ss;
	struct addr local = { 0 };
	int fd = udp_open(addr_family(a)), err;
	struct sender *k;

	if (fd < 0)
		return errno;
	if ((err = prepare(d, a, fd)) != 0) {
		close(fd);
		return err;
	}
	if (!for_many(d, a) &&
	    getsockname(fd, (struct sockaddr *)&ss, &len) == 0)
		addr_set(&local, (struct sockaddr *)&ss, len);
	datagrams_socket(d, 0, fd);
	d->sock[0].connected = !for_many(d, a);
	d->n = 1;
	if ((k = senders_add(&d->senders, a, &local)) == NULL)
		return ENOMEM;
	d->to = k;
	talk_tell(&d->session->talk, &(struct talk_event){
	    .kind = TALK_CONNECTED, .conn = k->id, .peer = &k->peer,
	    .local = addr_family(&local) != AF_UNSPEC ? &k->local : NULL,
	    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(a)),
	    TALK_I(TF_ATTEMPT, d->next), TALK_I(TF_OF, d->reach.at.n)) });
	sockopt_tell(d->reach.sockopt, fd, addr_family(a), &d->session->talk,
	    k->id);
	return 0;
}

static void
leave(struct datagrams *d)
{
	struct ev_loop *loop = d->session->loop;

	if (d->n == 0)
		return;
	ev_io_stop(loop, &d->sock[0].r);
	ev_io_stop(loop, &d->sock[0].w);
	close(d->sock[0].fd);
	d->n = 0;
	datagrams_forget(d, d->to);
}

/* Known at once, of a Unix socket. */
static bool
nobody(int err)
{
	return err == ECONNREFUSED || err == ENOENT;
}

static int
next_address(struct datagrams *d, struct why *why)
{
	char at[ADDR_TEXT];
	int err = EAFNOSUPPORT;
	const struct addr *a = NULL;

	leave(d);
	while (d->next < d->reach.at.n) {
		a = &d->reach.at.addr[d->next++];
		if ((err = use(d, a)) == 0)
			return 0;
		talk_tell(&d->session->talk, &(struct talk_event){
		    .kind = err == EACCES || err == EPERM ? TALK_DENIED :
		    nobody(err) ? TALK_REFUSED : TALK_UNREACHABLE,
		    .err = err, .peer = a,
		    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(a)),
		    TALK_S(TF_PHASE, "connect"), TALK_I(TF_ATTEMPT, d->next),
		    TALK_I(TF_OF, d->reach.at.n)) });
	}
	why_sys(why, err == EADDRINUSE ? WHY_LOCAL : nobody(err) ?
	    WHY_REFUSED : WHY_UNREACHABLE, err, "connect %s",
	    a == NULL ? "" : udp_text(a, at));
	if (err == EPROTOTYPE)
		return why_hint(why, "without --udp: what is there takes no "
		    "datagrams");
	return err == EACCES && !d->opts.broadcast ? why_hint(why,
	    "--broadcast, if that is everybody's address") : -1;
}

bool
datagrams_next_address(struct datagrams *d)
{
	struct why why = { 0 };

	if (next_address(d, &why) < 0) {
		session_leave(d->session, &why);
		return false;
	}
	ev_io_start(d->session->loop, &d->sock[0].r);
	d->waits = d->len > 0;
	return true;
}

struct datagrams *
datagrams_to(struct session *s, const struct reach *r,
    const struct datagrams_opts *o)
{
	struct datagrams *d = calloc(1, sizeof *d);

	if (d == NULL) {
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	d->reach = *r;
	if (datagrams_init(d, s, o) < 0 || next_address(d, &s->why) < 0) {
		datagrams_free(d);
		return NULL;
	}
	datagrams_start(d);
	return d;
}
