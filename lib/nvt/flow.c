/* SPDX-License-Identifier: MIT */
#include <ev.h>

#include "nvt/inside.h"
#include "proto/telnet_opt.h"

static void
turn(struct nvt *n, ev_io *w, bool on)
{
	if (on && w->fd >= 0)
		ev_io_start(n->loop, w);
	else
		ev_io_stop(n->loop, w);
}

/* What is read and written next follows from what is held. */
void
nvt_arrange(struct nvt *n)
{
	if (n->over)
		return;
	if (n->no_input && n->up.len == 0 && !n->up_ended) {
		n->up_ended = true;
		conn_shut(n->net);
		nvt_settle(n);
	}
	if (n->net->ended_in && n->down.len == 0 && !n->down_ended) {
		n->down_ended = true;
		conn_shut(n->we);
		nvt_settle(n);
	}
	if (n->over)
		return;
	turn(n, &n->net_r, !n->net->ended_in && !n->held &&
	    n->up.len < NVT_HELD_MAX && n->down.len < NVT_HELD_MAX);
	turn(n, &n->net_w, n->up.len > 0);
	/* The escape key must be heard even if the server takes nothing. */
	turn(n, &n->we_r, !n->we->ended_in && (n->o.typed || n->up.len == 0));
	turn(n, &n->we_w, n->down.len > 0);
}

static void
alive(struct nvt *n)
{
	if (n->o.idle_ms > 0 && !n->over)
		ev_timer_again(n->loop, &n->idle);
}

static void
drain(struct nvt *n, struct buf *b, struct conn *to)
{
	struct why why = { 0 };

	while (b->len > 0 && !n->over) {
		ssize_t k = conn_write(to, buf_head(b), b->len, &why);

		if (k == CONN_LATER)
			return;
		if (k < 0) {
			nvt_finish(n, &why);
			return;
		}
		buf_drop(b, (size_t)k);
		alive(n);
	}
}

void
nvt_flush(struct nvt *n)
{
	if (n->up.len > 0)
		nvt_foresee_end(n);
	if (n->net->ended_out)
		buf_clear(&n->up);	/* answers that came too late */
	drain(n, &n->up, n->net);
	drain(n, &n->down, n->we);
	nvt_arrange(n);
}

static void
on_event(struct nvt *n, const struct telnet_event *ev)
{
	char name[TELNET_NAME_MAX];

	if (ev->kind == TELNET_DATA) {
		nvt_ok(n, buf_add(nvt_gathers(n) ? &n->piece : &n->down,
		    ev->data, ev->len));
		return;
	}
	nvt_received(n);
	if (ev->kind == TELNET_NEGOTIATE)
		nvt_negotiated(n, ev);
	else if (ev->kind == TELNET_SUB)
		nvt_sub(n, ev);
	else if (ev->kind == TELNET_OVERFLOW)
		nvt_warn(n, "the subnegotiation of %s is longer than %d KiB; "
		    "the rest of it is dropped",
		    telnet_opt_name((uint8_t)ev->opt, name),
		    TELNET_SUB_MAX / KIB);
	else
		nvt_commanded(n, ev->cmd);
}

static void
decode(struct nvt *n, const uint8_t *p, size_t len)
{
	struct telnet_event ev;

	while (len > 0 && !n->over) {
		size_t used = telnet_next(&n->codec, p, len, &ev);

		p += used;
		len -= used;
		if (ev.kind != TELNET_NONE)
			on_event(n, &ev);
	}
	nvt_received(n);
	nvt_settle_mode(n);	/* ECHO and SGA together: changed once */
}

static void
on_net_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct nvt *n = w->data;
	struct why why = { 0 };
	uint8_t data[NVT_READ];
	ssize_t k;

	(void)loop, (void)revents;
	nvt_foresee_end(n);
	k = conn_read(n->net, data, sizeof data, &why);
	if (k == -1)
		nvt_finish(n, &why);
	else if (k == 0)
		nvt_arrange(n);
	if (k <= 0)
		return;
	alive(n);
	if (n->o.exact_in && n->we->wfd >= 0)
		nvt_ok(n, buf_add(&n->down, data, (size_t)k));
	decode(n, data, (size_t)k);
	if (!n->over)
		nvt_flush(n);
}

static void
on_writable(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)loop, (void)revents;
	nvt_flush(w->data);
}

static void
on_we_readable(struct ev_loop *loop, ev_io *w, int revents)
{
	struct nvt *n = w->data;
	struct why why = { 0 };
	char data[NVT_READ / 4];
	ssize_t k = conn_read(n->we, data, sizeof data, &why);

	(void)loop, (void)revents;
	if (k == -1)
		nvt_finish(n, &why);
	else if (k == 0)
		nvt_input_ended(n);
	else if (k > 0) {
		alive(n);
		nvt_input(n, data, (size_t)k);
	}
	if (!n->over)
		nvt_flush(n);
}

static void
watch(struct nvt *n, ev_io *w, int fd, int events,
    void (*on)(struct ev_loop *, ev_io *, int))
{
	ev_io_init(w, on, fd, events);
	w->data = n;
}

void
nvt_flows(struct nvt *n)
{
	watch(n, &n->net_r, n->net->rfd, EV_READ, on_net_readable);
	watch(n, &n->net_w, n->net->wfd, EV_WRITE, on_writable);
	watch(n, &n->we_r, n->we->rfd, EV_READ, on_we_readable);
	watch(n, &n->we_w, n->we->wfd, EV_WRITE, on_writable);
	alive(n);
}
