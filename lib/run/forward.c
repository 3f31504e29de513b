/* SPDX-License-Identifier: MIT */
#include "run/forward.h"

#include <errno.h>

#include "net/conn.h"
#include "net/introduce.h"
#include "net/relay.h"
#include "net/tls.h"
#include "run/session.h"

struct forward {
	struct forwards	*of;
	struct forward	*next, **link;
	struct conn	*client;	/* until there is a relay */
	struct dial	*dial;
	struct tls_shake *shake;
	struct relay	*relay;
};

struct forwards {
	struct session	*session;
	struct forward_opts opts;
	struct forward	*list;
};

struct forwards *
forwards_new(struct session *s, const struct forward_opts *o)
{
	struct forwards *all = calloc(1, sizeof *all);

	if (all != NULL)
		*all = (struct forwards){ .session = s, .opts = *o };
	return all;
}

static void
forward_free(struct forward *f)
{
	if (f->next != NULL)
		f->next->link = f->link;
	*f->link = f->next;
	dial_free(f->dial);
	tls_shake_free(f->shake);
	conn_close(f->client);
	relay_free(f->relay);
	free(f);
}

static void
over(void *arg, const struct why *why)
{
	struct forward *f = arg;
	struct forwards *all = f->of;
	struct why kept = *why;

	forward_free(f);
	all->opts.done(all->opts.arg, &kept);
}

static int
say_who(const struct forward *f, struct conn *c, struct why *why)
{
	if (f->of->opts.send_proxy < 0)
		return 0;
	return introduce(c, &(struct introduction){
	    .version = (enum proxy_header_version)f->of->opts.send_proxy,
	    .from = &f->client->peer, .to = &f->client->local }, why);
}

static void
out_of_memory(struct forward *f)
{
	struct why why = { 0 };

	why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	over(f, &why);
}

static void
carry(struct forward *f, struct conn *c)
{
	const struct forward_opts *all = &f->of->opts;
	const struct relay_opts o = { .idle_ms = all->idle_ms, .done = over,
		.arg = f };

	if (all->reached != NULL)
		all->reached(all->arg, c);
	c->quiet = true;	/* it is all told as the client's */
	f->relay = relay_new(f->of->session->loop, f->client, c, &o);
	f->client = NULL;
	if (f->relay == NULL)
		out_of_memory(f);
}

static void
on_secured(void *arg, struct conn *c, const struct why *why)
{
	struct forward *f = arg;

	f->shake = NULL;
	if (c == NULL)
		over(f, why);
	else
		carry(f, c);
}

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct forward *f = arg;
	const struct forward_opts *o = &f->of->opts;
	struct why cause = { 0 };

	f->dial = NULL;
	if (c == NULL)
		over(f, why);
	else if (say_who(f, c, &cause) < 0) {
		conn_close(c);
		over(f, &cause);
	} else if (o->tls == NULL)
		carry(f, c);
	else if ((f->shake = tls_shake_new(f->of->session->loop, o->tls, c,
	    &(struct tls_shake_opts){ .name = o->tls_name, .done = on_secured,
	    .arg = f, .timeout_ms = o->to.timeout_ms })) == NULL)
		out_of_memory(f);
}

void
forwards_take(struct forwards *all, struct conn *c)
{
	struct forward *f = calloc(1, sizeof *f);

	if (f == NULL) {
		conn_close(c);
		return;
	}
	*f = (struct forward){ .of = all, .client = c, .next = all->list,
	    .link = &all->list };
	if (f->next != NULL)
		f->next->link = &f->next;
	all->list = f;
	f->dial = reach_dial(all->session, &all->opts.to, on_dialed, f);
	if (f->dial == NULL)
		forward_free(f);
}

void
forwards_free(struct forwards *all)
{
	struct forward *next = NULL;

	if (all == NULL)
		return;
	for (struct forward *f = all->list; f != NULL; f = next) {
		next = f->next;
		forward_free(f);
	}
	free(all);
}
