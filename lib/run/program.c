/* SPDX-License-Identifier: MIT */
#include "run/program.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/conn.h"
#include "net/gone.h"
#include "net/relay.h"
#include "run/launch.h"
#include "run/session.h"

struct child {
	struct programs	*of;
	struct child	*next, **link;
	struct conn	*conn;
	struct why	 why;
	pid_t		 pid;		/* 0: it has ended */
	struct relay	*relay;		/* it owns the conn; NULL: lent it is */
	int		 pair[2];	/* then: ours, the child's */
	bool		 relayed;	/* and is done */
	ev_child	 ended;
	ev_io		 rest;		/* what the client still says */
	ev_timer	 linger;
	struct gone	 gone;	/* the client, while it runs */
	bool		 asked;	/* to end; the next time it is made to */
	ev_timer	 patience;
};

struct programs {
	struct session	*session;
	struct program_opts opts;
	struct launch	 launch;
	char		**argv;		/* ours, and launch's */
	struct gone_watch gone;
	struct child	*children;
};

/* The whole group: what it has started goes with it. */
static void
signal_to(const struct child *k, int sig)
{
	if (k->pid > 0)
		kill(-k->pid, sig);
}

/* Nobody hears it any more; its input, if it read it, has ended. */
static void
on_patience(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct child *k = t->data;

	(void)revents;
	if (k->asked) {
		signal_to(k, SIGKILL);
		return;
	}
	k->asked = true;
	talk_note(&k->of->session->talk, k->conn->id, "gone", "the client is "
	    "gone; pid %d is asked to end (SIGHUP, SIGTERM)", (int)k->pid);
	signal_to(k, SIGHUP);
	signal_to(k, SIGTERM);
	ev_timer_set(t, PROGRAM_KILL_MS / 1000.0, 0);
	ev_timer_start(loop, t);
}

static void
be_patient(struct child *k, bool reset)
{
	ev_timer_set(&k->patience, reset ? 0 : PROGRAM_GONE_MS / 1000.0, 0);
	ev_timer_start(k->of->session->loop, &k->patience);
}

static void
on_gone(struct gone *g, bool reset)
{
	struct child *k = (struct child *)(void *)((char *)g -
	    offsetof(struct child, gone));

	be_patient(k, reset);
}

struct programs *
programs_new(struct session *s, const struct program_opts *o)
{
	char **argv = launch_words(o->exec, o->sh_exec, &s->why);
	struct programs *p = argv == NULL ? NULL : calloc(1, sizeof *p);

	if (p != NULL) {
		*p = (struct programs){ .session = s, .opts = *o,
		    .launch = { .argv = argv, .with_stderr = o->with_stderr },
		    .argv = argv };
		(void)getrlimit(RLIMIT_NOFILE, &p->launch.files);
		if (gone_open(&p->gone, s->loop, on_gone) == 0)
			return p;
	}
	why_sys(&s->why, WHY_LOCAL, errno, "cannot run programs");
	free(argv);
	free(p);
	return NULL;
}

static void
child_free(struct child *k)
{
	struct ev_loop *loop = k->of->session->loop;

	ev_child_stop(loop, &k->ended);
	ev_io_stop(loop, &k->rest);
	ev_timer_stop(loop, &k->linger);
	ev_timer_stop(loop, &k->patience);
	gone_forget(&k->gone);
	if (k->next != NULL)
		k->next->link = k->link;
	*k->link = k->next;
	if (k->relay != NULL) {
		relay_free(k->relay);
		close(k->pair[0]);
	} else
		conn_close(k->conn);
	free(k);
}

static void
finish(struct child *k)
{
	struct programs *p = k->of;
	struct why why = k->why;

	if (k->conn != NULL)
		conn_recount(k->conn);
	child_free(k);
	p->opts.done(p->opts.arg, &why);
}

static void
on_rest(struct ev_loop *loop, ev_io *w, int revents)
{
	struct child *k = w->data;
	struct why ignored = { 0 };
	char data[4096];
	ssize_t n = conn_read(k->conn, data, sizeof data, &ignored);

	(void)loop, (void)revents;
	if (n == 0 || n == -1)
		finish(k);
}

static void
on_linger(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	finish(t->data);
}

/* Our end goes out; the client may take its time to answer with its own. */
static void
wind_up(struct child *k)
{
	struct ev_loop *loop = k->of->session->loop;

	if (k->relay != NULL && !k->relayed)
		return;		/* it goes on until both have ended */
	if (k->relay != NULL || k->conn == NULL) {
		finish(k);
		return;
	}
	k->conn->quiet = true;	/* nobody was there to read it */
	conn_shut(k->conn);
	ev_io_start(loop, &k->rest);
	ev_timer_start(loop, &k->linger);
}

static void
on_ended(struct ev_loop *loop, ev_child *w, int revents)
{
	struct child *k = w->data;
	int st = w->rstatus;
	char signame[16] = "";

	(void)revents;
	ev_child_stop(loop, w);
	ev_timer_stop(loop, &k->patience);
	gone_forget(&k->gone);
	if (WIFSIGNALED(st)) {
		snprintf(signame, sizeof signame, "SIG%s",
		    sigabbrev_np(WTERMSIG(st)));
		why_set(&k->why, WHY_NO, 0, "%s (pid %d) was ended by %s",
		    k->of->argv[0], (int)k->pid, signame);
	} else if (WEXITSTATUS(st) != 0)
		why_set(&k->why, WHY_NO, 0, "%s (pid %d) ended with status %d",
		    k->of->argv[0], (int)k->pid, WEXITSTATUS(st));
	talk_tell(&k->of->session->talk, &(struct talk_event){
	    .kind = TALK_EXIT, .conn = k->conn->id,
	    TALK_VALUES(TALK_I(TF_PID, k->pid),
	    TALK_I(TF_EXIT_STATUS,
	    WIFEXITED(st) ? WEXITSTATUS(st) : TALK_UNKNOWN),
	    TALK_S(TF_SIGNAL, signame[0] ? signame : NULL)) });
	k->pid = 0;
	wind_up(k);
}

/* Frees the relay a turn later: it is not to go while it calls us. */
static void
on_relayed(void *arg, const struct why *why)
{
	struct child *k = arg;

	k->relayed = true;
	if (k->why.kind == WHY_NONE)
		k->why = *why;
	if (k->pid > 0) {	/* it may not know that the client is gone */
		shutdown(k->pair[0], SHUT_RDWR);
		be_patient(k, false);
		return;
	}
	ev_timer_set(&k->linger, 0, 0);
	ev_timer_start(k->of->session->loop, &k->linger);
}

/* 0, or an errno: the conn is gone then. */
static int
put_relay_between(struct child *k)
{
	const struct relay_opts o = { .program = true,
		.linger_ms = PROGRAM_LINGER_MS, .done = on_relayed, .arg = k };
	struct conn *near = NULL, *c = k->conn;
	int err = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, k->pair) < 0)
		err = errno;
	else if ((near = conn_pipe_new(k->pair[0], k->pair[0])) != NULL)
		k->relay = relay_new(k->of->session->loop, near, c, &o);
	if (k->relay != NULL)
		return 0;
	if (near == NULL)
		conn_close(c);
	k->conn = NULL;
	if (err == 0) {
		close(k->pair[0]);
		close(k->pair[1]);
	}
	return err != 0 ? err : ENOMEM;
}

static size_t
count(char *const *argv)
{
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	return n;
}

static void
cannot_start(struct child *k, int err)
{
	char safe[128];

	vis_str(safe, sizeof safe, k->of->argv[0], strlen(k->of->argv[0]));
	why_sys(&k->why, WHY_PROGRAM, err, "cannot run '%s'", safe);
	talk_tell(&k->of->session->talk, &(struct talk_event){
	    .kind = TALK_ERROR, .conn = k->conn != NULL ? k->conn->id : 0,
	    .err = err,
	    TALK_VALUES(TALK_S(TF_CODE, "spawn"),
	    TALK_S(TF_TEXT, k->why.what)) });
	wind_up(k);
}

/*
 * The child gets the socket itself, as one that waits, or an end of a pair.
 * 0, or an errno.
 */
static int
start(struct child *k)
{
	int fd = conn_plain(k->conn), flags, err;

	if (fd >= 0) {
		flags = fcntl(fd, F_GETFL);
		if (flags < 0 || ((flags & O_NONBLOCK) != 0 &&
		    fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) < 0))
			return errno;
		return launch(&k->of->launch, &k->pid, k->conn, fd);
	}
	if ((err = put_relay_between(k)) != 0)
		return err;
	err = launch(&k->of->launch, &k->pid, k->conn, k->pair[1]);
	close(k->pair[1]);
	return err;
}

void
programs_serve(struct programs *p, struct conn *c)
{
	struct child *k = calloc(1, sizeof *k);
	int err;

	if (k == NULL) {
		conn_close(c);
		return;
	}
	*k = (struct child){ .of = p, .conn = c, .next = p->children,
	    .link = &p->children };
	if (k->next != NULL)
		k->next->link = &k->next;
	p->children = k;
	ev_child_init(&k->ended, on_ended, 0, 0);
	ev_io_init(&k->rest, on_rest, conn_plain(c), EV_READ);
	ev_timer_init(&k->linger, on_linger, PROGRAM_LINGER_MS / 1000.0, 0);
	ev_init(&k->patience, on_patience);
	k->ended.data = k->rest.data = k->linger.data = k->patience.data = k;
	if ((err = start(k)) != 0) {
		k->pid = 0;
		cannot_start(k, err);
		return;
	}
	ev_child_set(&k->ended, k->pid, 0);
	ev_child_start(p->session->loop, &k->ended);
	if (k->relay == NULL && gone_add(&p->gone, &k->gone, c) < 0)
		talk_warn(c->talk, c->id, "gone", "cannot be watched: %s",
		    errno_symbol(errno));
	talk_tell(&p->session->talk, &(struct talk_event){
	    .kind = TALK_SPAWN, .conn = c->id,
	    TALK_VALUES(TALK_I(TF_PID, k->pid),
	    TALK_SS(TF_ARGV, p->argv, count(p->argv))) });
}

void
programs_free(struct programs *p)
{
	struct child *next = NULL;

	if (p == NULL)
		return;
	for (struct child *k = p->children; k != NULL; k = next) {
		next = k->next;
		signal_to(k, SIGTERM);
		conn_recount(k->conn);
		child_free(k);
	}
	gone_close(&p->gone);
	free(p->argv);
	free(p);
}
