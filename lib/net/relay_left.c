/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <sys/socket.h>

#include "net/conn.h"
#include "net/relay_state.h"
#include "talk/talk.h"

/*
 * What b sent is complete, by its end. If it was never sent anything, nothing
 * can be lost: the reset is the answer of its system to a probe of ours.
 */
static void
forgive(struct conn *b)
{
	int err;
	socklen_t len = sizeof err;

	if (b->out + b->before_out == 0)
		(void)getsockopt(b->rfd, SOL_SOCKET, SO_ERROR, &err, &len);
}

/* From a watch that is part of the relay: that is not to go while it calls. */
static void
on_left(struct gone *g, bool reset)
{
	struct relay *r = (struct relay *)(void *)((char *)g -
	    offsetof(struct relay, left));

	if (r->over)
		return;
	if (reset)
		forgive(r->b);
	else if (r->b->talk != NULL)
		talk_note(r->b->talk, r->b->id, "gone",
		    "the peer has closed, nobody would hear more");
	ev_timer_again(r->loop, &r->acked);
}

/* Without it (no descriptor left), what is written next finds out. */
void
relay_left_watch(struct relay *r)
{
	if (r->over || r->watch.loop != NULL || r->b->rfd < 0)
		return;
	if (gone_open(&r->watch, r->loop, on_left) < 0)
		r->watch.loop = NULL;
	else if (gone_add(&r->watch, &r->left, r->b) < 0)
		relay_left_stop(r);
}

void
relay_left_stop(struct relay *r)
{
	gone_forget(&r->left);
	gone_close(&r->watch);
	r->watch.loop = NULL;
}
