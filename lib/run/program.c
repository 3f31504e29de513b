/* SPDX-License-Identifier: MIT */
#include "run/program.h"

#include <errno.h>
#include <ev.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/conn.h"
#include "net/relay.h"
#include "run/session.h"

extern char **environ;

enum {
	OURS = 4,		/* variables of ours */
	ENV_TEXT = ADDR_PATH + 64,
};

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
};

struct programs {
	struct session	*session;
	char *const	*argv;
	program_done	*done;
	void		*arg;
	struct child	*children;
};

struct programs *
programs_new(struct session *s, char *const *argv, program_done *done,
    void *arg)
{
	struct programs *p = calloc(1, sizeof *p);

	if (p != NULL)
		*p = (struct programs){ .session = s, .argv = argv,
		    .done = done, .arg = arg };
	return p;
}

static void
child_free(struct child *k)
{
	struct ev_loop *loop = k->of->session->loop;

	ev_child_stop(loop, &k->ended);
	ev_io_stop(loop, &k->rest);
	ev_timer_stop(loop, &k->linger);
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
	p->done(p->arg, &why);
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

/* A Unix socket has a name, as in our operands, and no port. */
static void
both(char addr[ENV_TEXT], char port[ENV_TEXT], const char *whose,
    const struct addr *a)
{
	bool local = addr_family(a) == AF_UNIX;
	char ip[ADDR_TEXT];

	if (local)
		snprintf(addr, ENV_TEXT, "SOCKT_%s_ADDR=unix:%s%.*s", whose,
		    a->un.abstract ? "@" : "", (int)a->un.n, a->un.name);
	else
		snprintf(addr, ENV_TEXT, "SOCKT_%s_ADDR=%s", whose,
		    addr_ip(a, ip));
	snprintf(port, ENV_TEXT, "SOCKT_%s_PORT=", whose);
	if (!local)
		snprintf(port + strlen(port), 8, "%u", addr_port(a));
}

/* The environment of ours with both ends in front; for free(3). */
static char **
environment(const struct conn *c, char text[OURS][ENV_TEXT])
{
	size_t n = 0, k = OURS;
	char **v;

	while (environ[n] != NULL)
		n++;
	if ((v = calloc(n + OURS + 1, sizeof *v)) == NULL)
		return NULL;
	both(text[0], text[1], "REMOTE", &c->peer);
	both(text[2], text[3], "LOCAL", &c->local);
	for (size_t i = 0; i < OURS; i++)
		v[i] = text[i];
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "SOCKT_", 6) != 0)
			v[k++] = environ[i];
	return v;
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

/* Signals as a program expects to find them; the socket as 0 and 1. */
static int
spawn(pid_t *pid, char *const *argv, struct conn *c, int fd)
{
	char text[OURS][ENV_TEXT];
	char **env = environment(c, text);
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t all, none;
	int err;

	if (env == NULL)
		return ENOMEM;
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, fd, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, fd, STDOUT_FILENO);
	posix_spawnattr_init(&at);
	posix_spawnattr_setflags(&at,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&at, &all);
	posix_spawnattr_setsigmask(&at, &none);
	err = posix_spawnp(pid, argv[0], &fa, &at, argv, env);
	posix_spawnattr_destroy(&at);
	posix_spawn_file_actions_destroy(&fa);
	free(env);
	return err;
}

/* The child gets the socket itself, or one of a pair. */
static int
start(struct child *k)
{
	int fd = conn_plain(k->conn), err;

	if (fd >= 0)
		return spawn(&k->pid, k->of->argv, k->conn, fd);
	if ((err = put_relay_between(k)) != 0)
		return err;
	err = spawn(&k->pid, k->of->argv, k->conn, k->pair[1]);
	close(k->pair[1]);
	return err;
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
	why_sys(&k->why, WHY_LOCAL, err, "cannot run '%s'", safe);
	talk_tell(&k->of->session->talk, &(struct talk_event){
	    .kind = TALK_ERROR, .conn = k->conn != NULL ? k->conn->id : 0,
	    .err = err,
	    TALK_VALUES(TALK_S(TF_CODE, "spawn"),
	    TALK_S(TF_TEXT, k->why.what)) });
	wind_up(k);
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
	k->ended.data = k->rest.data = k->linger.data = k;
	if ((err = start(k)) != 0) {
		k->pid = 0;
		cannot_start(k, err);
		return;
	}
	ev_child_set(&k->ended, k->pid, 0);
	ev_child_start(p->session->loop, &k->ended);
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
		if (k->pid > 0)
			kill(k->pid, SIGTERM);
		conn_recount(k->conn);
		child_free(k);
	}
	free(p);
}
