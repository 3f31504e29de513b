/* SPDX-License-Identifier: MIT */
/* listen_clients - who gets the clients: one of several ways to serve them. */
#include <errno.h>

#include "listen.h"
#include "run/forward.h"
#include "run/room.h"
#include "run/worker.h"

/* One client: its end is ours, and nobody else is let in. */
static void
one_client(void *arg, struct conn *c)
{
	listener_close(&lcfg.listener);
	lcfg.clients = 1;
	lcfg.io.idle_ms = lcfg.udp.idle_ms;
	lcfg.stdio = stdio_new(arg, c, &lcfg.io);
}

static void
into_room(void *arg, struct conn *c)
{
	(void)arg;
	room_enter(lcfg.room, c);
}

/* Somebody else's work for one client is done. */
void
listen_served(void *arg, const struct why *why)
{
	if (!lcfg.keep)
		session_leave(arg, why);
}

static void
count_client(void)
{
	if (!lcfg.keep)
		listener_close(&lcfg.listener);
	lcfg.clients++;
}

static void
to_program(void *arg, struct conn *c)
{
	(void)arg;
	count_client();
	programs_serve(lcfg.programs, c);
}

static void
onwards(void *arg, struct conn *c)
{
	(void)arg;
	count_client();
	forwards_take(lcfg.forwards, c);
}

static void
through_proxy(void *arg, struct conn *c)
{
	(void)arg;
	count_client();
	proxies_take(lcfg.proxies, c);
}

static void
to_worker(void *arg, struct conn *c)
{
	(void)arg;
	lcfg.clients++;
	workers_take(lcfg.workers, c);
}

static int
prepare_workers(struct session *s)
{
	lcfg.workers = workers_new(s, &(struct worker_opts){
	    .what = (enum serve_what)lcfg.service, .idle_ms = lcfg.udp.idle_ms,
	    .model = lcfg.per_client < 0 ? WORKER_LOOP :
	    (enum worker_model)lcfg.per_client });
	return lcfg.workers != NULL ? 0 : why_set(&s->why, WHY_LOCAL, ENOMEM,
	    "out of memory");
}

static int
prepare_proxies(struct session *s)
{
	if (lcfg.tls.on)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--proxy-server is without --tls");
	lcfg.offer.hands_out = true;
	lcfg.proxies = proxies_new(s, &(struct proxies_opts){
	    .serves = (enum proxy_serves)lcfg.proxy,
	    .login = lcfg.proxy_login, .to = &lcfg.to,
	    .timeout_ms = REACH_TIMEOUT_MS, .idle_ms = lcfg.udp.idle_ms,
	    .done = listen_served, .arg = s });
	return lcfg.proxies != NULL ? 0 : why_set(&s->why, WHY_LOCAL, ENOMEM,
	    "out of memory");
}

static int
prepare_programs(struct session *s)
{
	lcfg.run.done = listen_served;
	lcfg.run.arg = s;
	lcfg.offer.hands_out = lcfg.offer.blocking = true;
	lcfg.programs = programs_new(s, &lcfg.run);
	return lcfg.programs != NULL ? 0 : -1;
}

static int
prepare_room(struct session *s, enum room_kind kind)
{
	lcfg.room = room_new(s, &(struct room_opts){ .kind = kind,
	    .crlf = lcfg.io.crlf, .idle_ms = lcfg.udp.idle_ms });
	return lcfg.room != NULL ? 0 : why_set(&s->why, WHY_LOCAL,
	    ENOMEM, "out of memory");
}

static int
prepare_broker(struct session *s)
{
	return prepare_room(s, ROOM_BROKER);
}

static int
prepare_chat(struct session *s)
{
	return prepare_room(s, ROOM_CHAT);
}

/* Nothing was asked for: we talk to them, to one or to all. */
static int
prepare_ourselves(struct session *s, listener_client **client)
{
	if (lcfg.offer.stdio)
		return why_set(&s->why, WHY_USAGE, 0, "with --stdio, stdin and "
		    "stdout are the client: say who talks to it, by --exec, "
		    "--sh-exec, --service, --forward or --proxy-server");
	if (lcfg.keep && s->out == SESSION_BYTES)
		return listen_mixes(s,
		    "--text, --json, --exec, --sh-exec or --forward");
	*client = one_client;
	if (stdio_asked(&lcfg.io) != NULL)
		return lcfg.keep ? listen_one_alone(s, "--keep") : 0;
	if (!lcfg.keep && !(s->typed && s->out == SESSION_VIEW))
		return 0;
	*client = into_room;
	return prepare_room(s, ROOM_PLAIN);
}

int
listen_one_alone(struct session *s, const char *other)
{
	return why_set(&s->why, WHY_USAGE, 0, "%s is for one client and our "
	    "standard input and output, not for %s", stdio_asked(&lcfg.io),
	    other);
}

int
listen_mixes(struct session *s, const char *instead)
{
	return why_set(&s->why, WHY_USAGE, 0, "--keep into a pipe would mix "
	    "the bytes of all clients: add %s", instead);
}

/* What only means something together with something else. */
static int
check(struct session *s)
{
	const struct listen_cfg *l = &lcfg;

	if (l->join != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "--join is for --udp");
	if (l->offer.stdio && (l->keep || l->broker || l->chat))
		return why_set(&s->why, WHY_USAGE, 0, "%s is for several "
		    "clients, and --stdio is one", l->keep ? "--keep" :
		    l->broker ? "--broker" : "--chat");
	if (program_opts_check(&l->run, &s->why) < 0)
		return -1;
	if (l->proxy < 0 && (l->proxy_login.given || l->to.n > 0))
		return why_set(&s->why, WHY_USAGE, 0, "%s is for "
		    "--proxy-server", l->to.n > 0 ? "--to" : "--proxy-auth");
	if (l->per_client >= 0 && l->service < 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--per-client is for --service");
	if (l->tls.on && l->per_client > WORKER_LOOP)
		return why_set(&s->why, WHY_USAGE, 0, "--tls is done in one "
		    "process: --per-client can be loop alone");
	return 0;
}

/* Each way: the option that asks for it, what makes it ready, who serves. */
int
listen_clients(struct session *s, listener_client **client)
{
	const struct listen_cfg *l = &lcfg;
	const struct {
		const char	*option;
		bool		 asked;
		int		 (*prepare)(struct session *);
		listener_client	*client;
	} ways[] = {
		{ "--broker", l->broker, prepare_broker, into_room },
		{ "--chat", l->chat, prepare_chat, into_room },
		{ "--service", l->service >= 0, prepare_workers, to_worker },
		{ "--exec", l->run.exec != NULL, prepare_programs,
		    to_program },
		{ "--sh-exec", l->run.sh_exec != NULL, prepare_programs,
		    to_program },
		{ "--forward", l->forward != NULL, listen_forward, onwards },
		{ "--proxy-server", l->proxy >= 0, prepare_proxies,
		    through_proxy },
	};
	size_t way = NELEMS(ways);

	if (lcfg.udp.idle_ms < 0)
		lcfg.udp.idle_ms = 0;
	for (size_t i = 0; i < NELEMS(ways); i++) {
		if (ways[i].asked && way < i)
			return why_set(&s->why, WHY_USAGE, 0,
			    "%s and %s contradict each other",
			    ways[way].option, ways[i].option);
		if (ways[i].asked)
			way = i;
	}
	if (check(s) < 0)
		return -1;
	if (way == NELEMS(ways))
		return prepare_ourselves(s, client);
	if (stdio_asked(&l->io) != NULL)
		return listen_one_alone(s, ways[way].option);
	*client = ways[way].client;
	return ways[way].prepare(s);
}

void
listen_clients_free(void)
{
	stdio_free(lcfg.stdio);
	room_free(lcfg.room);
	programs_free(lcfg.programs);
	workers_free(lcfg.workers);
	listen_forward_free();
	proxies_free(lcfg.proxies);
}
