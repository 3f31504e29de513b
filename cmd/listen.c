/* SPDX-License-Identifier: MIT */
/*
 * sockt listen - wait for callers and talk to them
 */
#include <errno.h>

#include "groups.h"
#include "net/relay.h"
#include "run/forward.h"
#include "run/room.h"
#include "run/stdio.h"
#include "run/worker.h"

static struct {
	struct offer_opts offer;
	struct gate_opts gate;
	struct tls_opts	 tls;
	int		 timeout_ms;
	bool		 keep, crlf, broker, chat;
	int		 service, per_client;	/* -1: none asked for */
	struct datagrams_opts udp;
	struct addr	 group;		/* --join */
	unsigned	 interface;
	struct program_opts run;
	const char	*forward, *join;

	struct listener	 listener;
	struct relay	*relay;		/* one client, our stdin and stdout */
	struct room	*room;		/* many clients */
	struct programs	*programs;	/* a program for each */
	struct workers	*workers;	/* a service for each */
	struct forwards	*forwards;	/* a connection onwards for each */
	struct datagrams *datagrams;	/* no clients, but senders */
	unsigned	 clients;
} cfg = { .offer = { .tls = &cfg.tls, .refused = say_refused },
	.gate.max_clients = GATE_CLIENTS, .service = -1, .per_client = -1,
	.udp.idle_ms = -1 };

static const struct opt opts[] = {
	OPT_FLAG('k', "keep", &cfg.keep, "go on after the first client"),
	OPT_FLAG(0, "broker", &cfg.broker,
	    "pass on what each client says to all others"),
	OPT_FLAG(0, "chat", &cfg.chat,
	    "the same in lines, with names: a chat room"),
	OPT_CHOICE(0, "service", &cfg.service, SERVE_NAMES,
	    "answer each client as this service does"),
	OPT_CHOICE(0, "per-client", &cfg.per_client, WORKER_NAMES,
	    "the service runs in our loop (loop), or one each"),
	OPTS_EXEC(&cfg.run),
	OPT_STR(0, "forward", &cfg.forward, "HOST:PORT",
	    "connect each client to that port"),
	OPTS_OFFER(&cfg.offer),
	OPTS_GATE(&cfg.gate),
	OPTS_UDP(&cfg.udp),
	OPT_STR(0, "join", &cfg.join, "GROUP",
	    "with --udp, hear this multicast address, too"),
	OPT_IDLE_TIMEOUT(&cfg.udp.idle_ms),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPT_FLAG('C', "crlf", &cfg.crlf, "send CR LF for each LF"),
	OPTS_TLS_SERVER(&cfg.tls),
	OPTS_TALK,
	OPT_END
};

/* One client: its end is ours, and nobody else is let in. */
static void
one_client(void *arg, struct conn *c)
{
	listener_close(&cfg.listener);
	cfg.clients = 1;
	cfg.relay = stdio_relay(arg, c, cfg.crlf, cfg.udp.idle_ms);
}

static void
into_room(void *arg, struct conn *c)
{
	(void)arg;
	room_enter(cfg.room, c);
}

/* Somebody else's work for one client is done. */
static void
on_served(void *arg, const struct why *why)
{
	if (!cfg.keep)
		session_leave(arg, why);
}

static void
count_client(void)
{
	if (!cfg.keep)
		listener_close(&cfg.listener);
	cfg.clients++;
}

static void
to_program(void *arg, struct conn *c)
{
	(void)arg;
	count_client();
	programs_serve(cfg.programs, c);
}

static void
onwards(void *arg, struct conn *c)
{
	(void)arg;
	count_client();
	forwards_take(cfg.forwards, c);
}

static void
to_worker(void *arg, struct conn *c)
{
	(void)arg;
	cfg.clients++;
	workers_take(cfg.workers, c);
}

static int
prepare_workers(struct session *s)
{
	cfg.workers = workers_new(s, &(struct worker_opts){
	    .what = (enum serve_what)cfg.service, .idle_ms = cfg.udp.idle_ms,
	    .model = cfg.per_client < 0 ? WORKER_LOOP :
	    (enum worker_model)cfg.per_client });
	return cfg.workers != NULL ? 0 : why_set(&s->why, WHY_LOCAL, ENOMEM,
	    "out of memory");
}

static int
prepare_forwards(struct session *s)
{
	struct forward_opts o = { .idle_ms = cfg.udp.idle_ms, .done = on_served,
		.arg = s };
	struct addr_operand to;
	const struct reach_opts how = { .timeout_ms = REACH_TIMEOUT_MS };
	char *operand = (char *)(uintptr_t)cfg.forward;
	const char *name = addr_unix_operand(operand);

	if (name != NULL ? reach_find_unix(s, &o.to, name, &how) < 0 :
	    resolve_operands(&operand, 1, NULL, &to, &s->why) < 0 ||
	    reach_find(s, &o.to, &to, &how) < 0)
		return -1;
	cfg.offer.hands_out = true;
	cfg.forwards = forwards_new(s, &o);
	return cfg.forwards != NULL ? 0 : why_set(&s->why, WHY_LOCAL, ENOMEM,
	    "out of memory");
}

static int
prepare_programs(struct session *s)
{
	cfg.run.done = on_served;
	cfg.run.arg = s;
	cfg.offer.hands_out = cfg.offer.blocking = true;
	cfg.programs = programs_new(s, &cfg.run);
	return cfg.programs != NULL ? 0 : -1;
}

static int
prepare_room(struct session *s, listener_client **client, enum room_kind kind)
{
	*client = into_room;
	cfg.room = room_new(s, &(struct room_opts){ .kind = kind,
	    .crlf = cfg.crlf, .idle_ms = cfg.udp.idle_ms });
	return cfg.room != NULL ? 0 : why_set(&s->why, WHY_LOCAL, ENOMEM,
	    "out of memory");
}

static int
several_into_a_pipe(struct session *s, const char *instead)
{
	return why_set(&s->why, WHY_USAGE, 0, "--keep into a pipe would mix "
	    "the bytes of all clients: add %s", instead);
}

static int
prepare_udp(struct session *s)
{
	if (cfg.run.exec != NULL || cfg.run.sh_exec != NULL ||
	    cfg.run.with_stderr || cfg.forward != NULL || cfg.broker ||
	    cfg.chat || cfg.service >= 0)
		return why_set(&s->why, WHY_USAGE, 0, "--broker, --chat, "
		    "--service, --exec, --sh-exec and --forward need a "
		    "stream: there is none with --udp");
	if (cfg.gate.max_clients != GATE_CLIENTS ||
	    cfg.gate.max_per_address != 0)
		return why_set(&s->why, WHY_USAGE, 0, "--max-clients and "
		    "--max-per-address count connections: there are none "
		    "with --udp");
	if (tls_opts_with_udp(&cfg.tls, &s->why) < 0)
		return -1;
	if (cfg.keep && s->out == SESSION_BYTES)
		return several_into_a_pipe(s, "--text or --json");
	cfg.udp.many = cfg.keep || (s->typed && s->out == SESSION_VIEW);
	if (cfg.join == NULL)
		return 0;
	if (udp_group(&cfg.group, &cfg.interface, cfg.join, &s->why) < 0)
		return -1;
	if (cfg.offer.family == AF_UNSPEC)
		cfg.offer.family = addr_family(&cfg.group);
	if (cfg.offer.family != addr_family(&cfg.group))
		return why_set(&s->why, WHY_USAGE, 0,
		    "--join: the group is of the other family");
	return 0;
}

/* The sockets are there: what they hear, and who listens to that. */
static int
begin_udp(struct session *s)
{
	for (size_t i = 0; i < cfg.listener.n && cfg.join != NULL; i++)
		if (udp_join(cfg.listener.sock[i].fd, &cfg.group,
		    cfg.interface, &s->why) < 0)
			return -1;
	cfg.udp.gate = cfg.offer.gate;
	cfg.datagrams = datagrams_at(s, &cfg.listener, &cfg.udp);
	return cfg.datagrams != NULL ? 0 : -1;
}

/* Who gets the clients? -1: this cannot be. */
static int
prepare(struct session *s, listener_client **client)
{
	cfg.offer.udp = cfg.udp.udp;
	cfg.udp.crlf = cfg.crlf;
	if (datagrams_check(s, &cfg.udp) < 0)
		return -1;
	if (cfg.udp.udp)
		return prepare_udp(s);
	if (cfg.udp.idle_ms < 0)
		cfg.udp.idle_ms = 0;
	if (cfg.join != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "--join is for --udp");
	if ((cfg.run.exec != NULL) + (cfg.run.sh_exec != NULL) +
	    (cfg.forward != NULL) + cfg.broker + cfg.chat +
	    (cfg.service >= 0) > 1)
		return why_set(&s->why, WHY_USAGE, 0, "of --broker, --chat, "
		    "--service, --exec, --sh-exec and --forward only one can "
		    "be");
	if (cfg.run.with_stderr && cfg.run.exec == NULL &&
	    cfg.run.sh_exec == NULL)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--stderr is for --exec and --sh-exec");
	if (cfg.per_client >= 0 && cfg.service < 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--per-client is for --service");
	if (cfg.tls.on && cfg.per_client > WORKER_LOOP)
		return why_set(&s->why, WHY_USAGE, 0, "--tls is done in one "
		    "process: --per-client can be loop alone");
	if (cfg.service >= 0) {
		*client = to_worker;
		return prepare_workers(s);
	}
	if (cfg.forward != NULL) {
		*client = onwards;
		return prepare_forwards(s);
	}
	if (cfg.run.exec != NULL || cfg.run.sh_exec != NULL) {
		*client = to_program;
		return prepare_programs(s);
	}
	if (cfg.broker || cfg.chat)
		return prepare_room(s, client, cfg.chat ? ROOM_CHAT :
		    ROOM_BROKER);
	if (cfg.keep && s->out == SESSION_BYTES)
		return several_into_a_pipe(s,
		    "--text, --json, --exec, --sh-exec or --forward");
	if (!cfg.keep && !(s->typed && s->out == SESSION_VIEW))
		return 0;
	return prepare_room(s, client, ROOM_PLAIN);
}

static void
summarise(struct session *s)
{
	uint64_t in, out;

	if (cfg.room == NULL && cfg.datagrams == NULL) {
		session_count(s, TF_CLIENTS, cfg.clients);
		return;
	}
	if (cfg.room != NULL)
		room_totals(cfg.room, &in, &out);
	else
		datagrams_totals(cfg.datagrams, &in, &out);
	session_count(s, TF_CLIENTS, cfg.room != NULL ?
	    room_seen(cfg.room) : datagrams_seen(cfg.datagrams));
	session_count(s, TF_RECEIVED, (int64_t)in);
	session_count(s, TF_SENT, (int64_t)out);
}

static void
run(struct session *s, int argc, char **argv)
{
	listener_client *client = one_client;

	if (prepare(s, &client) == 0 && (cfg.offer.gate = gate_new(s->loop,
	    &s->talk, &cfg.gate, &s->why)) != NULL &&
	    offer(s, &cfg.listener, argv, argc, &cfg.offer) == 0) {
		say_listening(s, &cfg.listener, cfg.offer.port_file);
		if (!cfg.udp.udp)
			listener_start(&cfg.listener, client, s);
		if (!cfg.udp.udp || begin_udp(s) == 0) {
			session_limit(s, cfg.timeout_ms);
			session_run(s);
			summarise(s);
			datagrams_free(cfg.datagrams);
		}
		listener_close(&cfg.listener);
	}
	relay_free(cfg.relay);
	room_free(cfg.room);
	programs_free(cfg.programs);
	workers_free(cfg.workers);
	forwards_free(cfg.forwards);
	gate_free(cfg.offer.gate);
}

const struct cmd cmd_listen = {
	.name = "listen",
	.args = "[HOST] PORT | unix:PATH",
	.help = "wait for callers and talk to them",
	.examples =
	    "sockt listen 8080                  see and answer who calls\n"
	    "sockt listen 8080 >out             one caller's bytes, exact\n"
	    "sockt listen -k -e 'date -u' 1300  a program for each caller\n",
	.opts = opts,
	.min = 1, .max = 2,
	.numbered = true,
	.run = run,
};
