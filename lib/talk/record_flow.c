/* SPDX-License-Identifier: MIT */
#include "talk/record_flow.h"

#include <errno.h>

#include "proto/pcapng.h"

/* Knuth's multiplicative hash: numbers that do not look alike. */
enum { SPREAD = 0x9E3779B1u };

static void
made_up(struct flow *f)
{
	for (unsigned us = 0; us < 2; us++) {
		struct sockaddr_in in = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(us ? INADDR_LOOPBACK :
			INADDR_LOOPBACK + 1),
			.sin_port = htons((uint16_t)(RECORD_PORT +
			f->id % RECORD_PORTS)) };

		addr_set(&f->end[us], (struct sockaddr *)&in, sizeof in);
	}
}

/* Not known (a datagram's, before the first one came): 0.0.0.0 or ::. */
static void
any_of(struct addr *a, int family)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (family == AF_INET6)
		addr_set(a, (struct sockaddr *)&in6, sizeof in6);
	else
		addr_set(a, (struct sockaddr *)&in, sizeof in);
}

void
record_ends(struct flow *f, const struct addr *local, const struct addr *peer)
{
	if (peer == NULL || !addr_is_ip(peer)) {
		made_up(f);
		return;
	}
	f->end[false] = *peer;
	if (local != NULL && addr_family(local) == addr_family(peer))
		f->end[true] = *local;
	else
		any_of(&f->end[true], addr_family(peer));
}

const char *
record_place(const struct addr *local, const struct addr *peer,
    char dst[static ADDR_TEXT + 4])
{
	const struct addr *a = local != NULL && addr_family(local) == AF_UNIX &&
	    !addr_is_unnamed(local) ? local : peer;
	char text[ADDR_TEXT];

	dst[0] = '\0';
	if (a != NULL && addr_family(a) != AF_UNSPEC && !addr_is_ip(a))
		snprintf(dst, ADDR_TEXT + 4, "%s: ", addr_text(a, text));
	return dst;
}

struct flow *
record_find(struct record *r, unsigned id)
{
	struct flow *f = r->bucket[id % BUCKETS];

	while (f != NULL && f->id != id)
		f = f->next;
	return f;
}

struct flow *
record_add(struct record *r, const struct talk_event *e)
{
	struct flow *f = calloc(1, sizeof *f);

	if (f == NULL)
		return NULL;
	f->id = e->conn;
	f->held = (struct buf)BUF_MAX(RECORD_HELD + PACKET_MAX + 4 * KIB);
	/* A port that comes again must not look like the first one's copy. */
	f->seq[true] = f->id * (uint32_t)SPREAD;
	f->seq[false] = ~f->seq[true];
	record_ends(f, e->local, e->peer);
	f->next = r->bucket[f->id % BUCKETS];
	r->bucket[f->id % BUCKETS] = f;
	return f;
}

static void
free_flow(struct flow *f)
{
	buf_free(&f->held);
	free(f->last);
	free(f);
}

void
record_forget(struct record *r, unsigned id)
{
	struct flow **at = &r->bucket[id % BUCKETS], *f;

	while ((f = *at) != NULL && f->id != id)
		at = &f->next;
	if (f == NULL)
		return;
	record_release(r, f);
	*at = f->next;
	free_flow(f);
}

void
record_forget_all(struct record *r)
{
	struct flow *f;

	for (size_t i = 0; i < BUCKETS; i++)
		while ((f = r->bucket[i]) != NULL)
			record_forget(r, f->id);
}

void
record_release(struct record *r, struct flow *f)
{
	if (!f->holding)
		return;
	f->holding = false;
	if (buf_add(&r->out, buf_head(&f->held), f->held.len) < 0)
		r->err = ENOBUFS;
	buf_free(&f->held);
}

/* The packet k, from one end of the flow to the other. Returns its length. */
static size_t
put(struct record *r, struct flow *f, const struct made *m, struct packet *k)
{
	struct pcapng_packet p = { .ns = m->ns, .out = m->out,
		.comment = m->comment, .data = r->packet };

	k->from = f->end[m->out];
	k->to = f->end[!m->out];
	k->id = ++r->id;
	p.len = packet_put(r->packet, k);
	if (f->holding && f->held.len > RECORD_HELD)
		record_release(r, f);
	if (r->out.len > OUT_MAX / 2)
		record_flush(r);
	if (pcapng_put(f->holding ? &f->held : &r->out, &p) < 0)
		r->err = ENOBUFS;
	return p.len;
}

/* What we sent may come back in an ICMP message. */
static void
keep(struct record *r, struct flow *f, size_t n)
{
	if (f->last == NULL && (f->last = malloc(PACKET_QUOTE)) == NULL)
		return;
	f->last_len = n < PACKET_QUOTE ? n : PACKET_QUOTE;
	memcpy(f->last, r->packet, f->last_len);
}

void
record_tcp(struct record *r, struct flow *f, const struct made *m,
    unsigned flags)
{
	struct packet k = { .proto = PACKET_TCP, .flags = (uint8_t)flags,
		.seq = f->seq[m->out],
		.ack = (flags & PACKET_ACK) != 0 ? f->seq[!m->out] : 0 };
	size_t n = put(r, f, m, &k);

	if (flags == PACKET_SYN && m->out)
		keep(r, f, n);
	if ((flags & (PACKET_SYN | PACKET_FIN)) != 0)
		f->seq[m->out]++;
}

void
record_segment(struct record *r, struct flow *f, const struct made *m,
    const void *data, size_t n)
{
	struct packet k = { .proto = PACKET_TCP,
		.flags = PACKET_PSH | PACKET_ACK, .seq = f->seq[m->out],
		.ack = f->seq[!m->out], .data = data, .len = n };

	put(r, f, m, &k);
	f->seq[m->out] += (uint32_t)n;
}

void
record_udp(struct record *r, struct flow *f, const struct made *m,
    const void *data, size_t n)
{
	struct packet k = { .proto = PACKET_UDP, .data = data, .len = n };
	size_t len = put(r, f, m, &k);

	if (m->out)
		keep(r, f, len);
}

void
record_unreachable(struct record *r, struct flow *f, const struct made *m,
    enum packet_reason reason)
{
	struct packet k = { .proto = PACKET_ICMP, .reason = reason,
		.data = f->last, .len = f->last_len };

	if (f->last != NULL)
		put(r, f, m, &k);
}
