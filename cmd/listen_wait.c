/* SPDX-License-Identifier: MIT */
/* listen_wait - sockt listen --accept-timeout: what if nobody calls? */
#include "listen.h"

static void
on_nobody(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct session *s = t->data;
	struct why why = { 0 };

	(void)loop, (void)revents;
	why_set(&why, WHY_TIMEOUT, 0, "nobody called within %g s "
	    "(--accept-timeout)", lcfg.accept_ms / 1000.0);
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_TIMEOUT,
	    TALK_VALUES(TALK_S(TF_PHASE, "accept"),
	    TALK_I(TF_DUR_US, (int64_t)lcfg.accept_ms * 1000)) });
	session_leave(s, &why);
}

static void
on_somebody(void *arg, struct conn *c)
{
	struct session *s = arg;

	ev_timer_stop(s->loop, &lcfg.nobody);
	lcfg.client(arg, c);
}

int
listen_wait_check(struct session *s)
{
	if (lcfg.accept_ms > 0 && lcfg.udp.udp)
		return why_set(&s->why, WHY_USAGE, 0, "--accept-timeout is "
		    "not for --udp, where nobody calls; --idle-timeout is");
	return 0;
}

listener_client *
listen_wait(struct session *s, listener_client *client)
{
	if (lcfg.accept_ms == 0)
		return client;
	lcfg.client = client;
	ev_timer_init(&lcfg.nobody, on_nobody, lcfg.accept_ms / 1000.0, 0);
	lcfg.nobody.data = s;
	ev_now_update(s->loop);
	ev_timer_start(s->loop, &lcfg.nobody);
	return on_somebody;
}
