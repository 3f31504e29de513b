/* SPDX-License-Identifier: MIT */
/*
 * sockt connect - talk to a port of a host
 */
#include <errno.h>
#include <unistd.h>

#include "groups.h"
#include "net/conn.h"
#include "net/relay.h"

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
on_done(void *arg, const struct why *why)
{
	session_leave(arg, why);
}

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct relay_opts ro = {
		.crlf = cfg.crlf, .idle_ms = cfg.idle_ms,
	};
	struct session *s = arg;
	struct conn *we;

	if (c == NULL) {
		session_leave(s, why);
		return;
	}
	c->src = "stdin";
	c->crlf = cfg.crlf;
	ro.leave_on_their_end = s->typed;
	we = conn_pipe_new(STDIN_FILENO,
	    s->out == SESSION_BYTES ? STDOUT_FILENO : -1);
	if (we == NULL)
		conn_close(c);
	else
		cfg.relay = relay_new(s->loop, we, c, &ro, on_done, s);
	if (cfg.relay == NULL) {
		why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
		session_leave(s, NULL);
	}
}

static void
run(struct session *s, int argc, char **argv)
{
	struct addr_operand to;

	if (resolve_operands(argv, argc, NULL, &to, &s->why) < 0 ||
	    reach(s, &to, &cfg.reach, on_dialed, s) < 0)
		return;
	session_limit(s, cfg.timeout_ms);
	session_run(s);
	relay_free(cfg.relay);
}

const struct cmd cmd_connect = {
	.name = "connect",
	.args = "HOST PORT",
	.help = "talk to a port of a host",
	.examples =
	    "sockt connect localhost 8080      type, and see what comes back\n"
	    "sockt connect example.org:80      HOST and PORT in one word\n"
	    "sockt connect host 9000 <in >out  both ways at once, exact\n",
	.opts = opts,
	.min = 1, .max = 2,
	.run = run,
};
