/* SPDX-License-Identifier: MIT */
/*
 * sockt connect - talk to a port of a host
 */
#include "groups.h"
#include "net/relay.h"
#include "run/stdio.h"

static struct {
	struct reach_opts reach;
	int		 idle_ms, timeout_ms;
	bool		 crlf;
	struct relay	*relay;
} cfg = { .reach.timeout_ms = REACH_TIMEOUT_MS };

static const struct opt opts[] = {
	OPTS_REACH(&cfg.reach),
	OPT_IDLE_TIMEOUT(&cfg.idle_ms),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPT_FLAG('C', "crlf", &cfg.crlf, "send CR LF for each LF"),
	OPTS_TALK,
	OPT_END
};

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct session *s = arg;

	if (c == NULL)
		session_leave(s, why);
	else
		cfg.relay = stdio_relay(s, c, cfg.crlf, cfg.idle_ms);
}

static int
begin(struct session *s, int argc, char **argv)
{
	const char *name = addr_unix_operand(argv[0]);
	struct addr_operand to;

	if (name != NULL && argc > 1)
		return why_set(&s->why, WHY_USAGE, 0,
		    "a Unix socket has no port");
	if (name != NULL)
		return reach_unix(s, name, &cfg.reach, on_dialed, s);
	if (resolve_operands(argv, argc, NULL, &to, &s->why) < 0)
		return -1;
	return reach(s, &to, &cfg.reach, on_dialed, s);
}

static void
run(struct session *s, int argc, char **argv)
{
	if (begin(s, argc, argv) < 0)
		return;
	session_limit(s, cfg.timeout_ms);
	session_run(s);
	relay_free(cfg.relay);
}

const struct cmd cmd_connect = {
	.name = "connect",
	.args = "HOST PORT | unix:PATH",
	.help = "talk to a port of a host",
	.examples =
	    "sockt connect localhost 8080      type, and see what comes back\n"
	    "sockt connect example.org:80      HOST and PORT in one word\n"
	    "sockt connect host 9000 <in >out  both ways at once, exact\n",
	.opts = opts,
	.min = 1, .max = 2,
	.run = run,
};
