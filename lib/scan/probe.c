/* SPDX-License-Identifier: MIT */
#include "scan/probe.h"

#include <errno.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "talk/talk.h"

/* RFC 2525 2.17: closing with bytes unread resets. */
static bool
has_unread(int fd)
{
	int n = 0;

	return ioctl(fd, FIONREAD, &n) == 0 && n > 0;
}

/* When the SYN left: a slot that listens has begun anew since. */
static uint64_t
asked(const struct slot *s)
{
	return s->start_ns - (s->listening ? s->rtt_ns : 0);
}

void
probe_record(struct talk *t, const struct slot *s,
    const struct scan_result *r, bool abrupt)
{
	struct talk_wire w = { .kind = TALK_WIRE_FAILED, .err = r->err,
		.local = &s->from, .peer = &s->to, .since_ns = asked(s),
		.tries = r->syns, .took_ns = r->rtt_ns };

	switch (r->sign) {
	case SCAN_SYN_ACK:
		w.kind = TALK_WIRE_PROBED;
		w.out = abrupt || has_unread(s->fd);
		w.data = r->said;
		w.len = r->said_len;
		break;
	case SCAN_RST:
		w.err = ECONNREFUSED;
		break;
	case SCAN_ICMP:
		if (r->icmp_type != (addr_family(&s->to) == AF_INET6 ? 1 : 3))
			return;		/* not "unreachable": none of ours */
		w.from = &r->icmp_from;
		w.code = r->icmp_code;
		break;
	case SCAN_SILENCE:
		w.err = ETIMEDOUT;
		break;
	default:		/* nothing was sent */
		return;
	}
	talk_wire(t, &w);
}
