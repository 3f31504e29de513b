/* SPDX-License-Identifier: MIT */
#include "run/offer.h"

#include "base/vis.h"
#include "net/given.h"
#include "net/sockopt.h"
#include "net/tls.h"
#include "run/session.h"

static int
operands(struct addr_operand *o, char *const *argv, int argc,
    const char *port_default, struct why *why)
{
	*o = (struct addr_operand){ 0 };
	if (argc == 0 && port_default == NULL)
		return why_set(why, WHY_USAGE, 0, "no port given");
	if (argc == 0 || (argc == 1 && strchr(argv[0], ':') == NULL)) {
		snprintf(o->service, sizeof o->service, "%s",
		    argc ? argv[0] : port_default);
		return 0;
	}
	return resolve_operands(argv, argc, NULL, o, why);
}

/* A client whose bytes we decrypt is not lent to anybody. */
static int
open_port(struct session *s, struct listener *l, const struct offer_opts *o,
    struct listener_opts *how)
{
	bool secure = o->tls != NULL && o->tls->on;
	struct tls *tls = NULL;

	if (o->tls != NULL && !secure && tls_opts_idle(o->tls, &s->why) < 0)
		return -1;
	if (secure && (tls = tls_new(o->tls, true, &s->why)) == NULL)
		return -1;
	if (secure)
		tls_tell_own(tls, &s->talk);
	how->blocking = o->blocking && !secure;
	if ((how->given != NULL ? given_open : listener_open)(l, s->loop,
	    &s->talk, how, &s->why) < 0) {
		tls_free(tls);
		return -1;
	}
	l->tls = tls;
	l->shaking.refused = o->refused;
	return 0;
}

/* As understood from the command line. */
struct place {
	struct addr_operand at;
	struct addr vsock;
	struct listener_opts how;
};

static int
on_unix(struct place *p, const char *name, const struct offer_opts *o,
    struct why *why)
{
	if (o->scheme != NULL)
		return why_set(why, WHY_USAGE, 0, "a Unix socket has no URL");
	if (o->family != AF_UNSPEC || o->public)
		return why_set(why, WHY_USAGE, 0,
		    "--ipv4, --ipv6 and --public are not for a Unix socket");
	p->how.unix_name = name;
	p->how.port_file = o->port_file;
	return sockopt_check(o->sockopt, SOCKOPT_UNIX, why);
}

/* Whoever can reach it is on this very machine, or is its host or guest. */
static int
on_vsock(struct place *p, const char *text, const struct offer_opts *o,
    struct why *why)
{
	const char *bad = addr_vsock(&p->vsock, text, true);
	char safe[ADDR_TEXT];

	if (bad != NULL)
		return why_set(why, WHY_USAGE, 0, "vsock:%.100s: %s",
		    vis_str(safe, sizeof safe, text, strlen(text)), bad);
	if (o->udp || o->scheme != NULL)
		return why_set(why, WHY_USAGE, 0, o->udp ? "a vsock is a "
		    "stream here: it is not for --udp" : "a vsock has no URL");
	if (o->family != AF_UNSPEC || o->public || o->local)
		return why_set(why, WHY_USAGE, 0, "--ipv4, --ipv6, "
		    "--local and --public are not for a vsock");
	p->how.vsock = &p->vsock;
	p->how.port = addr_port(&p->vsock);
	p->how.port_file = o->port_file;
	p->how.serving = o->serving;
	return sockopt_check(o->sockopt, SOCKOPT_VSOCK, why);
}

/* Where it listens was settled by whoever opened it. */
static int
on_given(struct place *p, const char *which, const struct offer_opts *o,
    struct why *why)
{
	if (o->family != AF_UNSPEC || o->public || o->local ||
	    o->port_file != NULL)
		return why_set(why, WHY_USAGE, 0, "--ipv4, --ipv6, "
		    "--local, --public and --port-file are not for a socket "
		    "that is open already");
	p->how.given = which;
	p->how.serving = o->serving;
	return sockopt_check(o->sockopt, o->udp ? SOCKOPT_UDP : SOCKOPT_TCP,
	    why);
}

/* What would be shown on stdout would go to the client. */
static int
on_stdio(struct session *s, struct place *p, int argc,
    const struct offer_opts *o)
{
	if (argc > 0 || o->udp)
		return why_set(&s->why, WHY_USAGE, 0, "--stdio is one client "
		    "that is connected already: %s", o->udp ? "it is not "
		    "for --udp" : "no port is opened");
	if (s->out != SESSION_BYTES && !s->typed)
		return why_set(&s->why, WHY_USAGE, 0, "with --stdio, stdout is "
		    "the client's: use -v, which is stderr, or --json-file");
	return on_given(p, GIVEN_STDIO, o, &s->why);
}

/* Who may come in is said once: by an option, or by an address. */
static int
contradiction(const char *host, const struct offer_opts *o, struct why *why)
{
	char safe[ADDR_HOST];
	struct addr a;

	if (o->local && o->public)
		return why_set(why, WHY_USAGE, 0,
		    "--local and --public contradict each other");
	if (*host == '\0' || (!o->local && !o->public))
		return 0;
	if (o->local && strcmp(host, "localhost") == 0)
		return 0;
	if (addr_literal(&a, host, 0) &&
	    (o->local ? addr_is_loopback(&a) : addr_is_any(&a)))
		return 0;
	return why_set(why, WHY_USAGE, 0, "--%s and the address '%s' "
	    "contradict each other", o->local ? "local" : "public",
	    vis_str(safe, sizeof safe, host, strlen(host)));
}

static int
on_port(struct place *p, char *const *argv, int argc,
    const struct offer_opts *o, struct why *why)
{
	unsigned port;

	if (operands(&p->at, argv, argc, o->port_default, why) < 0 ||
	    (o->udp ? resolve_udp_port(&port, p->at.service, 0, why) :
	    resolve_port(&port, p->at.service, 0, why)) < 0 ||
	    contradiction(p->at.host, o, why) < 0)
		return -1;
	p->how.host = p->at.host[0] ? p->at.host : NULL;
	p->how.port = port;
	p->how.family = o->family;
	p->how.local = o->local || (o->hands_out && !o->public);
	p->how.port_file = o->port_file;
	p->how.scheme = o->scheme;
	p->how.serving = o->serving;
	return sockopt_check(o->sockopt, o->udp ? SOCKOPT_UDP : SOCKOPT_TCP,
	    why);
}

static int
understand(struct session *s, struct place *p, char *const *argv, int argc,
    const struct offer_opts *o)
{
	*p = (struct place){ .how = { .sockopt = o->sockopt, .udp = o->udp,
	    .gate = o->gate, .introduced = o->introduced } };
	if (o->stdio)
		return on_stdio(s, p, argc, o);
	if (argc > 0 && addr_unix_operand(argv[0]) != NULL)
		return argc == 1 ? on_unix(p, addr_unix_operand(argv[0]), o,
		    &s->why) : why_set(&s->why, WHY_USAGE, 0,
		    "a Unix socket has no port");
	if (argc > 0 && addr_vsock_operand(argv[0]) != NULL)
		return argc == 1 ? on_vsock(p, addr_vsock_operand(argv[0]), o,
		    &s->why) : why_set(&s->why, WHY_USAGE, 0,
		    "a vsock has its port in it");
	if (argc == 1 && given_operand(argv[0]))
		return on_given(p, argv[0], o, &s->why);
	return on_port(p, argv, argc, o, &s->why);
}

/* Are the files that TLS is given what they should be? */
static int
check_files(struct session *s, const struct tls_opts *o)
{
	struct tls *tls;

	if (o == NULL || !o->on || (o->cert == NULL && o->ca_file == NULL))
		return 0;
	if ((tls = tls_new(o, true, &s->why)) == NULL)
		return -1;
	tls_free(tls);
	return 0;
}

int
offer_check(struct session *s, char *const *argv, int argc,
    const struct offer_opts *o)
{
	struct place p;

	return understand(s, &p, argv, argc, o) < 0 ? -1 :
	    check_files(s, o->tls);
}

int
offer(struct session *s, struct listener *l, char *const *argv, int argc,
    const struct offer_opts *o)
{
	struct place p;

	return understand(s, &p, argv, argc, o) < 0 ? -1 :
	    open_port(s, l, o, &p.how);
}
