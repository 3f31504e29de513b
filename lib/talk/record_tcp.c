/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/clock.h"
#include "base/why.h"
#include "talk/record_flow.h"

enum { COMMENT = ADDR_TEXT + 200 };

void
record_handshake(struct record *r, struct flow *f, const struct talk_event *e)
{
	bool called = e->kind == TALK_ACCEPTED;
	int64_t us = talk_get_int(e, TF_DUR_US, 0);
	struct made syn = { .ns = e->wall_ns - (uint64_t)us * NS_PER_US,
		.out = !called };
	struct made answer = { .ns = e->wall_ns, .out = called };
	struct made ack = { .ns = e->wall_ns, .out = !called };
	char comment[COMMENT], place[ADDR_TEXT + 4];

	record_place(e->local, e->peer, place);
	if (called)
		snprintf(comment, sizeof comment, "%s#%u: accept() returned "
		    "this connection; the handshake is synthesised", place,
		    f->id);
	else
		snprintf(comment, sizeof comment, "%s#%u: connect() took "
		    "%lld us; the handshake is synthesised", place, f->id,
		    (long long)us);
	syn.comment = comment;
	record_tcp(r, f, &syn, PACKET_SYN);
	record_tcp(r, f, &answer, PACKET_SYN | PACKET_ACK);
	record_tcp(r, f, &ack, PACKET_ACK);
}

static struct made
now(const struct talk_wire *w, bool out)
{
	return (struct made){ .ns = w->wall_ns, .out = out };
}

void
record_data(struct record *r, struct flow *f, const struct talk_wire *w)
{
	const struct made m = now(w, w->out), ack = now(w, !w->out);
	const char *p = w->data;
	size_t n = w->len;

	if (f->over || f->ended[w->out])
		return;
	f->bytes[w->out] += n;
	while (n > 0) {
		size_t k = n < PACKET_DATA ? n : PACKET_DATA;

		record_segment(r, f, &m, p, k);
		record_tcp(r, f, &ack, PACKET_ACK);
		p += k;
		n -= k;
	}
}

/* Bytes that a process or thread moved, which we did not see. */
static const char *
unseen(const struct flow *f, const struct talk_wire *w, char *dst, size_t size)
{
	uint64_t out = w->sent > f->bytes[true] ? w->sent - f->bytes[true] : 0;
	uint64_t in = w->received > f->bytes[false] ?
	    w->received - f->bytes[false] : 0;

	if (out + in == 0)
		return NULL;
	snprintf(dst, size, "not recorded: %llu B sent and %llu B received by "
	    "a process or thread of this connection", (unsigned long long)out,
	    (unsigned long long)in);
	return dst;
}

void
record_end(struct record *r, struct flow *f, const struct talk_wire *w)
{
	struct made m = now(w, w->out), ack = now(w, !w->out);
	char comment[COMMENT];

	if (f->over || f->ended[w->out])
		return;
	m.comment = unseen(f, w, comment, sizeof comment);
	f->ended[w->out] = true;
	record_tcp(r, f, &m, PACKET_FIN | PACKET_ACK);
	record_tcp(r, f, &ack, PACKET_ACK);
}

void
record_reset(struct record *r, struct flow *f, const struct talk_wire *w)
{
	struct made m = now(w, w->out);
	char comment[COMMENT];

	if (f->over)
		return;
	m.comment = w->err != 0 ? errno_symbol(w->err) :
	    unseen(f, w, comment, sizeof comment);
	if (w->err == 0 && m.comment == NULL)
		m.comment = "closed with received bytes unread: the kernel "
		    "sends RST";
	f->over = true;
	record_tcp(r, f, &m, PACKET_RST | PACKET_ACK);
}

enum packet_reason
record_reason(int err)
{
	switch (err) {
	case ENETUNREACH: return PACKET_NO_NET;
	case ENOPROTOOPT: return PACKET_NO_PROTO;
	case ECONNREFUSED: return PACKET_NO_PORT;
	case EACCES:
	case EPERM: return PACKET_FORBIDDEN;
	default: return PACKET_NO_HOST;
	}
}

static void
comment_silence(char *dst, size_t size, const struct talk_wire *w,
    uint64_t waited_ns)
{
	int n = snprintf(dst, size, "no answer in %.1f s",
	    (double)waited_ns / NS_PER_S);

	if (w->tries > 0 && (size_t)n < size)
		snprintf(dst + n, size - (size_t)n, "; the kernel sent %u "
		    "SYN%s",
		    w->tries, w->tries == 1 ? "" : "s");
}

/* Something that has no number. at_ns: when it was begun. */
static struct flow
begin(struct record *r, const struct talk_wire *w, uint64_t *at_ns)
{
	struct flow f = { .id = 0 };

	f.seq[true] = r->failures += 1u << 16;
	record_ends(&f, w->local, w->peer);
	*at_ns = w->wall_ns - (clock_ns() - w->since_ns);
	return f;
}

/* Whoever sent the message; a failed call does not tell who. */
static void
unreachable(struct record *r, struct flow *f, const struct talk_wire *w)
{
	struct made m = { .ns = w->wall_ns };
	bool known = w->from != NULL &&
	    addr_family(w->from) == addr_family(&f->end[false]);

	if (known)
		f->end[false] = *w->from;
	else
		m.comment = "who said so is not known: it is shown as the "
		    "peer";
	record_unreachable(r, f, &m, w->from == NULL ? record_reason(w->err) :
	    packet_reason(addr_family(w->from), w->code));
}

void
record_failed(struct record *r, const struct talk_wire *w)
{
	struct made syn = { .out = true }, answer = { .ns = w->wall_ns };
	struct flow f = begin(r, w, &syn.ns);
	char comment[COMMENT], place[ADDR_TEXT + 4];
	size_t n;

	record_place(w->local, w->peer, place);
	n = strlen(place);
	memcpy(comment, place, n);
	if (w->err == ETIMEDOUT)
		comment_silence(comment + n, sizeof comment - n, w,
		    w->wall_ns - syn.ns);
	else
		snprintf(comment + n, sizeof comment - n, "connect() failed: "
		    "%s (%s)", errno_words(w->err), errno_symbol(w->err));
	syn.comment = comment;
	record_tcp(r, &f, &syn, PACKET_SYN);
	if (w->err == ECONNRESET) {	/* it was there for a moment */
		syn.comment = NULL;
		record_tcp(r, &f, &answer, PACKET_SYN | PACKET_ACK);
		record_tcp(r, &f, &syn, PACKET_ACK);
	}
	if (w->from == NULL && (w->err == ECONNREFUSED ||
	    w->err == ECONNRESET || place[0] != '\0')) {
		answer.comment = errno_symbol(w->err);
		record_tcp(r, &f, &answer, PACKET_RST | PACKET_ACK);
	} else if (w->from != NULL || w->err != ETIMEDOUT)
		unreachable(r, &f, w);
	free(f.last);
}

void
record_probed(struct record *r, const struct talk_wire *w)
{
	struct made syn = { .out = true }, answer = { .out = false };
	struct flow f = begin(r, w, &syn.ns);
	struct talk_wire said = *w, over = *w;
	char comment[COMMENT];

	snprintf(comment, sizeof comment, "the port is open: SYN-ACK after "
	    "%llu us; the handshake is synthesised",
	    (unsigned long long)(w->took_ns / NS_PER_US));
	syn.comment = comment;
	record_tcp(r, &f, &syn, PACKET_SYN);
	answer.ns = syn.ns + w->took_ns;
	record_tcp(r, &f, &answer, PACKET_SYN | PACKET_ACK);
	syn = (struct made){ .ns = answer.ns, .out = true };
	record_tcp(r, &f, &syn, PACKET_ACK);
	said.out = false;
	record_data(r, &f, &said);
	over.out = w->err == 0;
	if (w->err != 0)
		record_reset(r, &f, &over);
	else if (w->out) {
		syn.ns = w->wall_ns;
		record_tcp(r, &f, &syn, PACKET_RST | PACKET_ACK);
	} else
		record_end(r, &f, &over);
	free(f.last);
}
