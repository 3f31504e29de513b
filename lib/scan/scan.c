/* SPDX-License-Identifier: MIT */
#include "scan/scan.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "scan/local.h"
#include "scan/slot.h"

enum {
	EVENTS = 64,			/* taken from the kernel at once */
	TURN_NS = 5 * NS_PER_MS,	/* so that the loop's others live too */
};

#define NEVER UINT64_MAX

struct scan {
	struct scan_job	 job;
	struct slot_opts opts;
	bool		*local;		/* per address */
	int		 epfd;

	struct slot	*slots;
	size_t		 nslots;
	size_t		 window;	/* at most so many of them busy */
	size_t		 inflight;
	struct slots	 idle;		/* the last used first */
	struct slots	 asking;	/* the oldest first */
	struct slots	 hearing;	/* open, maybe about to speak */

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

/* Sockets for as many as may be in flight; the memory is used as they are. */
static int
make_slots(struct scan *s, size_t n)
{
	TAILQ_INIT(&s->idle);
	TAILQ_INIT(&s->asking);
	TAILQ_INIT(&s->hearing);
	if ((s->slots = calloc(n + 1, sizeof *s->slots)) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		s->slots[i].fd = -1;
		TAILQ_INSERT_TAIL(&s->idle, &s->slots[i], link);
	}
	s->nslots = s->window = n;
	return 0;
}

struct scan *
scan_new(const struct scan_job *job, struct why *why)
{
	size_t probes = job->naddrs * job->ports->count;
	struct scan *s = calloc(1, sizeof *s);

	if (s == NULL)
		return fail(s, why);
	s->epfd = -1;
	s->job = *job;
	s->opts.abrupt = probes > SCAN_FEW;
	s->port = job->naddrs > 0 ? ports_next(job->ports, 0) : -1;
	s->epfd = epoll_create1(EPOLL_CLOEXEC);
	s->local = calloc(job->naddrs + 1, sizeof *s->local);
	if (s->epfd < 0 || s->local == NULL ||
	    make_slots(s, probes < SCAN_WINDOW ? probes : SCAN_WINDOW) < 0)
		return fail(s, why);
	choose_sources(s);
	return s;
}

void
scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->nslots; i++)
		slot_close(&s->slots[i]);
	if (s->epfd >= 0)
		close(s->epfd);
	free(s->slots);
	free(s->local);
	free(s);
}

static void
begin(struct scan *s, struct slot *slot)
{
	TAILQ_REMOVE(&s->idle, slot, link);
	TAILQ_INSERT_TAIL(&s->asking, slot, link);
	slot->busy = true;
	slot->listening = false;
	slot->tries = 0;
	slot->start_ns = clock_ns();
	s->inflight++;
}

/* Back to the idle ones; the socket lives on only if it was refused. */
static void
end(struct scan *s, struct slot *slot, bool reuse)
{
	TAILQ_REMOVE(slot->listening ? &s->hearing : &s->asking, slot, link);
	TAILQ_INSERT_HEAD(&s->idle, slot, link);
	slot->busy = false;
	s->inflight--;
	if (!reuse)
		slot_close(slot);
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
	end(s, slot, r->state == SCAN_CLOSED);
	s->job.on_result(r, s->job.arg);
}

/*
 * A port that one of our own sockets asks from. That two of ours met (their
 * SYNs crossed) is not a server: ask again from elsewhere.
 */
static bool
is_one_of_ours(const struct scan *s, unsigned port)
{
	unsigned nth = port - s->opts.source_first;

	if (port < s->opts.source_first || nth >= s->opts.sources)
		return false;
	for (size_t i = 0; i < s->nslots; i++)
		if (s->slots[i].fd >= 0 && s->slots[i].source == port)
			return true;
	return false;
}

static enum slot_answer
doubt(const struct scan *s, struct slot *slot, enum slot_answer a,
    const struct scan_result *r)
{
	if (a != SLOT_DONE || r->state != SCAN_OPEN ||
	    !is_one_of_ours(s, addr_port(&slot->to)))
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

static int
watch(struct scan *s, struct slot *slot)
{
	struct epoll_event e = {
		.events = EPOLLIN | EPOLLOUT | EPOLLET,
		.data.ptr = slot,
	};

	if (slot->watched)
		return 0;
	slot->watched =
	    epoll_ctl(s->epfd, EPOLL_CTL_ADD, slot->fd, &e) == 0;
	return slot->watched ? 0 : -1;
}

/* What an open port says within its time; true: told, or it never will. */
static bool
hear(struct scan *s, struct slot *slot)
{
	struct scan_result r = {
		.state = SCAN_OPEN, .sign = SCAN_SYN_ACK,
	};
	char said[SCAN_SAID_MAX];
	ssize_t n = read(slot->fd, said, sizeof said);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n > 0) {
		r.said = said;
		r.said_len = (size_t)n;
	}
	tell(s, slot, &r);
	return true;
}

static void
listen_to(struct scan *s, struct slot *slot, struct scan_result *r)
{
	uint64_t now = clock_ns();

	slot->rtt_ns = rtt(slot, r);
	if (watch(s, slot) < 0) {
		tell(s, slot, r);
		return;
	}
	TAILQ_REMOVE(&s->asking, slot, link);
	TAILQ_INSERT_TAIL(&s->hearing, slot, link);
	slot->listening = true;
	slot->start_ns = now;
	hear(s, slot);
}

static void
conclude(struct scan *s, struct slot *slot, enum slot_answer a,
    struct scan_result *r)
{
	if (a == SLOT_WAIT && watch(s, slot) == 0)
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

/* Whether another machine may be asked now; this one always. */
static bool
may_go(struct scan *s, uint64_t now)
{
	const uint64_t step = NS_PER_S / SCAN_RATE;

	if (s->local[s->addr])
		return true;
	if (s->paced_ns + SCAN_BURST * step < now)
		s->paced_ns = now - SCAN_BURST * step;
	if (s->paced_ns > now)
		return false;
	s->paced_ns += step;
	return true;
}

/* Asks the next port. False: not now, for want of descriptors or memory. */
static bool
ask_next(struct scan *s)
{
	struct slot *slot = TAILQ_FIRST(&s->idle);
	struct scan_result r;
	enum slot_answer a;

	slot->addr = s->addr;
	slot->to = s->job.addrs[s->addr];
	addr_set_port(&slot->to, (unsigned)s->port);
	begin(s, slot);
	a = start(s, slot, &r);
	if (a == SLOT_STARVED && s->inflight > 1) {
		end(s, slot, false);
		s->window = s->inflight;
		return false;
	}
	conclude(s, slot, a, &r);
	advance(s);
	return true;
}

/* True: there is more to ask at once, but others shall have their turn. */
static bool
launch(struct scan *s, uint64_t began)
{
	while (s->port > 0 && s->inflight < s->window) {
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
	int n = epoll_wait(s->epfd, e, EVENTS, 0);

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

static void
give_up(struct scan *s, uint64_t now)
{
	struct slot *slot;

	while (limit(s->job.timeout_ms, slot = TAILQ_FIRST(&s->asking)) <=
	    now) {
		struct scan_result r = { 0 };

		slot_silent(slot, &r);
		tell(s, slot, &r);
	}
	while (limit(s->job.listen_ms, slot = TAILQ_FIRST(&s->hearing)) <=
	    now) {
		struct scan_result r = {
			.state = SCAN_OPEN, .sign = SCAN_SYN_ACK,
		};

		tell(s, slot, &r);
	}
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
	    limit(s->job.timeout_ms, TAILQ_FIRST(&s->asking)),
	    limit(s->job.listen_ms, TAILQ_FIRST(&s->hearing)));
	if (s->port > 0 && s->inflight < s->window)
		s->due_ns = earlier(s->due_ns, s->paced_ns);
	return s->port > 0 || s->inflight > 0;
}

int
scan_fd(const struct scan *s)
{
	return s->epfd;
}

uint64_t
scan_due(const struct scan *s)
{
	return s->due_ns;
}
