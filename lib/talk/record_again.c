/* SPDX-License-Identifier: MIT */
#include "talk/record_again.h"

#include <errno.h>

#include "talk/json.h"

static const char *
proto(const struct past *f)
{
	return f->name[0] != '\0' ? "unix" : f->datagrams ? "udp" : "tcp";
}

/* The ends of a flow; of a Unix socket only the one that has a path. */
static void
ends(const struct past *f, struct talk_event *e)
{
	bool path = f->name[0] != '\0';

	if (!path || !f->ours)
		e->local = path ? &f->path : &f->local;
	if (!path || f->ours)
		e->peer = path ? &f->path : &f->peer;
}

static void
tell(struct record_reader *r, struct talk_event *e)
{
	e->n = r->talk->n + 1;
	e->t_ns = r->ns > r->first_ns ? r->ns - r->first_ns : 0;
	if (e->t_ns > INT64_MAX)	/* nonsense stays a number */
		e->t_ns = INT64_MAX;
	e->wall_ns = r->ns;
	talk_retell(r->talk, e);
}

static int64_t
us(const struct record_reader *r, const struct past *f)
{
	return r->ns > f->since_ns ?
	    (int64_t)((r->ns - f->since_ns) / NS_PER_US) : 0;
}

static void
number(struct record_reader *r, struct past *f)
{
	if (f->conn == 0)
		f->conn = r->conns + 1;
	if (f->conn > r->conns)
		r->conns = f->conn;
}

void
again_connected(struct record_reader *r, struct past *f)
{
	struct talk_event e = { .kind = f->ours ? TALK_CONNECTED :
		f->datagrams ? TALK_SENDER : TALK_ACCEPTED };
	const struct talk_value called[] = { TALK_S(TF_PROTO, proto(f)),
		TALK_I(TF_DUR_US, f->datagrams ? TALK_UNKNOWN : us(r, f)),
		{ .field = TF_END } };
	const struct talk_value sender[] = { TALK_S(TF_PROTO, proto(f)),
		{ .field = TF_END } };

	number(r, f);
	f->state = OPEN;
	e.conn = f->conn;
	e.values = e.kind == TALK_CONNECTED ? called :
	    e.kind == TALK_SENDER ? sender : NULL;
	ends(f, &e);
	tell(r, &e);
}

static enum talk_kind
kind_of(int err)
{
	return err == ECONNREFUSED ? TALK_REFUSED : err == ETIMEDOUT ?
	    TALK_TIMEOUT : err == EACCES || err == EPERM ? TALK_DENIED :
	    TALK_UNREACHABLE;
}

/* What was called did not answer so that a connection came of it. */
void
again_failed(struct record_reader *r, const struct past *f, int err)
{
	struct talk_event e = { .kind = kind_of(err), .err = err };
	const struct talk_value values[] = { TALK_S(TF_PROTO, proto(f)),
		TALK_S(TF_PHASE, f->datagrams ? "read" : "connect"),
		TALK_I(TF_DUR_US, f->datagrams ? TALK_UNKNOWN :
		f->silence_us > 0 ? f->silence_us : us(r, f)),
		{ .field = TF_END } };

	e.values = values;
	e.conn = f->conn;
	ends(f, &e);
	if (!f->datagrams)
		e.local = NULL;
	tell(r, &e);
}

void
again_closed(struct record_reader *r, const struct past *f)
{
	struct talk_event e = { .kind = TALK_CLOSED, .conn = f->conn };
	const struct talk_value values[] = { TALK_S(TF_PROTO, proto(f)),
		TALK_S(TF_WHO_FIRST, f->first),
		TALK_I(TF_SENT, f->bytes[true]),
		TALK_I(TF_RECEIVED, f->bytes[false]),
		TALK_I(TF_DUR_US, us(r, f)), { .field = TF_END } };

	e.values = values;
	ends(f, &e);
	tell(r, &e);
}

void
again_payload(struct record_reader *r, struct past *f, const struct packet *k,
    bool out)
{
	const struct talk_value stream[] = { TALK_I(TF_BYTES, k->len),
		TALK_I(TF_OFF, f->bytes[out]),
		TALK_B(TF_DATA, k->data, k->len), { .field = TF_END } };
	const struct talk_value one[] = { TALK_S(TF_PROTO, proto(f)),
		TALK_I(TF_BYTES, k->len), TALK_B(TF_DATA, k->data, k->len),
		{ .field = TF_END } };
	struct talk_event e = { .conn = f->conn, .out = out };

	if (f->datagrams) {
		e.kind = out ? TALK_DATAGRAM_OUT : TALK_DATAGRAM_IN;
		e.values = one;
		ends(f, &e);
		e.local = NULL;
	} else {
		e.kind = out ? TALK_SENT : TALK_RECEIVED;
		e.values = stream;
	}
	f->bytes[out] += k->len;
	f->count[out]++;
	tell(r, &e);
}

/* What could not be recorded, in the recorder's words. */
void
again_comment(struct record_reader *r, const struct past *f,
    const struct pcapng_packet *p)
{
	static const char begins[] = "not recorded: ";
	char text[PCAPNG_COMMENT];

	if (p->comment == NULL || p->comment_len < sizeof begins ||
	    memcmp(p->comment, begins, sizeof begins - 1) != 0)
		return;
	snprintf(text, sizeof text, "%.*s", (int)p->comment_len, p->comment);
	tell(r, &(struct talk_event){ .kind = TALK_NOTE, .conn = f->conn,
	    TALK_VALUES(TALK_S(TF_CODE, "recording"),
	    TALK_S(TF_TEXT, text)) });
}

void
again_half(struct record_reader *r, const struct past *f, bool out)
{
	tell(r, &(struct talk_event){ .kind = TALK_HALF_CLOSED,
	    .conn = f->conn,
	    TALK_VALUES(TALK_S(TF_WHO, out ? "us" : "peer")) });
}

void
again_reset(struct record_reader *r, const struct past *f, bool out)
{
	struct talk_event e = { .kind = TALK_RESET, .conn = f->conn,
		.err = out ? 0 : ECONNRESET,
		TALK_VALUES(TALK_S(TF_WHO, out ? "us" : "peer")) };

	ends(f, &e);
	e.local = NULL;
	tell(r, &e);
}

void
again_start(struct record_reader *r)
{
	char *argv[] = { (char *)(uintptr_t)r->file };

	if (r->started)
		return;
	r->started = true;
	r->first_ns = r->ns;
	tell(r, &(struct talk_event){ .kind = TALK_START,
	    TALK_VALUES(TALK_I(TF_SCHEMA, TALK_JSON_SCHEMA),
	    TALK_S(TF_VERSION, VERSION), TALK_S(TF_COMMAND, "show"),
	    TALK_SS(TF_ARGV, argv, 1)) });
}

static void
tell_names(struct record_reader *r, struct pcapng_block *b)
{
	struct talk_event e = { .kind = TALK_RESOLVE };
	struct addr addr[RECORD_NAMES];
	char host[PCAPNG_NAME + 1] = "";
	struct talk_value values[] = { TALK_S(TF_HOST, host),
		TALK_AS(TF_ADDRS, addr, 0), { .field = TF_END } };
	size_t n = 0;
	const char *name;

	while (n < RECORD_NAMES && (name = pcapng_next_name(&r->file_state, b,
	    &addr[n])) != NULL) {
		snprintf(host, sizeof host, "%s", name);
		n++;
	}
	values[1].addrs.n = n;
	e.values = values;
	if (n > 0)
		tell(r, &e);
}

void
again_names(struct record_reader *r)
{
	struct pcapng_block b = { 0 };
	size_t n;

	while (r->names.len >= sizeof b.text_len) {
		memcpy(&b.text_len, buf_head(&r->names), sizeof b.text_len);
		b.text = buf_head(&r->names) + sizeof b.text_len;
		n = sizeof b.text_len + b.text_len;
		tell_names(r, &b);
		buf_drop(&r->names, n);
	}
}
