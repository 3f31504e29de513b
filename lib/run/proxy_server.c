/* SPDX-License-Identifier: MIT */
#include "run/proxy_server.h"

#include <errno.h>
#include <stdarg.h>

#include "net/conn.h"
#include "net/dial.h"
#include "net/lookup.h"
#include "net/relay.h"
#include "run/errand.h"
#include "run/passage.h"
#include "run/session.h"

enum { PEEK = 4 * KIB };

struct proxies {
	struct session	*session;
	struct proxies_opts opts;
	const struct passage_kind *kind;
	struct lookups	*lookups;
	struct passage	*list;
};

static void
passage_free(struct passage *p)
{
	struct ev_loop *loop = p->of->session->loop;

	if (p->next != NULL)
		p->next->link = p->link;
	*p->link = p->next;
	ev_io_stop(loop, &p->io);
	ev_timer_stop(loop, &p->limit);
	lookup_give_up(p->lookup);
	dial_free(p->dial);
	conn_close(p->client);
	relay_free(p->relay);
	errand_free(p->errand);
	buf_free(&p->in);
	free(p);
}

static void
over(void *arg, const struct why *why)
{
	struct passage *p = arg;
	struct proxies *all = p->of;
	const struct why kept = why->kind != WHY_NONE ? *why : p->why;

	passage_free(p);
	all->opts.done(all->opts.arg, &kept);
}

const struct proxy_login *
passage_login(const struct passage *p)
{
	return &p->of->opts.login;
}

void
passage_tell(struct passage *p, bool out, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	talk_tell(p->told->talk, &(struct talk_event){ .kind = TALK_PROXY,
	    .conn = p->told->id, .out = out, .peer = &p->told->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, p->of->kind->name),
	    TALK_S(TF_TEXT, text)) });
}

void
passage_answer(struct passage *p, const void *data, size_t n)
{
	struct why why = { 0 };

	if (conn_write(p->client, data, n, &why) != (ssize_t)n)
		why_set(&p->why, WHY_BROKEN, EPIPE, "a client does not take "
		    "what it is answered");
}

/* It is answered; our end follows, and its own is waited for a while. */
static void
leave(struct passage *p)
{
	struct ev_loop *loop = p->of->session->loop;

	p->leaving = true;
	(void)conn_shut(p->client);
	ev_timer_stop(loop, &p->limit);
	ev_timer_set(&p->limit, PROXY_LEAVE_MS / 1000.0, 0);
	ev_timer_start(loop, &p->limit);
	ev_io_start(loop, &p->io);
}

static void
refuse(struct passage *p, enum passage_fault f, const struct why *why)
{
	why_set(&p->why, why->kind, why->err, "%s", why->what);
	p->of->kind->refuse(p, f, why->what);
	leave(p);
}

static enum passage_fault
fault_of(const struct why *why)
{
	switch (why->kind) {
	case WHY_NAME: return PASSAGE_NO_NAME;
	case WHY_REFUSED: return PASSAGE_REFUSED;
	case WHY_TIMEOUT: return PASSAGE_TIMEOUT;
	case WHY_LOCAL: return PASSAGE_LOCAL;
	default: return PASSAGE_UNREACHABLE;
	}
}

static void
on_dialed(void *arg, struct conn *far, const struct why *why)
{
	struct passage *p = arg;
	struct conn *c = p->client;
	struct why full = { 0 };

	p->dial = NULL;
	if (far == NULL) {
		refuse(p, fault_of(why), why);
		return;
	}
	p->of->kind->granted(p, &far->local);
	c->quiet = false;
	c->before_in = c->in;
	c->before_out = c->out;
	c->in = c->out = 0;
	far->quiet = true;	/* it is all told as the client's */
	p->client = NULL;
	p->relay = relay_new(p->of->session->loop, c, far,
	    &(struct relay_opts){ .idle_ms = p->of->opts.idle_ms,
	    .done = over, .arg = p,
	    .filter = p->errand != NULL ? errand_filter : NULL });
	if (p->relay == NULL) {
		why_set(&full, WHY_LOCAL, ENOMEM, "out of memory");
		over(p, &full);
	}
}

/* Of an unlisted name, the addresses that are listed. */
static void
on_found(void *arg, const struct resolve *found, const struct why *why)
{
	struct passage *p = arg;
	const struct proxy_rules *to = p->of->opts.to;
	bool named = proxy_rules_name(to, p->host, p->port);
	struct resolve at = { .n = 0 };
	struct why denied = { 0 };

	p->lookup = NULL;
	if (found->n == 0) {
		refuse(p, fault_of(why), why);
		return;
	}
	for (size_t i = 0; i < found->n; i++)
		if (named || proxy_rules_addr(to, &found->addr[i]))
			at.addr[at.n++] = found->addr[i];
	if (at.n > 0)
		p->dial = dial_new(p->of->session->loop,
		    &p->of->session->talk, &at, &(struct dial_opts){
		    .timeout_ms = p->of->opts.timeout_ms, .done = on_dialed,
		    .arg = p });
	else
		why_set(&denied, WHY_UNREACHABLE, EACCES,
		    "this proxy does not lead there (--to)");
	if (p->dial == NULL) {
		why_set(&denied, WHY_LOCAL, ENOMEM, "out of memory");
		refuse(p, denied.kind == WHY_LOCAL ? PASSAGE_LOCAL :
		    PASSAGE_DENIED, &denied);
	}
}

static void
go(struct passage *p)
{
	struct ev_loop *loop = p->of->session->loop;
	const struct why memory = { .kind = WHY_LOCAL, .err = ENOMEM,
		.what = "out of memory" };

	ev_io_stop(loop, &p->io);
	ev_timer_stop(loop, &p->limit);
	if (p->port == 0) {
		on_found(p, &(struct resolve){ .n = 0 }, &(struct why){
		    .kind = WHY_UNREACHABLE, .what = "there is no port 0" });
		return;
	}
	p->lookup = lookup(p->of->lookups, &(struct resolve_ask){
	    .host = p->host, .port = p->port }, on_found, p);
	if (p->lookup == NULL)
		refuse(p, PASSAGE_LOCAL, &memory);
}

static void
drop(struct passage *p)
{
	char data[PEEK];
	struct why told = { 0 };
	ssize_t n = conn_read(p->client, data, sizeof data, &told);

	if (n <= 0 && n != CONN_LATER)
		over(p, &p->why);
}

static void
ended(struct passage *p)
{
	char data[1];

	if (conn_read(p->client, data, sizeof data, &p->why) == 0)
		why_set(&p->why, WHY_BROKEN, 0, "a client left before it "
		    "had said where to");
	over(p, &p->why);
}

/* n bytes of what waits are understood. */
static void
take(struct passage *p, size_t n)
{
	char data[PEEK];

	while (n > 0) {
		ssize_t r = conn_read(p->client, data, n, &p->why);

		if (r <= 0)
			return;		/* the next look tells */
		n -= (size_t)r;
	}
}

/* What follows belongs to the far side: look first, take what is ours. */
static void
on_io(struct ev_loop *loop, ev_io *w, int revents)
{
	struct passage *p = w->data;
	enum passage_next next = PASSAGE_READ;
	size_t before = p->in.len, room = buf_left(&p->in);
	char data[PEEK];
	ssize_t n, len;

	(void)loop, (void)revents;
	if (p->leaving) {
		drop(p);
		return;
	}
	n = recv(p->client->rfd, data, room < PEEK ? room : PEEK,
	    MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0 || buf_add(&p->in, data, (size_t)n) < 0) {
		ended(p);
		return;
	}
	len = p->of->kind->parse(p, &next);
	take(p, len > 0 ? (size_t)len - before : (size_t)n);
	if (len == 0 && buf_left(&p->in) == 0)
		why_set(&p->why, WHY_PROTOCOL, 0, "a client's request is "
		    "longer than %d KiB", PROXY_ASK_MAX / KIB);
	if (len != 0)
		buf_clear(&p->in);
	if (len < 0 || next == PASSAGE_REFUSE || buf_left(&p->in) == 0)
		leave(p);
	else if (next == PASSAGE_GO)
		go(p);
}

static void
on_limit(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct passage *p = t->data;

	(void)loop, (void)revents;
	why_set(&p->why, WHY_TIMEOUT, ETIMEDOUT, "a client did not say where "
	    "to in %d s", PROXY_ASK_MS / 1000);
	if (!p->leaving)
		conn_tell_why(p->client, &p->why, "proxy");
	over(p, &p->why);
}

struct proxies *
proxies_new(struct session *s, const struct proxies_opts *o)
{
	struct proxies *all = calloc(1, sizeof *all);

	if (all == NULL)
		return NULL;
	*all = (struct proxies){ .session = s, .opts = *o,
	    .kind = o->serves == PROXY_SERVES_HTTP ? &passage_http :
	    &passage_socks5, .lookups = lookups_new(s->loop, &s->talk) };
	if (all->lookups == NULL) {
		free(all);
		return NULL;
	}
	return all;
}

void
proxies_take(struct proxies *all, struct conn *c)
{
	struct passage *p = calloc(1, sizeof *p);

	if (p == NULL) {
		conn_close(c);
		return;
	}
	*p = (struct passage){ .of = all, .client = c, .told = c,
	    .next = all->list, .link = &all->list,
	    .in = BUF_MAX(PROXY_ASK_MAX) };
	if (p->next != NULL)
		p->next->link = &p->next;
	all->list = p;
	c->quiet = true;	/* until it is the far side's */
	ev_io_init(&p->io, on_io, c->rfd, EV_READ);
	ev_timer_init(&p->limit, on_limit, PROXY_ASK_MS / 1000.0, 0);
	p->io.data = p->limit.data = p;
	ev_io_start(all->session->loop, &p->io);
	ev_timer_start(all->session->loop, &p->limit);
}

void
proxies_free(struct proxies *all)
{
	struct passage *next = NULL;

	if (all == NULL)
		return;
	for (struct passage *p = all->list; p != NULL; p = next) {
		next = p->next;
		passage_free(p);
	}
	lookups_free(all->lookups);
	free(all);
}
