/* SPDX-License-Identifier: MIT */
#include "talk/record.h"

#include <errno.h>
#include <unistd.h>

#include "proto/pcapng.h"
#include "talk/out.h"
#include "talk/record_flow.h"

void
record_flush(struct record *r)
{
	if (r->err == 0 &&
	    talk_out(r->fd, buf_head(&r->out), r->out.len) < 0)
		r->err = errno;
	buf_clear(&r->out);
}

/* After each event: it is out, or this sink is lost. */
static int
done(struct record *r)
{
	record_flush(r);
	errno = r->err;
	return r->err != 0 ? -1 : 0;
}

static void
names(struct record *r, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ADDRS);
	const char *host = talk_get_str(e, TF_HOST);
	const char *source = talk_get_str(e, TF_SOURCE);

	if (v == NULL || host == NULL || v->addrs.n == 0 ||
	    (source != NULL && strcmp(source, "literal") == 0))
		return;
	if (pcapng_names(&r->out, host, v->addrs.v, v->addrs.n) < 0)
		r->err = ENOBUFS;
}

static bool
is_datagrams(const struct talk_event *e)
{
	const char *proto = talk_get_str(e, TF_PROTO);

	return proto != NULL && (strcmp(proto, "udp") == 0 ||
	    strcmp(proto, "unixgram") == 0);
}

static void
begin(struct record *r, const struct talk_event *e)
{
	struct flow *f = record_add(r, e);

	if (f == NULL)
		r->err = ENOBUFS;
	else if (is_datagrams(e) || e->kind == TALK_SENDER)
		f->datagrams = true;
	else
		record_handshake(r, f, e);
}

static void
datagram(struct record *r, const struct talk_event *e)
{
	struct flow *f = record_find(r, e->conn);
	const struct talk_value *v = talk_get(e, TF_DATA);
	const struct made m = { .ns = e->wall_ns, .out = e->out };

	if (f != NULL && f->datagrams && v != NULL &&
	    (v->b.data != NULL || v->b.len == 0))
		record_udp(r, f, &m, v->b.data, v->b.len);
}

/* TCP's failures to connect are told by the wire. */
static void
undelivered(struct record *r, const struct talk_event *e)
{
	struct flow *f = record_find(r, e->conn);
	const struct made m = { .ns = e->wall_ns };

	if (f != NULL && f->datagrams)
		record_unreachable(r, f, &m, record_reason(e->err));
}

static void
release(struct record *r, const struct talk_event *e)
{
	struct flow *f = record_find(r, e->conn);

	if (f != NULL)
		record_release(r, f);
}

static int
tell(struct talk_sink *talk, const struct talk_event *e)
{
	struct record *r = (struct record *)talk;

	switch (e->kind) {
	case TALK_START:	/* what the file begins with */
		break;
	case TALK_RESOLVE:
		names(r, e);
		break;
	case TALK_CONNECTED:
	case TALK_ACCEPTED:
	case TALK_SENDER:
		begin(r, e);
		break;
	case TALK_DATAGRAM_IN:
	case TALK_DATAGRAM_OUT:
		datagram(r, e);
		break;
	case TALK_REFUSED:
	case TALK_UNREACHABLE:
	case TALK_DENIED:
		undelivered(r, e);
		break;
	case TALK_TLS:
	case TALK_TLS_FAILED:
		release(r, e);
		break;
	case TALK_CLOSED:
		record_forget(r, e->conn);
		break;
	default:
		return 0;
	}
	return done(r);
}

static void
secret(struct record *r, const struct talk_wire *w)
{
	char line[512];
	int n = snprintf(line, sizeof line, "%.*s\n", (int)w->len,
	    (const char *)w->data);

	if ((size_t)n >= sizeof line ||
	    pcapng_secrets(&r->out, line, (size_t)n) < 0)
		r->err = ENOBUFS;
}

static int
wire(struct talk_sink *talk, const struct talk_wire *w)
{
	struct record *r = (struct record *)talk;
	struct flow *f = w->conn == 0 ? NULL : record_find(r, w->conn);

	if (w->kind == TALK_WIRE_FAILED)
		record_failed(r, w);
	else if (w->kind == TALK_WIRE_PROBED)
		record_probed(r, w);
	else if (f == NULL)
		return 0;
	else if (w->kind == TALK_WIRE_DATA || w->kind == TALK_WIRE_CARRIED) {
		if (f->plain == (w->kind == TALK_WIRE_CARRIED))
			record_data(r, f, w);
	}
	else if (w->kind == TALK_WIRE_END)
		record_end(r, f, w);
	else if (w->kind == TALK_WIRE_RESET)
		record_reset(r, f, w);
	else if (w->kind == TALK_WIRE_SHAKE) {
		f->holding = r->talk.wants_secrets;
		f->plain = r->plain;
	} else if (w->kind == TALK_WIRE_SECRET)
		secret(r, w);
	return done(r);
}

/* Connections may still be open: they just stop. */
static void
end(struct talk_sink *talk)
{
	struct record *r = (struct record *)talk;

	record_forget_all(r);
	record_flush(r);
	if (r->talk.file != NULL)
		close(r->fd);
	buf_free(&r->out);
	free(r);
}

struct talk_sink *
talk_record_new(const struct talk_record_opts *o)
{
	struct record *r = calloc(1, sizeof *r);

	if (r == NULL) {
		if (o->file != NULL)
			close(o->fd);
		return NULL;
	}
	r->talk = (struct talk_sink){ .wants_secrets = o->secrets,
		.file = o->file, .tell = tell, .wire = wire, .end = end };
	r->fd = o->fd;
	r->plain = o->plain;
	buf_init(&r->out, OUT_MAX);
	if (pcapng_begin(&r->out, o->program) < 0)
		r->err = ENOBUFS;
	return &r->talk;
}
