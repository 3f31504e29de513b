/* SPDX-License-Identifier: MIT */
/*
 * sockt listen - wait for callers and talk to them
 */
#include "listen.h"

#include "run/room.h"
#include "run/worker.h"

struct listen_cfg lcfg = { .offer = { .tls = &lcfg.tls,
	.sockopt = &lcfg.sockopt, .refused = say_refused },
	.gate.max_clients = GATE_CLIENTS, .service = -1,
	.proxy = -1, .send_proxy = -1, .per_client = -1,
	.udp.idle_ms = -1, .io = STDIO_OPTS };

/* Setter of --proxy-auth: nobody, ps included, sees the password again. */
static const char *
set_login(const struct opt *o, const char *arg)
{
	const char *wrong = proxy_login_parse(o->to, arg);
	size_t user = strcspn(arg, ":");

	memset((char *)(uintptr_t)arg + user, '*', strlen(arg) - user);
	return wrong;
}

static const char *
add_rules(const struct opt *o, const char *arg)
{
	return proxy_rules_add(o->to, arg);
}

static const struct opt opts[] = {
	OPT_FLAG('k', "keep", &lcfg.keep, "go on after the first client"),
	OPT_FLAG(0, "broker", &lcfg.broker,
	    "pass on what each client says to all others"),
	OPT_FLAG(0, "chat", &lcfg.chat,
	    "the same in lines, with names: a chat room"),
	OPT_CHOICE(0, "service", &lcfg.service, SERVE_NAMES,
	    "answer each client as this service does"),
	OPT_CHOICE(0, "per-client", &lcfg.per_client, WORKER_NAMES,
	    "the service runs in our loop (loop), or one each"),
	OPTS_EXEC(&lcfg.run),
	OPT_STR(0, "forward", &lcfg.forward, "HOST:PORT",
	    "connect each client there; or tls:HOST:PORT"),
	OPT_STR(0, "forward-ca-file", &lcfg.onward.ca_file, "FILE",
	    "for tls:HOST:PORT, trust these authorities"),
	OPT_STR(0, "forward-pin", &lcfg.onward.pin, "sha256:HEX",
	    "trust it by this digest of its key"),
	OPT_FLAG(0, "forward-insecure", &lcfg.onward.insecure,
	    "whoever it is will do"),
	OPT_SEND_PROXY(&lcfg.send_proxy),
	OPT_CHOICE(0, "proxy-server", &lcfg.proxy, PROXY_SERVES_NAMES,
	    "connect each client to where it wants to go"),
	OPT_CUSTOM(0, "proxy-auth", &lcfg.proxy_login, "USER:PASSWORD",
	    set_login, "only those who know this"),
	OPT_CUSTOM(0, "to", &lcfg.to, "LIST", add_rules,
	    "and only to these (HOST, NET/BITS, *.NAME[:PORT])"),
	OPTS_OFFER(&lcfg.offer),
	OPT_FLAG(0, "accept-proxy", &lcfg.offer.introduced,
	    "each client comes with a PROXY header, say who"),
	OPT_FLAG(0, "stdio", &lcfg.offer.stdio,
	    "no port: stdin and stdout are the client (inetd)"),
	OPTS_GATE(&lcfg.gate),
	OPTS_UDP(&lcfg.udp),
	OPT_STR(0, "join", &lcfg.join, "GROUP",
	    "with --udp, hear this multicast address, too"),
	OPT_TIME(0, "accept-timeout", &lcfg.accept_ms,
	    "give up if nobody calls for so long"),
	OPTS_STDIO(&lcfg.io),
	OPT_IDLE_TIMEOUT(&lcfg.udp.idle_ms),
	OPT_TIMEOUT(&lcfg.timeout_ms),
	OPT_FLAG('C', "crlf", &lcfg.io.crlf, "send CR LF for each LF"),
	OPTS_SOCKET(&lcfg.sockopt),
	OPT_FAST_OPEN(&lcfg.sockopt),
	OPTS_TLS_SERVER(&lcfg.tls),
	OPTS_TALK,
	OPT_END
};

static void
summarise(struct session *s)
{
	unsigned clients = lcfg.clients;
	uint64_t in, out;

	if (lcfg.room != NULL) {
		clients = room_seen(lcfg.room);
		room_totals(lcfg.room, &in, &out);
	} else if (lcfg.datagrams != NULL) {
		clients = datagrams_seen(lcfg.datagrams);
		datagrams_totals(lcfg.datagrams, &in, &out);
	} else if (lcfg.replies != NULL) {
		clients = replies_seen(lcfg.replies);
		replies_totals(lcfg.replies, &in, &out);
	} else if (lcfg.carried != NULL) {
		clients = udp_forward_seen(lcfg.carried);
		udp_forward_totals(lcfg.carried, &in, &out);
	} else {
		session_count(s, TF_CLIENTS, clients);
		return;
	}
	session_count(s, TF_CLIENTS, clients);
	session_count(s, TF_RECEIVED, (int64_t)in);
	session_count(s, TF_SENT, (int64_t)out);
}

/* The whole command line, before anybody is asked for a name. */
static int
prepare(struct session *s, int argc, char **argv, listener_client **client)
{
	const char *at = argv[0];
	bool local = at != NULL && addr_unix_operand(at) != NULL;

	if (local && lcfg.join != NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--join is not for a Unix socket");
	if (at != NULL && reach_is_local(at) && gate_check_local(&lcfg.gate,
	    local ? "a Unix socket" : "a vsock", &s->why) < 0)
		return -1;
	/* Of two of them, we could not tell that they answer each other. */
	if (local && lcfg.udp.udp && (lcfg.service >= 0 ||
	    lcfg.forward != NULL))
		return why_set(&s->why, WHY_USAGE, 0, "%s by datagrams is not "
		    "for a Unix socket", lcfg.service >= 0 ? "--service" :
		    "--forward");
	lcfg.offer.udp = lcfg.udp.udp;
	lcfg.udp.crlf = lcfg.io.crlf;
	if (datagrams_check(s, &lcfg.udp) < 0 || listen_wait_check(s) < 0 ||
	    listen_forward_check(s) < 0 ||
	    offer_check(s, argv, argc, &lcfg.offer) < 0 ||
	    gate_check(&lcfg.gate, &s->why) < 0)
		return -1;
	return lcfg.udp.udp ? listen_udp(s) : listen_clients(s, client);
}

static void
run(struct session *s, int argc, char **argv)
{
	struct listen_cfg *l = &lcfg;
	listener_client *client = NULL;

	if (prepare(s, argc, argv, &client) == 0 &&
	    (l->offer.gate = gate_new(s->loop, &s->talk, &l->gate,
	    &s->why)) != NULL &&
	    offer(s, &l->listener, argv, argc, &l->offer) == 0) {
		say_listening(s, &l->listener, l->offer.port_file);
		if (client != NULL)
			listener_start(&l->listener,
			    listen_wait(s, client), s);
		if (client != NULL || listen_udp_begin(s) == 0) {
			session_limit(s, l->timeout_ms);
			session_run(s);
			summarise(s);
			datagrams_free(l->datagrams);
			replies_free(l->replies);
			udp_forward_free(l->carried);
		}
		listener_close(&l->listener);
	}
	listen_clients_free();
	gate_free(l->offer.gate);
}

const struct cmd cmd_listen = {
	.name = "listen",
	.args = "[HOST] PORT | unix:PATH | vsock:PORT | fd:N ...",
	.help = "wait for callers and talk to them",
	.examples =
	    "sockt listen 8080                  see and answer who calls\n"
	    "sockt listen 8080 >out             one caller's bytes, exact\n"
	    "sockt listen -k -e 'date -u' 1300  a program for each caller\n",
	.opts = opts,
	.min = 0, .max = 2,
	.numbered = true,
	.run = run,
};
