/* SPDX-License-Identifier: MIT */
#include "net/conn_wire.h"

#include <errno.h>

#include "net/conn_kernel.h"
#include "talk/talk.h"

void
conn_passed(const struct conn *c, bool out, const void *p, size_t n)
{
	if (c->id != 0 && talk_wired(c->talk))
		talk_wire(c->talk, &(struct talk_wire){
		    .kind = TALK_WIRE_DATA, .conn = c->id, .out = out,
		    .data = p, .len = n });
}

void
conn_wire_carried(const struct conn *c, bool out, const void *p, size_t n)
{
	if (c->id != 0 && talk_wired(c->talk))
		talk_wire(c->talk, &(struct talk_wire){
		    .kind = TALK_WIRE_CARRIED, .conn = c->id, .out = out,
		    .data = p, .len = n });
}

void
conn_wire_end(const struct conn *c, bool out)
{
	if (c->id != 0 && talk_wired(c->talk))
		talk_wire(c->talk, &(struct talk_wire){
		    .kind = TALK_WIRE_END, .conn = c->id, .out = out });
}

/* EPIPE: what we had sent before was answered by a reset. */
void
conn_wire_failed(const struct conn *c, int err)
{
	if (c->id != 0 && talk_wired(c->talk) &&
	    (err == ECONNRESET || err == EPIPE))
		talk_wire(c->talk, &(struct talk_wire){
		    .kind = TALK_WIRE_RESET, .conn = c->id, .err = err });
}

void
conn_wire_close(const struct conn *c)
{
	struct talk_wire w = { .kind = TALK_WIRE_END, .conn = c->id,
		.out = true };

	if (c->id == 0 || !talk_wired(c->talk))
		return;
	if (c->layer == NULL && !c->uncounted) {
		w.sent = c->out;
		w.received = c->in;
	}
	if (conn_kernel_unread(c) > 0)
		w.kind = TALK_WIRE_RESET;
	talk_wire(c->talk, &w);
}

/* How often was it asked for? 0: not known (a Unix socket). */
static unsigned
syns(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof info;

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 ?
	    info.tcpi_total_retrans + 1 : 0;
}

void
conn_wire_none(struct talk *t, int fd, const struct addr *peer,
    uint64_t since_ns, int err)
{
	struct sockaddr_storage us = { 0 };
	socklen_t len = sizeof us;
	struct addr local = { 0 };

	if (!talk_wired(t))
		return;
	if (addr_is_ip(peer) &&
	    getsockname(fd, (struct sockaddr *)&us, &len) == 0)
		addr_set(&local, (struct sockaddr *)&us, len);
	talk_wire(t, &(struct talk_wire){ .kind = TALK_WIRE_FAILED, .err = err,
	    .local = &local, .peer = peer, .since_ns = since_ns,
	    .tries = syns(fd) });
}
