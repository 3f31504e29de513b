/* SPDX-License-Identifier: MIT */
/* explain_end - how a conversation ends. */
#include <errno.h>

#include "talk/explain_words.h"

static bool
no_line_end(const struct explain *x, const struct talk_event *e)
{
	const struct explain_stream *s = &x->sent[e->conn % STREAMS];

	return s->conn == e->conn && s->any && s->last != '\n';
}

void
explain_half_closed(struct explain *x, const struct talk_event *e)
{
	bool fin = word(e, TF_HOW) == NULL;

	if (!fin)
		return;
	if (is(e, TF_WHO, "us") && no_line_end(x, e))
		say(x, "End of input: we sent FIN; the last line has no line "
		    "end, and a server that reads lines may wait for it.");
	else if (is(e, TF_WHO, "us") && once(x, SAID_OUR_HALF))
		say(x, "End of input: we sent FIN with shutdown(); we still "
		    "read until the other side closes too.");
	else if (is(e, TF_WHO, "peer") && once(x, SAID_PEER_HALF))
		say(x, "read() returned 0: the other side sent FIN, it will "
		    "send no more; it can still receive what we send "
		    "(half-closed).");
}

void
explain_closed(struct explain *x, const struct talk_event *e)
{
	int64_t unsent = number(e, TF_UNSENT), again = number(e, TF_RETRANS);

	if (on_unix(e) || on_vsock(e))
		return;
	if (on_udp(e)) {
		if (number(e, TF_DATAGRAMS_OUT) > 0 &&
		    number(e, TF_DATAGRAMS_IN) == 0 && !x->refused)
			say(x, "No answer to a datagram proves nothing: it was "
			    "lost, or dropped, or the program has nothing to "
			    "say.");
		return;
	}
	if (unsent > 0)
		say(x, "%lld B we handed to the kernel were never "
		    "acknowledged: it is unknown whether the other side got "
		    "them.", (long long)unsent);
	else if (again > 0)
		say(x, "%d segment%s had to be sent again: packets were lost "
		    "on the way; that is why it was slow.", (int)again,
		    again == 1 ? "" : "s");
	else if (is(e, TF_HOW, "rst"))
		say(x, "We closed with received bytes unread, so the kernel "
		    "sends RST instead of FIN: they are lost, and the other "
		    "side will see a reset.");
	else if (e->conn != 0 && e->conn == x->reset)
		return;		/* RST leaves no TIME_WAIT (RFC 9293 3.5.2) */
	else if (is(e, TF_WHO_FIRST, "peer") && once(x, SAID_PEER_FIRST))
		say(x, "The other side closed first, so TIME_WAIT is on its "
		    "side; our port is free at once.");
	else if (is(e, TF_WHO_FIRST, "us") && once(x, SAID_US_FIRST))
		say(x, "We closed first, so the memory of this connection "
		    "(TIME_WAIT) is kept on our side.");
}

void
explain_afterlife(struct explain *x, const struct talk_event *e)
{
	int64_t s = number(e, TF_TIMER_S);
	char a[ADDR_TEXT], b[ADDR_TEXT];

	if (s == TALK_UNKNOWN || !is(e, TF_STATE, "TIME_WAIT") ||
	    !once(x, SAID_TIME_WAIT))
		return;
	say(x, "The kernel keeps %s-%s in TIME_WAIT for %d s (no program "
	    "needed, visible with 'ss -tan') to answer a repeated FIN and to "
	    "let stray packets die out.", addr_text(e->local, a),
	    addr_text(e->peer, b), (int)s);
}

void
explain_reset(struct explain *x, const struct talk_event *e)
{
	x->reset = e->conn;
	if (is(e, TF_WHO, "us"))
		return;
	say(x, "The other side sent RST: it dropped the connection without "
	    "goodbye; typically its program died, it closed with unread data "
	    "in its buffer, or it never knew this connection.");
}

void
explain_broken(struct explain *x, const struct talk_event *e)
{
	int64_t lost = number(e, TF_LOST);
	int64_t promised = number(e, TF_TOTAL);
	int64_t got = number(e, TF_BODY_BYTES);

	if (e->err == EPIPE) {
		say(x, "The other side had already closed; our first bytes "
		    "after that were answered by RST, and this write is "
		    "refused (EPIPE)");
		if (lost > 0)
			say(x, ": %lld B were lost", (long long)lost);
		say(x, ".");
	} else if (promised != TALK_UNKNOWN && got != TALK_UNKNOWN)
		say(x, "The head promised %lld B, the connection ended after "
		    "%lld B: the file is incomplete.", (long long)promised,
		    (long long)got);
}

void
explain_idle(struct explain *x, const struct talk_event *e)
{
	int64_t s = number(e, TF_SECONDS);

	if (s != TALK_UNKNOWN && word(e, TF_MEANING) == NULL)
		say(x, "Nothing for %d s; TCP sends nothing on an idle "
		    "connection, so neither side would notice a pulled cable.",
		    (int)s);
}
