/* SPDX-License-Identifier: MIT */
#include "run/program.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/conn.h"
#include "run/command.h"
#include "run/launch_env.h"
#include "run/program_state.h"
#include "run/session.h"
#include "talk/talk.h"

enum { RESTS = 16 };		/* reads of it at a time */

/* The program a part of which this is. */
#define OWNER(ptr, member)						\
	((struct program *)(void *)((char *)(ptr) -			\
	    offsetof(struct program, member)))

int
program_opts_check(const struct program_opts *o, struct why *why)
{
	if (o->exec != NULL && o->sh_exec != NULL)
		return why_set(why, WHY_USAGE, 0,
		    "--exec and --sh-exec contradict each other");
	if (o->exec != NULL || o->sh_exec != NULL)
		return 1;
	if (o->with_stderr || o->pty)
		return why_set(why, WHY_USAGE, 0,
		    "%s is for --exec and --sh-exec",
		    o->pty ? "--pty" : "--stderr");
	return 0;
}

/* With the program at its end nobody is left but what it has started. */
static void
on_gone(struct gone *g, bool reset)
{
	struct program *p = OWNER(g, gone);
	struct why why = { 0 };

	if (p->child.pid > 0)
		child_leave(&p->child, reset ? 0 : PROGRAM_GONE_MS);
	else if (!p->relayed) {
		if (conn_broke(p->conn, &why) < 0 && p->why.kind == WHY_NONE)
			p->why = why;
		program_finish(p);
	}
}

struct programs *
programs_new(struct session *s, const struct program_opts *o)
{
	char **argv = command_words(o->exec, o->sh_exec, &s->why);
	struct programs *ps;

	if (argv == NULL)
		return NULL;
	if ((ps = calloc(1, sizeof *ps)) != NULL) {
		*ps = (struct programs){ .session = s, .opts = *o,
		    .launch = { .argv = argv, .with_stderr = o->with_stderr,
		    .on_terminal = o->pty }, .argv = argv };
		(void)getrlimit(RLIMIT_NOFILE, &ps->launch.files);
		if (launch_init(&ps->launch) == 0 &&
		    gone_open(&ps->gone, s->loop, on_gone) == 0)
			return ps;
		launch_free(&ps->launch);
	}
	why_sys(&s->why, WHY_LOCAL, errno, "cannot run programs");
	free(argv);
	free(ps);
	return NULL;
}

static void
program_free(struct program *p)
{
	struct ev_loop *loop = p->of->session->loop;

	child_forget(&p->child);
	ev_io_stop(loop, &p->rest);
	ev_timer_stop(loop, &p->linger);
	gone_forget(&p->gone);
	if (p->next != NULL)
		p->next->link = p->link;
	*p->link = p->next;
	if (p->relay == NULL)
		conn_close(p->conn);
	program_between_free(p);
	free(p);
}

void
program_finish(struct program *p)
{
	struct programs *ps = p->of;
	struct why why = p->why;

	if (p->conn != NULL)
		conn_recount(p->conn);
	program_free(p);
	ps->opts.done(ps->opts.arg, &why);
}

static ssize_t
read_rest(struct program *p)
{
	struct why ignored = { 0 };
	char data[4096];

	return conn_read(p->conn, data, sizeof data, &ignored);
}

static void
on_rest(struct ev_loop *loop, ev_io *w, int revents)
{
	struct program *p = w->data;
	ssize_t n = read_rest(p);

	(void)loop, (void)revents;
	if (n == 0 || n == -1)
		program_finish(p);
}

static void
on_linger(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	program_finish(t->data);
}

/*
 * Our end goes out; the client may take its time to answer with its own, or
 * have sent it already, which only the child has seen. A relay goes on until
 * both have ended, or the client is found to be gone.
 */
static void
wind_up(struct program *p)
{
	struct ev_loop *loop = p->of->session->loop;
	ssize_t n = 1;

	if (p->relay != NULL && !p->relayed)
		return;
	if (p->relay != NULL || p->conn == NULL) {
		program_finish(p);
		return;
	}
	gone_forget(&p->gone);
	p->conn->quiet = true;	/* nobody was there to read it */
	for (int i = 0; i < RESTS && n > 0; i++)
		n = read_rest(p);
	conn_shut(p->conn);
	if (n == 0 || n == -1) {
		program_finish(p);
		return;
	}
	ev_io_start(loop, &p->rest);
	ev_timer_start(loop, &p->linger);
}

static void
on_ended(struct child *k, const struct why *why)
{
	struct program *p = OWNER(k, child);

	if (why->kind != WHY_NONE)
		p->why = *why;
	wind_up(p);
}

static void
cannot_start(struct program *p, int err)
{
	char safe[128];

	vis_str(safe, sizeof safe, p->of->argv[0], strlen(p->of->argv[0]));
	why_sys(&p->why, WHY_PROGRAM, err, "cannot run '%s'", safe);
	talk_tell(&p->of->session->talk, &(struct talk_event){
	    .kind = TALK_ERROR, .conn = p->child.conn, .err = err,
	    TALK_VALUES(TALK_S(TF_CODE, "spawn"),
	    TALK_S(TF_TEXT, p->why.what)) });
	wind_up(p);
}

/* What the child gets: the socket, as one that waits. 0, or an errno. */
static int
lend(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || ((flags & O_NONBLOCK) != 0 &&
	    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0) ? errno : 0;
}

/* 0, or an errno. */
static int
start(struct program *p, pid_t *pid)
{
	struct programs *ps = p->of;
	char **env = launch_env(p->conn, ps->opts.pty);
	/* What is recorded has to pass through us. */
	bool lent = !ps->opts.pty && !talk_wired(p->conn->talk);
	int fd = lent ? conn_plain(p->conn) : -1, between = -1, err;

	if (env == NULL)
		return ENOMEM;
	err = fd >= 0 ? lend(fd) : program_between(p, &between);
	if (err == 0)
		err = launch(&ps->launch, pid, env, fd >= 0 ? fd : between);
	if (between >= 0 && p->relay != NULL)
		close(between);
	free(env);
	return err;
}

void
programs_serve(struct programs *ps, struct conn *c)
{
	struct session *s = ps->session;
	struct program *p = calloc(1, sizeof *p);
	pid_t pid = 0;
	int err;

	if (p == NULL) {
		struct why why = { 0 };

		why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
		conn_close(c);
		ps->opts.done(ps->opts.arg, &why);
		return;
	}
	*p = (struct program){ .of = ps, .conn = c, .next = ps->all,
	    .link = &ps->all, .pair = -1, .child = { .loop = s->loop,
	    .talk = &s->talk, .conn = c->id, .argv = ps->argv,
	    .fn = on_ended } };
	if (p->next != NULL)
		p->next->link = &p->next;
	ps->all = p;
	ev_io_init(&p->rest, on_rest, c->rfd, EV_READ);
	ev_timer_init(&p->linger, on_linger, PROGRAM_LINGER_MS / 1000.0, 0);
	p->rest.data = p->linger.data = p;
	if ((err = start(p, &pid)) != 0) {
		cannot_start(p, err);
		return;
	}
	child_watch(&p->child, pid);
	if (gone_add(&ps->gone, &p->gone, c) < 0)
		talk_warn(c->talk, c->id, "gone", "cannot be watched: %s",
		    errno_symbol(errno));
}

void
programs_free(struct programs *ps)
{
	struct program *next = NULL;

	if (ps == NULL)
		return;
	for (struct program *p = ps->all; p != NULL; p = next) {
		next = p->next;
		child_signal(&p->child, SIGTERM);
		if (p->conn != NULL)
			conn_recount(p->conn);
		program_free(p);
	}
	gone_close(&ps->gone);
	launch_free(&ps->launch);
	free(ps->argv);
	free(ps);
}
