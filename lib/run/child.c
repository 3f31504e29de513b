/* SPDX-License-Identifier: MIT */
#include "run/child.h"

#include <signal.h>
#include <sys/wait.h>

#include "talk/talk.h"

void
child_signal(const struct child *k, int sig)
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
		child_signal(k, SIGKILL);
		return;
	}
	k->asked = true;
	talk_note(k->talk, k->conn, "gone", "the client is gone; pid %d is "
	    "asked to end (SIGHUP, SIGTERM)", (int)k->pid);
	child_signal(k, SIGHUP);
	child_signal(k, SIGTERM);
	ev_timer_set(t, CHILD_KILL_MS / 1000.0, 0);
	ev_timer_start(loop, t);
}

void
child_leave(struct child *k, int ms)
{
	if (k->pid == 0 || k->asked)
		return;
	ev_timer_stop(k->loop, &k->patience);
	ev_timer_set(&k->patience, ms / 1000.0, 0);
	ev_timer_start(k->loop, &k->patience);
}

static void
tell_spawn(const struct child *k)
{
	size_t n = 0;

	while (k->argv[n] != NULL)
		n++;
	talk_tell(k->talk, &(struct talk_event){ .kind = TALK_SPAWN,
	    .conn = k->conn, TALK_VALUES(TALK_I(TF_PID, k->pid),
	    TALK_SS(TF_ARGV, k->argv, n)) });
}

static void
on_ended(struct ev_loop *loop, ev_child *w, int revents)
{
	struct child *k = w->data;
	int st = w->rstatus;
	struct why why = { 0 };
	char signame[16] = "";

	(void)loop, (void)revents;
	child_forget(k);
	if (WIFSIGNALED(st)) {
		snprintf(signame, sizeof signame, "SIG%s",
		    sigabbrev_np(WTERMSIG(st)));
		why_set(&why, WHY_NO, 0, "%s (pid %d) was ended by %s",
		    k->argv[0], (int)k->pid, signame);
	} else if (WEXITSTATUS(st) != 0)
		why_set(&why, WHY_NO, 0, "%s (pid %d) ended with status %d",
		    k->argv[0], (int)k->pid, WEXITSTATUS(st));
	talk_tell(k->talk, &(struct talk_event){ .kind = TALK_EXIT,
	    .conn = k->conn, TALK_VALUES(TALK_I(TF_PID, k->pid),
	    TALK_I(TF_EXIT_STATUS,
	    WIFEXITED(st) ? WEXITSTATUS(st) : TALK_UNKNOWN),
	    TALK_S(TF_SIGNAL, signame[0] ? signame : NULL)) });
	k->pid = 0;
	k->fn(k, &why);
}

void
child_watch(struct child *k, pid_t pid)
{
	k->pid = pid;
	ev_child_init(&k->ended, on_ended, pid, 0);
	ev_init(&k->patience, on_patience);
	k->ended.data = k->patience.data = k;
	ev_child_start(k->loop, &k->ended);
	tell_spawn(k);
}

void
child_forget(struct child *k)
{
	ev_child_stop(k->loop, &k->ended);
	ev_timer_stop(k->loop, &k->patience);
}
