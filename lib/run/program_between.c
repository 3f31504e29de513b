/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/pty.h"
#include "net/relay.h"
#include "run/program_state.h"
#include "run/session.h"

/*
 * The program may not know that the client is gone. What frees the relay
 * comes a turn later: it is not to go while it calls us.
 */
static void
on_relayed(void *arg, const struct why *why)
{
	struct program *p = arg;

	p->relayed = true;
	if (p->why.kind == WHY_NONE)
		p->why = *why;
	if (p->child.pid > 0) {
		if (p->pair >= 0)
			shutdown(p->pair, SHUT_RDWR);
		child_leave(&p->child, p->conn->reset ? 0 : PROGRAM_GONE_MS);
		return;
	}
	ev_timer_set(&p->linger, 0, 0);
	ev_timer_start(p->of->session->loop, &p->linger);
}

/* Our side of what the program gets; NULL with errno. */
static struct conn *
near_side(struct program *p, int *theirs)
{
	struct conn *c;
	int pair[2];

	if (p->of->opts.pty)
		return pty_open(p->of->session->loop, theirs);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return NULL;
	if ((c = conn_pipe_new(pair[0], pair[0])) == NULL) {
		close(pair[0]);
		close(pair[1]);
		return NULL;
	}
	p->pair = pair[0];
	*theirs = pair[1];
	return c;
}

int
program_between(struct program *p, int *theirs)
{
	const struct relay_opts o = { .program = true,
		.linger_ms = PROGRAM_LINGER_MS, .done = on_relayed, .arg = p };
	struct conn *near = near_side(p, theirs), *c = p->conn;
	int err = near == NULL ? errno : ENOMEM;

	if (near == NULL)
		conn_close(c);
	else if ((p->relay = relay_new(p->of->session->loop, near, c, &o)) !=
	    NULL)
		return 0;
	else
		close(*theirs);
	p->conn = NULL;
	program_between_free(p);
	return err;
}

void
program_between_free(struct program *p)
{
	relay_free(p->relay);
	p->relay = NULL;
	if (p->pair >= 0)
		close(p->pair);
	p->pair = -1;
}
