/* SPDX-License-Identifier: MIT */
#include "run/reach.h"

#include <errno.h>

#include "base/clock.h"
#include "base/vis.h"
#include "net/conn.h"
#include "net/introduce.h"
#include "net/tls.h"
#include "net/upgrade.h"
#include "run/retry.h"
#include "run/session.h"

/* Between the dial and what there is under TLS, or behind our header. */
struct shaking {
	struct session	*session;
	int		 send_proxy;	/* as of reach_opts */
	struct tls	*tls;		/* or NULL */
	enum starttls_proto starttls;
	char		 name[ADDR_HOST];
	uint64_t	 since_ns;
	bool		 retried;	/* since then, more than once */
	int		 timeout_ms;
	dial_done	*done;
	void		*arg;
};

static void
shaking_free(struct shaking *r)
{
	if (r != NULL)
		tls_free(r->tls);
	free(r);
}

static void
reached(struct shaking *r, struct conn *c, const struct why *why)
{
	const struct shaking was = *r;

	shaking_free(r);
	was.done(was.arg, c, why);
}

static void
on_secured(void *arg, struct conn *c, const struct why *why)
{
	reached(arg, c, why);
}

/* What is left of the time for connecting; 0: there is no limit. */
static int
left_ms(const struct shaking *r, const struct conn *c)
{
	uint64_t ms = (clock_ns() - (r->retried ? c->opened_ns :
	    r->since_ns)) / NS_PER_MS;

	if (r->timeout_ms == 0)
		return 0;
	return ms < (uint64_t)r->timeout_ms ? r->timeout_ms - (int)ms : 1;
}

static void
out_of_memory(struct shaking *r)
{
	struct why memory = { 0 };

	why_set(&memory, WHY_LOCAL, ENOMEM, "out of memory");
	reached(r, NULL, &memory);
}

static void
on_upgraded(void *arg, struct conn *c, const struct why *why)
{
	struct shaking *r = arg;

	if (c == NULL || r->tls == NULL)
		reached(r, c, why);
	else if (tls_shake_new(r->session->loop, r->tls, c,
	    &(struct tls_shake_opts){ .name = r->name, .done = on_secured,
	    .arg = r, .timeout_ms = left_ms(r, c) }) == NULL)
		out_of_memory(r);
}

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct shaking *r = arg;
	struct why cause = { 0 };

	if (c != NULL && r->send_proxy > 0 && introduce(c,
	    &(struct introduction){ .from = &c->local, .to = &c->peer,
	    .version = (enum proxy_header_version)(r->send_proxy - 1) },
	    &cause) < 0) {
		conn_close(c);
		reached(r, NULL, &cause);
	} else if (c == NULL || r->starttls == STARTTLS_NONE)
		on_upgraded(r, c, why);
	else if (upgrade_new(r->session->loop, c, &(struct upgrade_opts){
	    .proto = r->starttls, .name = r->name, .done = on_upgraded,
	    .arg = r, .timeout_ms = left_ms(r, c) }) == NULL)
		out_of_memory(r);
}

/* *k stays NULL if the dial is all. -1: s->why has the cause. */
static int
shaking_new(struct shaking **k, struct session *s, const char *name,
    const struct reach_opts *o)
{
	struct shaking *r;
	int on = o->tls != NULL ? tls_opts_on(o->tls, &s->why) : 0;

	*k = NULL;
	if (on < 0 || (!on && o->tls != NULL &&
	    tls_opts_idle(o->tls, &s->why) < 0))
		return -1;
	if (!on && o->send_proxy == 0)
		return 0;
	if ((r = calloc(1, sizeof *r)) == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	*r = (struct shaking){ .session = s, .timeout_ms = o->timeout_ms,
	    .starttls = on ? (enum starttls_proto)o->tls->starttls :
	    STARTTLS_NONE, .retried = retry_wanted(o),
	    .send_proxy = o->send_proxy };
	snprintf(r->name, sizeof r->name, "%s",
	    on && o->tls->name != NULL ? o->tls->name : name);
	if (on && (r->tls = tls_new(o->tls, false, &s->why)) == NULL) {
		free(r);
		return -1;
	}
	*k = r;
	return 0;
}

bool
reach_is_local(const char *operand)
{
	return addr_unix_operand(operand) != NULL ||
	    addr_vsock_operand(operand) != NULL;
}

int
reach_find_local(struct session *s, struct reach *r, const char *operand,
    const struct reach_opts *o)
{
	const char *name = addr_unix_operand(operand), *bad;
	bool vsock = name == NULL;
	char safe[ADDR_TEXT];

	*r = (struct reach){ .timeout_ms = o->timeout_ms, .at.n = 1,
	    .sockopt = o->sockopt, .early = o->early };
	bad = vsock ? addr_vsock(&r->at.addr[0], addr_vsock_operand(operand),
	    false) : addr_unix(&r->at.addr[0], name);
	vis_str(safe, sizeof safe, operand, strlen(operand));
	if (bad != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "%.106s%s %s", safe,
		    vsock ? ":" : " is", bad);
	if (vsock && o->udp)
		return why_set(&s->why, WHY_USAGE, 0, "a vsock is a stream "
		    "here: it is not for --udp");
	if (o->family != AF_UNSPEC || o->source != NULL ||
	    o->proxy.kind != PROXY_NONE)
		return why_set(&s->why, WHY_USAGE, 0, "--ipv4, --ipv6, "
		    "--source and --proxy are not for a %s", vsock ? "vsock" :
		    "Unix socket");
	return sockopt_check(o->sockopt, vsock ? SOCKOPT_VSOCK : SOCKOPT_UNIX,
	    &s->why);
}

/* The proxy's addresses, and the far side's if it is for us to know them. */
static int
find_proxy(struct session *s, struct reach *r, const struct resolve_ask *far,
    const struct reach_opts *o)
{
	const struct proxy_url *via = &o->proxy;
	struct proxy_ask *a = &r->proxy;
	struct resolve_ask near = { .host = via->at.host,
		.family = far->family };
	struct resolve_ask here = *far;

	*a = (struct proxy_ask){ .via = *via, .port = far->port,
		.plain = o->plain && via->kind == PROXY_HTTP };
	snprintf(a->host, sizeof a->host, "%s", far->host);
	if (via->kind == PROXY_SOCKS4)
		here.family = AF_INET;
	if (resolve_port(&near.port, via->at.service, 1, &s->why) < 0 ||
	    proxy_login_from_env(&a->via, &s->why) < 0 ||
	    proxy_check(a, &s->why) < 0 ||
	    resolve(&r->at, &s->talk, &near, &s->why) < 0)
		return -1;
	return proxy_kind_looks_up_here(via->kind) ?
	    resolve(&a->at, &s->talk, &here, &s->why) : 0;
}

int
reach_find(struct session *s, struct reach *r, const struct addr_operand *to,
    const struct reach_opts *o)
{
	unsigned port;

	*r = (struct reach){ .timeout_ms = o->timeout_ms,
	    .sockopt = o->sockopt, .early = o->early };
	if (o->proxy.kind != PROXY_NONE && (o->udp || o->early != NULL))
		return why_set(&s->why, WHY_USAGE, 0, "--proxy is not for %s",
		    o->udp ? "--udp" : "--fast-open");
	if ((o->udp ? resolve_udp_port(&port, to->service, 1, &s->why) :
	    resolve_port(&port, to->service, 1, &s->why)) < 0)
		return -1;
	if (o->source != NULL &&
	    source_parse(&r->source, o->source, o->udp, &s->why) < 0)
		return -1;
	if (sockopt_check(o->sockopt, o->udp ? SOCKOPT_UDP : SOCKOPT_TCP,
	    &s->why) < 0)
		return -1;
	if (o->proxy.kind != PROXY_NONE)
		return find_proxy(s, r, &(struct resolve_ask){ .host =
		    to->host, .port = port, .family = o->family }, o);
	return resolve(&r->at, &s->talk, &(struct resolve_ask){
	    .host = to->host, .port = port, .service = to->service,
	    .family = o->family }, &s->why);
}

struct dial *
reach_dial(struct session *s, const struct reach *r, dial_done *done,
    void *arg)
{
	const struct dial_opts o = { .source = r->source,
		.sockopt = r->sockopt, .early = r->early,
		.timeout_ms = r->timeout_ms,
		.proxy = r->proxy.via.kind != PROXY_NONE ? &r->proxy : NULL,
		.done = done, .arg = arg };

	return dial_new(s->loop, &s->talk, &r->at, &o);
}

static int
begin(struct session *s, struct shaking *k, struct retry_job *job)
{
	if (k != NULL) {
		k->since_ns = clock_ns();
		k->done = job->done;
		k->arg = job->arg;
		job->done = on_dialed;
		job->arg = k;
	}
	ev_now_update(s->loop);	/* names and keys have taken their time */
	if (job->at == NULL || retry_wanted(job->how) ? retry(s, job) == 0 :
	    reach_dial(s, job->at, job->done, job->arg) != NULL)
		return 0;
	shaking_free(k);
	return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
}

int
reach(struct session *s, const struct addr_operand *to,
    const struct reach_opts *o, dial_done *done, void *arg)
{
	struct retry_job job = { .how = o, .to = to, .began_ns = clock_ns(),
		.done = done, .arg = arg };
	struct why failed = { 0 };
	struct shaking *k;
	struct reach r;

	if (shaking_new(&k, s, to->host, o) < 0)
		return -1;
	if (reach_find(s, &r, to, o) == 0)
		job.at = &r;
	else if (!retry_wanted(o) || !retry_helps(&s->why)) {
		shaking_free(k);
		return -1;
	} else {
		failed = s->why;
		why_clear(&s->why);
		job.failed = &failed;
	}
	return begin(s, k, &job);
}

int
reach_local(struct session *s, const char *operand, const struct reach_opts *o,
    dial_done *done, void *arg)
{
	struct shaking *k;
	struct reach r;

	if (reach_find_local(s, &r, operand, o) < 0 ||
	    shaking_new(&k, s, "localhost", o) < 0)
		return -1;
	return begin(s, k, &(struct retry_job){ .how = o, .at = &r,
	    .began_ns = clock_ns(), .done = done, .arg = arg });
}
