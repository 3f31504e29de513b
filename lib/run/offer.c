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

static int
offer_unix(struct session *s, struct listener *l, const char *name,
    const struct offer_opts *o)
{
	if (o->scheme != NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "a Unix socket has no URL");
	if (o->family != AF_UNSPEC || o->public)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--ipv4, --ipv6 and --public are not for a Unix socket");
	if (sockopt_check(o->sockopt, SOCKOPT_UNIX, &s->why) < 0)
		return -1;
	return open_port(s, l, o, &(struct listener_opts){
	    .sockopt = o->sockopt, .unix_name = name, .udp = o->udp,
	    .gate = o->gate, .introduced = o->introduced,
	    .port_file = o->port_file });
}

/* Whoever can reach it is on this very machine, or is its host or guest. */
static int
offer_vsock(struct session *s, struct listener *l, const char *text,
    const struct offer_opts *o)
{
	struct addr a;
	const char *bad = addr_vsock(&a, text, true);
	char safe[ADDR_TEXT];

	if (bad != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "vsock:%.100s: %s",
		    vis_str(safe, sizeof safe, text, strlen(text)), bad);
	if (o->udp || o->scheme != NULL)
		return why_set(&s->why, WHY_USAGE, 0, o->udp ? "a vsock is a "
		    "stream here: it is not for --udp" : "a vsock has no URL");
	if (o->family != AF_UNSPEC || o->public || o->local)
		return why_set(&s->why, WHY_USAGE, 0, "--ipv4, --ipv6, "
		    "--local and --public are not for a vsock");
	if (sockopt_check(o->sockopt, SOCKOPT_VSOCK, &s->why) < 0)
		return -1;
	return open_port(s, l, o, &(struct listener_opts){
	    .sockopt = o->sockopt, .vsock = &a, .port = addr_port(&a),
	    .gate = o->gate, .introduced = o->introduced,
	    .port_file = o->port_file, .serving = o->serving });
}

/* Where it listens was settled by whoever opened it. */
static int
offer_given(struct session *s, struct listener *l, const char *which,
    const struct offer_opts *o)
{
	enum sockopt_for what = o->udp ? SOCKOPT_UDP : SOCKOPT_TCP;

	if (o->family != AF_UNSPEC || o->public || o->local ||
	    o->port_file != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "--ipv4, --ipv6, "
		    "--local, --public and --port-file are not for a socket "
		    "that is open already");
	if (sockopt_check(o->sockopt, what, &s->why) < 0)
		return -1;
	return open_port(s, l, o, &(struct listener_opts){
	    .sockopt = o->sockopt, .given = which, .udp = o->udp,
	    .gate = o->gate, .introduced = o->introduced,
	    .serving = o->serving });
}

/* What would be shown on stdout would go to the client. */
static int
offer_stdio(struct session *s, struct listener *l, int argc,
    const struct offer_opts *o)
{
	if (argc > 0 || o->udp)
		return why_set(&s->why, WHY_USAGE, 0, "--stdio is one client "
		    "that is connected already: %s", o->udp ? "it is not "
		    "for --udp" : "no port is opened");
	if (s->out != SESSION_BYTES && !s->typed)
		return why_set(&s->why, WHY_USAGE, 0, "with --stdio, stdout is "
		    "the client's: use -v, which is stderr, or --json-file");
	return offer_given(s, l, GIVEN_STDIO, o);
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

int
offer(struct session *s, struct listener *l, char *const *argv, int argc,
    const struct offer_opts *o)
{
	struct addr_operand at;
	unsigned port;

	if (o->stdio)
		return offer_stdio(s, l, argc, o);
	if (argc > 0 && addr_unix_operand(argv[0]) != NULL)
		return argc == 1 ? offer_unix(s, l, addr_unix_operand(argv[0]),
		    o) : why_set(&s->why, WHY_USAGE, 0,
		    "a Unix socket has no port");
	if (argc > 0 && addr_vsock_operand(argv[0]) != NULL)
		return argc == 1 ? offer_vsock(s, l,
		    addr_vsock_operand(argv[0]), o) : why_set(&s->why,
		    WHY_USAGE, 0, "a vsock has its port in it");
	if (argc == 1 && given_operand(argv[0]))
		return offer_given(s, l, argv[0], o);
	if (operands(&at, argv, argc, o->port_default, &s->why) < 0 ||
	    (o->udp ? resolve_udp_port(&port, at.service, 0, &s->why) :
	    resolve_port(&port, at.service, 0, &s->why)) < 0 ||
	    contradiction(at.host, o, &s->why) < 0 ||
	    sockopt_check(o->sockopt, o->udp ? SOCKOPT_UDP : SOCKOPT_TCP,
	    &s->why) < 0)
		return -1;
	return open_port(s, l, o, &(struct listener_opts){
	    .host = at.host[0] ? at.host : NULL,
	    .port = port,
	    .family = o->family,
	    .udp = o->udp,
	    .local = o->local || (o->hands_out && !o->public),
	    .gate = o->gate, .introduced = o->introduced,
	    .sockopt = o->sockopt,
	    .port_file = o->port_file,
	    .scheme = o->scheme,
	    .serving = o->serving,
	});
}
