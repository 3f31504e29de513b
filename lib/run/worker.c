/* SPDX-License-Identifier: MIT */
#include "run/worker.h"

#include <errno.h>
#include <ev.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/conn.h"
#include "run/session.h"
#include "run/spawn.h"

struct worker {
	struct workers	*of;
	struct worker	*next, **link;
	struct conn	*conn;
	struct talk	*talk;		/* the conn's, while it is lent */
	struct served	*served;	/* in our loop */
	struct conn	*report;	/* of the process, in shared memory */
	ev_child	 ended;		/* the process */
	pthread_t	 thread;
	pid_t		 id;		/* of the process or thread */
	bool		 told, over;	/* its spawn; its work is done */
	struct worker	*news;		/* the next one that has some */
	bool		 in_news, cut;
};

struct workers {
	struct session	*session;
	struct worker_opts opts;
	struct worker	*all;
	ev_async	 wake;		/* a thread has begun or ended */
	pthread_mutex_t	 lock;		/* on what follows, and id and over */
	struct worker	*news;
};

static void
gone(struct worker *w)
{
	ev_child_stop(w->of->session->loop, &w->ended);
	if (w->next != NULL)
		w->next->link = w->link;
	*w->link = w->next;
	if (w->report != NULL)
		munmap(w->report, sizeof *w->report);
	serve_free(w->served);
	conn_close(w->conn);
	free(w);
}

static void
tell_spawn(struct worker *w)
{
	bool thread = w->of->opts.model == WORKER_THREAD;
	char name[16];
	char *argv[] = { name, NULL };

	serve_name(w->of->opts.what, name);
	w->told = true;
	talk_tell(w->talk, &(struct talk_event){ .kind = TALK_SPAWN,
	    .conn = w->conn->id, TALK_VALUES(
	    TALK_I(thread ? TF_TID : TF_PID, w->id),
	    TALK_SS(TF_ARGV, argv, 1)) });
}

/* st: as wait(2) has it; a thread's is 0. */
static void
tell_exit(struct worker *w, int st)
{
	bool thread = w->of->opts.model == WORKER_THREAD;
	char signame[16] = "";

	if (WIFSIGNALED(st))
		snprintf(signame, sizeof signame, "SIG%s",
		    sigabbrev_np(WTERMSIG(st)));
	talk_tell(w->talk, &(struct talk_event){ .kind = TALK_EXIT,
	    .conn = w->conn->id, TALK_VALUES(
	    TALK_I(thread ? TF_TID : TF_PID, w->id),
	    TALK_I(TF_EXIT_STATUS,
	    WIFEXITED(st) ? WEXITSTATUS(st) : TALK_UNKNOWN),
	    TALK_S(TF_SIGNAL, signame[0] ? signame : NULL)) });
}

static void
cannot(struct worker *w, const char *what, int err)
{
	talk_warn(w->talk, w->conn->id, "spawn", "no %s for this client: "
	    "%s (%s)", what, errno_words(err), errno_symbol(err));
	w->conn->talk = w->talk;
	gone(w);
}

static void
on_served(void *arg)
{
	gone(arg);
}

static void
stop_loop(void *arg)
{
	ev_break(arg, EVBREAK_ALL);
}

/* The handler in a loop of its own, to its end. */
static int
serve_alone(struct worker *w)
{
	struct ev_loop *loop = ev_loop_new(EVFLAG_NOENV);
	struct served *s = loop == NULL ? NULL : serve(loop, w->conn,
	    &(struct serve_opts){ .what = w->of->opts.what,
	    .idle_ms = w->of->opts.idle_ms, .done = stop_loop, .arg = loop });

	if (s != NULL)
		ev_run(loop, 0);
	serve_free(s);
	if (loop != NULL)
		ev_loop_destroy(loop);
	return s == NULL;
}

/* Only this client is the child's: others must not stay open through it. */
static int
in_process(void *arg)
{
	struct worker *w = arg;
	unsigned fd = (unsigned)w->conn->rfd;
	int status;

	if (fd > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, fd - 1, 0);
	close_range(fd + 1, ~0U, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	status = serve_alone(w);
	*w->report = *w->conn;
	return status;
}

/* What the child's copy of the conn has come to. */
static void
take_report(struct worker *w)
{
	struct conn *c = w->conn;

	c->talk = w->talk;
	if (w->report->id == 0) {	/* ended before it could */
		conn_recount(c);
		return;
	}
	c->in = w->report->in;
	c->out = w->report->out;
	c->first = w->report->first;
	c->reset = w->report->reset;
	c->ended_in = w->report->ended_in;
	c->ended_out = w->report->ended_out;
}

static void
on_ended(struct ev_loop *loop, ev_child *c, int revents)
{
	struct worker *w = c->data;

	(void)revents;
	ev_child_stop(loop, c);
	tell_exit(w, c->rstatus);
	take_report(w);
	gone(w);
}

static void
fork_for(struct worker *w)
{
	w->report = mmap(NULL, sizeof *w->report, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->report == MAP_FAILED) {
		w->report = NULL;
		cannot(w, "process", errno);
		return;
	}
	w->conn->talk = NULL;
	if ((w->id = spawn_fork(in_process, w)) < 0) {
		cannot(w, "process", errno);
		return;
	}
	ev_child_set(&w->ended, w->id, 0);
	ev_child_start(w->of->session->loop, &w->ended);
	tell_spawn(w);
}

/* Something about w is new; wakes our loop. */
static void
report(struct worker *w, bool over)
{
	struct workers *ws = w->of;

	pthread_mutex_lock(&ws->lock);
	if (!over)	/* later on it is read without the lock */
		w->id = gettid();
	w->over = over;
	if (!w->in_news) {
		w->in_news = true;
		w->news = ws->news;
		ws->news = w;
	}
	pthread_mutex_unlock(&ws->lock);
	ev_async_send(ws->session->loop, &ws->wake);
}

static void *
in_thread(void *arg)
{
	struct worker *w = arg;

	report(w, false);
	(void)serve_alone(w);
	report(w, true);
	return NULL;
}

static void
thread_for(struct worker *w)
{
	sigset_t all, before;
	pthread_attr_t at;
	int err;

	w->conn->talk = NULL;
	sigfillset(&all);		/* signals are for our loop */
	pthread_attr_init(&at);
	pthread_attr_setstacksize(&at, WORKER_STACK);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&w->thread, &at, in_thread, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&at);
	if (err != 0)
		cannot(w, "thread", err);
}

static void
join(struct worker *w)
{
	pthread_join(w->thread, NULL);
	if (!w->told)
		tell_spawn(w);
	tell_exit(w, 0);
	w->conn->talk = w->talk;
	if (w->cut)
		w->conn->first = CONN_US;
	gone(w);
}

static void
on_wake(struct ev_loop *loop, ev_async *a, int revents)
{
	struct workers *ws = a->data;
	struct worker *w = NULL;
	bool over = false;

	(void)loop, (void)revents;
	for (;;) {
		pthread_mutex_lock(&ws->lock);
		if ((w = ws->news) != NULL) {
			ws->news = w->news;
			w->in_news = false;
			over = w->over;
		}
		pthread_mutex_unlock(&ws->lock);
		if (w == NULL)
			return;
		if (!w->told)
			tell_spawn(w);
		if (over)
			join(w);
	}
}

void
workers_take(struct workers *ws, struct conn *c)
{
	struct worker *w = calloc(1, sizeof *w);

	if (w == NULL) {
		conn_close(c);
		return;
	}
	*w = (struct worker){ .of = ws, .conn = c, .next = ws->all,
	    .link = &ws->all, .talk = c->talk };
	if (w->next != NULL)
		w->next->link = &w->next;
	ws->all = w;
	ev_child_init(&w->ended, on_ended, 0, 0);
	w->ended.data = w;
	if (ws->opts.model == WORKER_PROCESS)
		fork_for(w);
	else if (ws->opts.model == WORKER_THREAD)
		thread_for(w);
	else if ((w->served = serve(ws->session->loop, c,
	    &(struct serve_opts){ .what = ws->opts.what,
	    .idle_ms = ws->opts.idle_ms, .done = on_served, .arg = w })) ==
	    NULL)
		gone(w);
}

struct workers *
workers_new(struct session *s, const struct worker_opts *o)
{
	struct workers *ws = calloc(1, sizeof *ws);

	if (ws == NULL)
		return NULL;
	*ws = (struct workers){ .session = s, .opts = *o };
	pthread_mutex_init(&ws->lock, NULL);
	ev_async_init(&ws->wake, on_wake);
	ws->wake.data = ws;
	if (o->model == WORKER_THREAD)
		ev_async_start(s->loop, &ws->wake);
	return ws;
}

/* What the thread then takes for the client's end is ours. */
static bool
shut_if_busy(struct worker *w)
{
	bool busy;

	pthread_mutex_lock(&w->of->lock);
	busy = !w->over;
	pthread_mutex_unlock(&w->of->lock);
	if (busy)
		shutdown(w->conn->rfd, SHUT_RDWR);
	return busy;
}

void
workers_free(struct workers *ws)
{
	if (ws == NULL)
		return;
	for (struct worker *w = ws->all; w != NULL; w = w->next)
		if (ws->opts.model == WORKER_THREAD)
			w->cut = shut_if_busy(w);
	while (ws->all != NULL) {
		struct worker *w = ws->all;

		if (ws->opts.model == WORKER_THREAD) {
			join(w);
			continue;
		}
		if (ws->opts.model == WORKER_PROCESS) {
			kill(w->id, SIGTERM);
			take_report(w);
		}
		gone(w);
	}
	ev_async_stop(ws->session->loop, &ws->wake);
	pthread_mutex_destroy(&ws->lock);
	free(ws);
}
