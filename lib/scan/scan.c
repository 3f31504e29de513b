/* SPDX-License-Identifier: MIT */
#include "scan/scan.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "scan/local.h"
#include "scan/pool.h"
#include "scan/probe.h"
#include "talk/talk.h"

enum {
	EVENTS = 64,			/* taken from the kernel at once */
	TURN_NS = 5 * NS_PER_MS,	/* so that the loop's others live too */
};

#define NEVER UINT64_MAX

struct scan {
	struct scan_job	 job;
	struct slot_opts opts;
	bool		*local;		/* per address */
	struct pool	 pool;

	unsigned	 addr;		/* the next to be asked, */
	int		 port;		/* and its port; -1: none is left */
	uint64_t	 paced_ns;	/* not before; for other machines */
	uint64_t	 due_ns;
};

/* Lists the next port in order, addresses one after the other. */
static void
advance(struct scan *s)
{
	s->port = ports_next(s->job.ports, (unsigned)s->port);
	if (s->port < 0 && ++s->addr < s->job.naddrs)
		s->port = ports_next(s->job.ports, 0);
}

static void
choose_sources(struct scan *s)
{
	bool any = false;

	for (size_t i = 0; i < s->job.naddrs; i++) {
		s->local[i] = local_is(&s->job.addrs[i]);
		any = any || s->local[i];
	}
	if (any)
		s->opts.sources = local_sources(&s->opts.source_first);
	/* Elsewhere than last time, whose connections may not be over yet. */
	if (s->opts.sources > 0)
		s->opts.source_next =
		    (unsigned)(clock_ns() / NS_PER_US % s->opts.sources);
}

static struct scan *
fail(struct scan *s, struct why *why)
{
	why_sys(why, WHY_LOCAL, errno, "cannot prepare to ask ports");
	scan_free(s);
	return NULL;
}

struct scan *
scan_new(const struct scan_job *job, struct why *why)
{
	size_t probes = job->naddrs * job->ports->count;
	struct scan *s = calloc(1, sizeof *s);

	if (s == NULL)
		return fail(s, why);
	s->job = *job;
	s->opts.abrupt = probes > SCAN_FEW;
	s->opts.recorded = talk_wired(job->talk);
	s->port = job->naddrs > 0 ? ports_next(job->ports, 0) : -1;
	s->local = calloc(job->naddrs + 1, sizeof *s->local);
	if (s->local == NULL || pool_init(&s->pool,
	    probes < SCAN_WINDOW ? probes : SCAN_WINDOW) < 0)
		return fail(s, why);
	choose_sources(s);
	return s;
}

void
scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	pool_free(&s->pool);
	free(s->local);
	free(s);
}

/* The kernel's figure is exact, but may be a whole tick of its clock. */
static uint64_t
rtt(const struct slot *slot, const struct scan_result *r)
{
	uint64_t waited = clock_ns() - slot->start_ns;

	if (slot->listening)	/* it was open a while ago */
		return slot->rtt_ns;
	return r->rtt_ns == 0 || r->rtt_ns > waited ? waited : r->rtt_ns;
}

static void
tell(struct scan *s, struct slot *slot, struct scan_result *r)
{
	r->addr = slot->addr;
	r->port = addr_port(&slot->to);
	r->local = s->local[slot->addr];
	r->rtt_ns = rtt(slot, r);
	if (s->opts.recorded)
		probe_record(s->job.talk, slot, r, s->opts.abrupt);
	pool_put(&s->pool, slot, r->state == SCAN_CLOSED);
	s->job.on_result(r, s->job.arg);
}

/*
 * A port that one of our own sockets asks from, and it is open? Two of ours
 * have met (their SYNs crossed), that is not a server: ask from elsewhere.
 */
static enum slot_answer
doubt(const struct scan *s, struct slot *slot, enum slot_answer a,
    const struct scan_result *r)
{
	unsigned port = addr_port(&slot->to);

	if (a != SLOT_DONE || r->state != SCAN_OPEN ||
	    port - s->opts.source_first >= s->opts.sources ||
	    !pool_holds(&s->pool, port))
		return a;
	slot_close(slot);
	return SLOT_AGAIN;
}

static enum slot_answer
start(struct scan *s, struct slot *slot, struct scan_result *r)
{
	enum slot_answer a;

	do {
		*r = (struct scan_result){ 0 };
		a = slot_start(slot, s->local[slot->addr], &s->opts, r);
		a = doubt(s, slot, a, r);
	} while (a == SLOT_AGAIN && ++slot->tries < SCAN_TRIES);
	return a;
}

/* What an open port says first, if it has come. */
static void
hear(struct scan *s, struct slot *slot)
{
	struct scan_result r = {
		.state = SCAN_OPEN, .sign = SCAN_SYN_ACK,
	};
	char said[SCAN_SAID_MAX];
	ssize_t n = read(slot->fd, said, sizeof said);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		r.said = said;
		r.said_len = (size_t)n;
	}
	tell(s, slot, &r);
}

static void
listen_to(struct scan *s, struct slot *slot, struct scan_result *r)
{
	slot->rtt_ns = rtt(slot, r);
	if (pool_watch(&s->pool, slot) < 0) {
		tell(s, slot, r);
		return;
	}
	pool_hear(&s->pool, slot);
	hear(s, slot);
}

static void
conclude(struct scan *s, struct slot *slot, enum slot_answer a,
    struct scan_result *r)
{
	if (a == SLOT_WAIT && pool_watch(&s->pool, slot) == 0)
		return;
	if (a != SLOT_DONE) {
		if (a == SLOT_WAIT)
			r->err = errno;
		r->state = SCAN_ERROR;
		r->sign = SCAN_LOCAL;
	}
	if (r->state == SCAN_OPEN && s->job.listen_ms > 0 && r->err == 0)
		listen_to(s, slot, r);
	else
		tell(s, slot, r);
}

static void
look(struct scan *s, struct slot *slot)
{
	struct scan_result r = { 0 };
	enum slot_answer a = slot_look(slot, &r);

	a = doubt(s, slot, a, &r);
	if (a == SLOT_AGAIN && ++slot->tries < SCAN_TRIES)
		a = start(s, slot, &r);
	conclude(s, slot, a, &r);
}

/*
 * This machine may always be asked. Another one as fast as it answers; what
 * is begun while many answers are missing is begun slowly.
 */
static bool
may_go(struct scan *s, uint64_t now)
{
	const uint64_t step = NS_PER_S / SCAN_RATE;

	if (s->local[s->addr] || s->pool.busy < SCAN_FREELY)
		return true;
	/* Timers are coarse: what was missed is caught up with. */
	if (s->paced_ns + SCAN_FREELY * step < now)
		s->paced_ns = now - SCAN_FREELY * step;
	if (s->paced_ns > now)
		return false;
	s->paced_ns += step;
	return true;
}

/* Asks the next port. False: not now, for want of sockets. */
static bool
ask_next(struct scan *s)
{
	struct slot *slot = pool_take(&s->pool);
	struct scan_result r;
	enum slot_answer a;

	if (slot == NULL)
		return false;
	slot->addr = s->addr;
	slot->to = s->job.addrs[s->addr];
	addr_set_port(&slot->to, (unsigned)s->port);
	a = start(s, slot, &r);
	if (a == SLOT_STARVED && s->pool.busy > 1) {
		pool_put(&s->pool, slot, false);
		s->pool.window = s->pool.busy;
		return false;
	}
	conclude(s, slot, a, &r);
	advance(s);
	return true;
}

static bool
has_room(const struct scan *s)
{
	return s->port > 0 && s->pool.busy < s->pool.window;
}

/* True: there is more to ask at once, but others shall have their turn. */
static bool
launch(struct scan *s, uint64_t began)
{
	while (has_room(s)) {
		uint64_t now = clock_ns();

		if (now - began > TURN_NS)
			return true;
		if (!may_go(s, now) || !ask_next(s))
			return false;
	}
	return false;
}

static void
take_events(struct scan *s)
{
	struct epoll_event e[EVENTS];
	int n = epoll_wait(s->pool.epfd, e, EVENTS, 0);

	for (int i = 0; i < n; i++) {
		struct slot *slot = e[i].data.ptr;

		/* An answer from before may still ring: ask, then see. */
		if (!slot->busy)
			continue;
		if (slot->listening)
			hear(s, slot);
		else
			look(s, slot);
	}
}

static uint64_t
limit(int ms, const struct slot *slot)
{
	if (slot == NULL || ms == 0)
		return NEVER;
	return slot->start_ns + (uint64_t)ms * NS_PER_MS;
}

/* Nothing was said; open it is all the same. */
static void
stop_hearing(struct scan *s, struct slot *slot)
{
	struct scan_result r = {
		.state = SCAN_OPEN, .sign = SCAN_SYN_ACK,
	};

	tell(s, slot, &r);
}

static void
give_up(struct scan *s, uint64_t now)
{
	struct slot *slot;

	while (limit(s->job.timeout_ms, slot = TAILQ_FIRST(&s->pool.asking)) <=
	    now) {
		struct scan_result r = { 0 };

		slot_silent(slot, &r);
		tell(s, slot, &r);
	}
	while (limit(s->job.listen_ms, slot = TAILQ_FIRST(&s->pool.hearing)) <=
	    now)
		stop_hearing(s, slot);
}

void
scan_stop(struct scan *s)
{
	struct slot *slot;

	while ((slot = TAILQ_FIRST(&s->pool.hearing)) != NULL)
		stop_hearing(s, slot);
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

bool
scan_turn(struct scan *s)
{
	uint64_t now = clock_ns();

	take_events(s);
	give_up(s, now);
	s->due_ns = launch(s, now) ? now : earlier(
	    limit(s->job.timeout_ms, TAILQ_FIRST(&s->pool.asking)),
	    limit(s->job.listen_ms, TAILQ_FIRST(&s->pool.hearing)));
	if (has_room(s))
		s->due_ns = earlier(s->due_ns, s->paced_ns);
	return s->port > 0 || s->pool.busy > 0;
}

int
scan_fd(const struct scan *s)
{
	return s->pool.epfd;
}

uint64_t
scan_due(const struct scan *s)
{
	return s->due_ns;
}
