/* SPDX-License-Identifier: MIT */
#include "net/lookup.h"

#include <errno.h>
#include <ev.h>
#include <pthread.h>
#include <signal.h>

#include "base/clock.h"
#include "talk/talk.h"

enum { STACK = 512 * KIB };

struct lookup {
	struct lookups	*of;
	struct lookup	*next;		/* in line */
	lookup_done	*done;		/* NULL: given up */
	void		*arg;
	ev_async	 ready;
	uint64_t	 since_ns;
	/* The thread's, from its start until it is ready. */
	char		 host[ADDR_HOST];
	struct resolve_ask ask;
	struct resolve	 found;
	struct why	 why;
};

struct lookups {
	struct ev_loop	*loop;
	struct talk	*talk;
	struct lookup	*first, **last;	/* in line */
	unsigned	 running;
	bool		 freed;		/* by the owner; threads still run */
};

static void *
work(void *arg)
{
	struct lookup *l = arg;

	/* Nothing is told from here: the talk is the loop's. */
	if (resolve(&l->found, NULL, &l->ask, &l->why) < 0)
		l->found.n = 0;
	ev_async_send(l->of->loop, &l->ready);
	return NULL;
}

/* With all signals blocked: they are for the loop's thread. */
static int
start_thread(struct lookup *l)
{
	sigset_t all, before;
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if (pthread_attr_init(&attr) != 0)
		return -1;
	(void)pthread_attr_setstacksize(&attr, STACK);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&thread, &attr, work, l);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return err == 0 ? 0 : -1;
}

static void
start(struct lookup *l)
{
	struct lookups *all = l->of;
	struct addr literal;

	all->running++;
	ev_async_start(all->loop, &l->ready);
	if (addr_literal(&literal, l->host, l->ask.port))
		work(l);
	else if (start_thread(l) < 0) {
		why_set(&l->why, WHY_LOCAL, ENOMEM, "no thread to look up "
		    "names");
		ev_async_send(all->loop, &l->ready);
	}
}

static void
tell(const struct lookup *l)
{
	struct addr literal;

	if (addr_literal(&literal, l->host, l->ask.port))
		return;
	talk_tell(l->of->talk, &(struct talk_event){
	    .kind = l->found.n > 0 ? TALK_RESOLVE : TALK_RESOLVE_FAILED,
	    TALK_VALUES(TALK_S(TF_HOST, l->host),
	    TALK_AS(TF_ADDRS, l->found.addr, l->found.n),
	    TALK_S(TF_TEXT, l->found.n > 0 ? NULL : "not found"),
	    TALK_I(TF_DUR_US, (clock_ns() - l->since_ns) / NS_PER_US)) });
}

static void
start_next(struct lookups *all)
{
	struct lookup *l = all->first;

	if (l == NULL)
		return;
	all->first = l->next;
	if (all->first == NULL)
		all->last = &all->first;
	if (l->done == NULL) {
		free(l);
		start_next(all);
	} else
		start(l);
}

static void
on_ready(struct ev_loop *loop, ev_async *w, int revents)
{
	struct lookup *l = w->data;
	struct lookups *all = l->of;

	(void)revents;
	ev_async_stop(loop, w);
	all->running--;
	if (!all->freed)
		start_next(all);
	if (l->done != NULL) {
		tell(l);
		l->done(l->arg, &l->found, &l->why);
	}
	free(l);
	if (all->freed && all->running == 0)
		free(all);
}

struct lookups *
lookups_new(struct ev_loop *loop, struct talk *talk)
{
	struct lookups *all = calloc(1, sizeof *all);

	if (all == NULL)
		return NULL;
	*all = (struct lookups){ .loop = loop, .talk = talk };
	all->last = &all->first;
	return all;
}

void
lookups_free(struct lookups *all)
{
	if (all == NULL)
		return;
	while (all->first != NULL) {
		struct lookup *l = all->first;

		all->first = l->next;
		free(l);
	}
	all->freed = true;
	if (all->running == 0)
		free(all);
}

struct lookup *
lookup(struct lookups *all, const struct resolve_ask *ask, lookup_done *done,
    void *arg)
{
	struct lookup *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	*l = (struct lookup){ .of = all, .ask = *ask, .done = done,
	    .arg = arg, .since_ns = clock_ns() };
	snprintf(l->host, sizeof l->host, "%s", ask->host);
	l->ask.host = l->host;
	ev_async_init(&l->ready, on_ready);
	l->ready.data = l;
	if (all->running < LOOKUP_THREADS)
		start(l);
	else {
		*all->last = l;
		all->last = &l->next;
	}
	return l;
}

void
lookup_give_up(struct lookup *l)
{
	if (l != NULL)
		l->done = NULL;
}
