/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/conn_wire.h"
#include "net/tls_state.h"

static struct tls_layer *
layer(const struct conn *c)
{
	return c->layer;
}

static enum conn_kind
tls_kind(const struct conn *c, bool out)
{
	(void)c, (void)out;
	return CONN_SEEN;	/* each byte has to pass through us */
}

/* The engine's answer as a conn's; errno where the system failed. */
static ssize_t
answer(const struct conn *c, ssize_t r)
{
	const struct tls_layer *l = layer(c);

	if (r == TLS_LATER)
		return CONN_LATER;
	if (r < 0) {
		const struct tls_fault *f = l->engine->fault(l->link);

		errno = f->kind == TLS_ERRNO ? (int)f->code : EPROTO;
	}
	return r;
}

static ssize_t
tls_read(struct conn *c, void *p, size_t n)
{
	ssize_t got = layer(c)->engine->read(layer(c)->link, p, n);

	if (got > 0)
		conn_wire_carried(c, false, p, (size_t)got);
	return answer(c, got);
}

static ssize_t
tls_write(struct conn *c, const struct iovec *v, int nv, bool more)
{
	ssize_t sent = layer(c)->engine->write(layer(c)->link, v, nv);
	size_t left = sent > 0 ? (size_t)sent : 0;

	(void)more;
	for (int i = 0; i < nv && left > 0; i++) {
		size_t n = v[i].iov_len < left ? v[i].iov_len : left;

		conn_wire_carried(c, true, v[i].iov_base, n);
		left -= n;
	}
	return answer(c, sent);
}

static int
tls_shut(struct conn *c)
{
	return (int)answer(c, layer(c)->engine->shut(layer(c)->link));
}

static bool
tls_pending(const struct conn *c)
{
	return layer(c)->engine->pending(layer(c)->link);
}

static const char *
tls_fault_of(const struct conn *c, struct why *why)
{
	struct tls_layer *l = layer(c);
	const struct tls_fault *f = l->engine->fault(l->link);

	if (f->kind == TLS_ERRNO || f->kind == TLS_FINE)
		return NULL;
	why->kind = f->kind == TLS_TRUNCATED ? WHY_BROKEN : WHY_TLS;
	tls_advise(why, f, NULL, l->server);
	return tls_sentence(l->fault, f, NULL, NULL);
}

static void
tls_close(struct conn *c)
{
	struct tls_layer *l = layer(c);

	(void)l->engine->shut(l->link);	/* if that can be done at once */
	l->engine->link_free(l->link);
	free(l);
	close(c->rfd);
}

static const struct conn_ops tls_ops = {
	.kind = tls_kind,
	.read = tls_read,
	.write = tls_write,
	.shut = tls_shut,
	.close = tls_close,
	.pending = tls_pending,
	.fault = tls_fault_of,
};

int
tls_conn_wrap(struct conn *c, const struct tls_engine *e,
    struct tls_link *link, bool server)
{
	const struct tls_facts *facts = e->facts(link);
	struct tls_layer *l = calloc(1, sizeof *l);

	if (l == NULL)
		return -1;
	*l = (struct tls_layer){ .engine = e, .link = link,
		.server = server };
	if (facts->trust == TLS_UNCHECKED)
		tls_sentence(l->doubt, &facts->doubt, &facts->peer,
		    facts->sni[0] ? facts->sni : NULL);
	c->ops = &tls_ops;
	c->layer = l;
	c->end = "close_notify";
	return 0;
}

const char *
tls_doubt(const struct conn *c)
{
	return c->ops == &tls_ops && layer(c)->doubt[0] ? layer(c)->doubt :
	    NULL;
}
