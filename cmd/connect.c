/* SPDX-License-Identifier: MIT */
/*
 * sockt connect - talk to a port of a host
 */
#include <errno.h>

#include "groups.h"
#include "proto/starttls.h"

static struct {
	struct reach_opts reach;
	struct sockopt	 sockopt;
	struct early	 early;
	struct tls_opts	 tls;
	int		 timeout_ms;
	int		 send_proxy;	/* -1: none */
	struct stdio_opts io;
	struct datagrams_opts udp;
	struct program_opts run;
	struct stdio	*stdio;
	struct datagrams *datagrams;
	struct programs	*programs;	/* instead of our stdin and stdout */
} cfg = { .reach = { .timeout_ms = REACH_TIMEOUT_MS, .tls = &cfg.tls,
	.sockopt = &cfg.sockopt },
	.send_proxy = -1, .udp.idle_ms = -1, .io = STDIO_OPTS };

static const char *
set_starttls(const struct opt *o, const char *arg)
{
	const char *wrong = opt_set_choice(o, arg);

	if (wrong != NULL)
		return "none of " STARTTLS_NAMES;
	++*(int *)o->to;	/* 0 is for none */
	return NULL;
}

static const struct opt opts[] = {
	OPTS_REACH(&cfg.reach),
	OPT_SEND_PROXY(&cfg.send_proxy),
	OPTS_UDP(&cfg.udp),
	OPT_FLAG(0, "broadcast", &cfg.udp.broadcast,
	    "with --udp, to everybody in a network"),
	OPTS_EXEC(&cfg.run),
	OPT_IDLE_TIMEOUT(&cfg.udp.idle_ms),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPTS_STDIO(&cfg.io),
	OPT_FLAG('C', "crlf", &cfg.io.crlf, "send CR LF for each LF"),
	OPTS_SOCKET(&cfg.sockopt),
	OPT_FAST_OPEN(&cfg.sockopt),
	OPTS_TLS(&cfg.tls),
	OPT_CUSTOM(0, "starttls", OPT_TO(int, &cfg.tls.starttls),
	    STARTTLS_NAMES, set_starttls,
	    "after asking for it in clear, in this protocol"),
	OPTS_TALK,
	OPT_END
};

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct session *s = arg;

	if (c == NULL) {
		session_leave(s, why);
		return;
	}
	say_doubt(s, c);
	if (cfg.programs != NULL)
		programs_serve(cfg.programs, c);
	else
		cfg.stdio = stdio_new(s, c, &cfg.io);
}

static int
begin_udp(struct session *s, const struct addr_operand *to,
    const char *name)
{
	struct reach r;

	if (name != NULL && cfg.udp.broadcast)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--broadcast is not for a Unix socket");
	if ((name != NULL ? reach_find_local(s, &r, name, &cfg.reach) :
	    reach_find(s, &r, to, &cfg.reach)) < 0)
		return -1;
	cfg.datagrams = datagrams_to(s, &r, &cfg.udp);
	return cfg.datagrams != NULL ? 0 : -1;
}

static void
on_program_done(void *arg, const struct why *why)
{
	session_leave(arg, why);
}

/* Before anybody is called: which program, with which words? */
static int
prepare(struct session *s)
{
	int any = program_opts_check(&cfg.run, &s->why);

	if (any < 0)
		return -1;
	if (any && cfg.udp.udp)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--exec and --sh-exec are not for --udp");
	if ((any || cfg.udp.udp) && stdio_asked(&cfg.io) != NULL)
		return why_set(&s->why, WHY_USAGE, 0, "%s is for our standard "
		    "input and output, not for %s", stdio_asked(&cfg.io),
		    any ? "a program" : "--udp");
	if (!any)
		return 0;
	cfg.run.done = on_program_done;
	cfg.run.arg = s;
	cfg.programs = programs_new(s, &cfg.run);
	return cfg.programs != NULL ? 0 : -1;
}

/* Only bytes that leave as they are can be sent before anybody is there. */
static int
prepare_early(struct session *s)
{
	const struct {
		const char	*option;
		bool		 asked;
	} others[] = {
		{ "--tls", cfg.tls.on },
		{ "--starttls", cfg.tls.starttls != STARTTLS_NONE },
		{ "--send-proxy", cfg.send_proxy >= 0 },
		{ "--crlf", cfg.io.crlf },
		{ stdio_asked(&cfg.io), cfg.io.script.n > 0 },
		{ "--exec", cfg.run.exec != NULL },
		{ "--sh-exec", cfg.run.sh_exec != NULL },
	};

	if (!cfg.sockopt.fast_open || cfg.udp.udp)
		return 0;
	for (size_t i = 0; i < NELEMS(others); i++)
		if (others[i].asked)
			return why_set(&s->why, WHY_USAGE, 0,
			    "--fast-open and %s contradict each other",
			    others[i].option);
	early_look(&cfg.early, STDIN_FILENO);
	cfg.reach.early = &cfg.early;
	return 0;
}

static int
begin(struct session *s, int argc, char **argv)
{
	const char *name = reach_is_local(argv[0]) ? argv[0] : NULL;
	struct addr_operand to;

	cfg.reach.udp = cfg.udp.udp;
	cfg.reach.send_proxy = cfg.send_proxy + 1;
	cfg.udp.crlf = cfg.io.crlf;
	if (datagrams_check(s, &cfg.udp) < 0 || prepare_early(s) < 0)
		return -1;
	if (name != NULL && argc > 1)
		return why_set(&s->why, WHY_USAGE, 0,
		    "%s", addr_unix_operand(name) != NULL ? "a Unix socket has "
		    "no port" : "a vsock has its port in it");
	if (cfg.udp.udp && (cfg.reach.retry > 0 || cfg.reach.wait_ms > 0))
		return why_set(&s->why, WHY_USAGE, 0, "--retry and --wait are "
		    "not for --udp, where nobody answers a call");
	if (cfg.udp.udp && cfg.send_proxy >= 0)
		return why_set(&s->why, WHY_USAGE, 0,
		    "--send-proxy needs a stream: there is none with --udp");
	if (cfg.udp.udp && tls_opts_with_udp(&cfg.tls, &s->why) < 0)
		return -1;
	if (!cfg.udp.udp && cfg.udp.idle_ms < 0)
		cfg.udp.idle_ms = 0;
	cfg.io.idle_ms = cfg.udp.idle_ms;
	if (name == NULL) {
		if (resolve_operands(argv, argc, NULL, &to, &s->why) < 0)
			return -1;
		return cfg.udp.udp ? begin_udp(s, &to, NULL) :
		    reach(s, &to, &cfg.reach, on_dialed, s);
	}
	if (cfg.udp.udp)
		return begin_udp(s, NULL, name);
	return reach_local(s, name, &cfg.reach, on_dialed, s);
}

static void
run(struct session *s, int argc, char **argv)
{
	if (prepare(s) == 0 && begin(s, argc, argv) == 0) {
		session_limit(s, cfg.timeout_ms);
		session_run(s);
	}
	stdio_free(cfg.stdio);
	datagrams_free(cfg.datagrams);
	programs_free(cfg.programs);
}

const struct cmd cmd_connect = {
	.name = "connect",
	.args = "HOST PORT | unix:PATH | vsock:CID:PORT",
	.help = "talk to a port of a host",
	.examples =
	    "sockt connect localhost 8080      type, and see what comes back\n"
	    "sockt connect example.org:80      HOST and PORT in one word\n"
	    "sockt connect host 9000 <in >out  both ways at once, exact\n",
	.opts = opts,
	.min = 1, .max = 2,
	.run = run,
};
