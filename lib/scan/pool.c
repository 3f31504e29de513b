/* SPDX-License-Identifier: MIT */
#include "scan/pool.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"

int
pool_init(struct pool *p, size_t n)
{
	*p = (struct pool){ .window = n, .epfd = -1 };
	TAILQ_INIT(&p->idle);
	TAILQ_INIT(&p->asking);
	TAILQ_INIT(&p->hearing);
	/* For as many as may be in flight; memory is used as they are. */
	if ((p->slots = calloc(n + 1, sizeof *p->slots)) == NULL)
		return -1;
	for (p->n = 0; p->n < n; p->n++) {
		p->slots[p->n].fd = -1;
		TAILQ_INSERT_TAIL(&p->idle, &p->slots[p->n], link);
	}
	p->epfd = epoll_create1(EPOLL_CLOEXEC);
	return p->epfd < 0 ? -1 : 0;
}

void
pool_free(struct pool *p)
{
	for (size_t i = 0; i < p->n; i++)
		slot_close(&p->slots[i]);
	if (p->slots != NULL && p->epfd >= 0)
		close(p->epfd);
	free(p->slots);
	*p = (struct pool){ 0 };
}

struct slot *
pool_take(struct pool *p)
{
	struct slot *slot = TAILQ_FIRST(&p->idle);

	if (slot == NULL || p->busy >= p->window)
		return NULL;
	TAILQ_REMOVE(&p->idle, slot, link);
	TAILQ_INSERT_TAIL(&p->asking, slot, link);
	slot->busy = true;
	slot->listening = false;
	slot->tries = 0;
	slot->start_ns = clock_ns();
	p->busy++;
	return slot;
}

void
pool_hear(struct pool *p, struct slot *slot)
{
	TAILQ_REMOVE(&p->asking, slot, link);
	TAILQ_INSERT_TAIL(&p->hearing, slot, link);
	slot->listening = true;
	slot->start_ns = clock_ns();
}

void
pool_put(struct pool *p, struct slot *slot, bool keep)
{
	TAILQ_REMOVE(slot->listening ? &p->hearing : &p->asking, slot, link);
	TAILQ_INSERT_HEAD(&p->idle, slot, link);
	slot->busy = false;
	p->busy--;
	if (!keep)
		slot_close(slot);
}

int
pool_watch(struct pool *p, struct slot *slot)
{
	struct epoll_event e = {
		.events = EPOLLIN | EPOLLOUT | EPOLLET,
		.data.ptr = slot,
	};

	if (slot->watched)
		return 0;
	slot->watched = epoll_ctl(p->epfd, EPOLL_CTL_ADD, slot->fd, &e) == 0;
	return slot->watched ? 0 : -1;
}

bool
pool_holds(const struct pool *p, unsigned port)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->slots[i].fd >= 0 && p->slots[i].source == port)
			return true;
	return false;
}
