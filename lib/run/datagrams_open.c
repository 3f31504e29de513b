/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "net/listener.h"
#include "run/datagrams_state.h"

int
datagrams_check(struct session *s, const struct datagrams_opts *o)
{
	if (!o->udp && (o->size != 0 || o->broadcast))
		return why_set(&s->why, WHY_USAGE, 0,
		    "%s is for --udp", o->size != 0 ? "--datagram-size" :
		    "--broadcast");
	if (o->size != 0 && o->crlf)
		return why_set(&s->why, WHY_USAGE, 0, "--crlf and "
		    "--datagram-size contradict each other");
	return 0;
}

void
datagrams_start(struct datagrams *d)
{
	for (size_t i = 0; i < d->n; i++)
		ev_io_start(d->session->loop, &d->sock[i].r);
	if (conn_pipe_out(d->we) >= 0)
		ev_io_start(d->session->loop, &d->gone);
	if (!d->listens || d->session->typed)
		datagrams_watch_stdin(d);
	datagrams_alive(d);
}

struct datagrams *
datagrams_at(struct session *s, const struct listener *l,
    const struct datagrams_opts *o)
{
	struct datagrams *d = calloc(1, sizeof *d);

	if (d == NULL) {
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	d->listens = true;
	d->port = l->port;
	if (datagrams_init(d, s, o) < 0) {
		datagrams_free(d);
		return NULL;
	}
	for (; d->n < l->n; d->n++)
		datagrams_socket(d, d->n, l->sock[d->n].fd);
	datagrams_start(d);
	return d;
}

unsigned
datagrams_seen(const struct datagrams *d)
{
	return d->senders.seen;
}

void
datagrams_totals(const struct datagrams *d, uint64_t *in, uint64_t *out)
{
	senders_totals(&d->senders, in, out);
}

/* What we did not take in time is gone; it is not passed over in silence. */
void
datagrams_dropped(struct session *s, uint64_t n)
{
	static const char words[] = "%llu datagrams came faster than they "
	    "were taken, and are lost";

	if (n == 0)
		return;
	talk_warn(&s->talk, 0, "dropped", words, (unsigned long long)n);
	if (s->why.kind == WHY_NONE)
		why_set(&s->why, WHY_BROKEN, 0, words, (unsigned long long)n);
}

static void
tell_dropped(struct datagrams *d)
{
	uint64_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += udp_dropped(d->sock[i].fd);
	datagrams_dropped(d->session, n);
}

void
datagrams_free(struct datagrams *d)
{
	struct ev_loop *loop;

	if (d == NULL)
		return;
	loop = d->session->loop;
	tell_dropped(d);
	for (size_t i = 0; i < d->n; i++) {
		ev_io_stop(loop, &d->sock[i].r);
		ev_io_stop(loop, &d->sock[i].w);
		if (!d->listens)
			close(d->sock[i].fd);
	}
	ev_io_stop(loop, &d->in);
	ev_io_stop(loop, &d->out);
	ev_io_stop(loop, &d->gone);
	ev_timer_stop(loop, &d->idle);
	ev_timer_stop(loop, &d->again);
	senders_free(&d->senders);
	conn_close(d->we);
	cutter_free(&d->cut);
	buf_free(&d->heard);
	free(d);
}
