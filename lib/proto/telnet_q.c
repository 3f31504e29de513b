/* SPDX-License-Identifier: MIT */
#include "proto/telnet_q.h"

#include "proto/telnet.h"

/* One side sees its two commands as a yes and a no, and answers likewise. */
enum say { SAY_NOTHING, SAY_YES, SAY_NO };

struct step {
	enum say say;
	bool	 error;
};

/* Section 7: enabled if and only if the state is YES. */
static bool
is_on(const struct telnet_q_side *s)
{
	return s->state == TELNET_Q_YES;
}

static void
become(struct telnet_q_side *s, enum telnet_q_state state, bool opposite)
{
	s->state = (uint8_t)state;
	s->opposite = opposite;
}

/* RFC 1143 section 7, "Upon receipt of WILL" (of DO, seen from our side). */
static struct step
hear_yes(struct telnet_q_side *s)
{
	bool opposite = s->opposite;

	switch (s->state) {
	case TELNET_Q_NO:
		if (!s->allowed)
			return (struct step){ .say = SAY_NO };
		become(s, TELNET_Q_YES, false);
		return (struct step){ .say = SAY_YES };
	case TELNET_Q_WANTNO:
		/* "DONT answered by WILL": an error whichever bit is set. */
		become(s, opposite ? TELNET_Q_YES : TELNET_Q_NO, false);
		return (struct step){ .error = true };
	case TELNET_Q_WANTYES:
		become(s, opposite ? TELNET_Q_WANTNO : TELNET_Q_YES, false);
		return (struct step){ .say = opposite ? SAY_NO : SAY_NOTHING };
	}
	return (struct step){ 0 };
}

/* "Upon receipt of WONT" (DONT). */
static struct step
hear_no(struct telnet_q_side *s)
{
	bool opposite = s->opposite;

	switch (s->state) {
	case TELNET_Q_YES:
		become(s, TELNET_Q_NO, false);
		return (struct step){ .say = SAY_NO };
	case TELNET_Q_WANTNO:
		become(s, opposite ? TELNET_Q_WANTYES : TELNET_Q_NO, false);
		return (struct step){ .say = opposite ? SAY_YES : SAY_NOTHING };
	case TELNET_Q_WANTYES:
		become(s, TELNET_Q_NO, false);
		break;
	}
	return (struct step){ 0 };
}

/* "If we decide to ask him to enable"; and to disable. */
static struct step
ask(struct telnet_q_side *s, bool yes)
{
	uint8_t rest = yes ? TELNET_Q_NO : TELNET_Q_YES;
	uint8_t mine = yes ? TELNET_Q_WANTYES : TELNET_Q_WANTNO;
	uint8_t other = yes ? TELNET_Q_WANTNO : TELNET_Q_WANTYES;

	if (s->state == rest) {
		become(s, mine, false);
		return (struct step){ .say = yes ? SAY_YES : SAY_NO };
	}
	if (s->state == other && !s->opposite) {
		s->opposite = true;
		return (struct step){ 0 };
	}
	if (s->state == mine && s->opposite) {
		s->opposite = false;
		return (struct step){ 0 };
	}
	return (struct step){ .error = true };
}

static struct telnet_q_result
result(struct step step, bool was, const struct telnet_q_side *s, bool ours)
{
	struct telnet_q_result r = { .error = step.error };

	if (step.say == SAY_YES)
		r.send = ours ? TELNET_WILL : TELNET_DO;
	else if (step.say == SAY_NO)
		r.send = ours ? TELNET_WONT : TELNET_DONT;
	if (is_on(s) != was)
		r.change = was ? TELNET_Q_OFF : TELNET_Q_ON;
	return r;
}

struct telnet_q_result
telnet_q_receive(struct telnet_q *q, uint8_t cmd, uint8_t opt)
{
	bool ours = cmd == TELNET_DO || cmd == TELNET_DONT;
	bool yes = cmd == TELNET_DO || cmd == TELNET_WILL;
	struct telnet_q_side *s = ours ? &q->us[opt] : &q->him[opt];
	bool was = is_on(s);

	return result(yes ? hear_yes(s) : hear_no(s), was, s, ours);
}

struct telnet_q_result
telnet_q_ask(struct telnet_q *q, uint8_t cmd, uint8_t opt)
{
	bool ours = cmd == TELNET_WILL || cmd == TELNET_WONT;
	bool yes = cmd == TELNET_DO || cmd == TELNET_WILL;
	struct telnet_q_side *s = ours ? &q->us[opt] : &q->him[opt];
	bool was = is_on(s);

	return result(ask(s, yes), was, s, ours);
}

bool
telnet_q_us(const struct telnet_q *q, uint8_t opt)
{
	return is_on(&q->us[opt]);
}

bool
telnet_q_him(const struct telnet_q *q, uint8_t opt)
{
	return is_on(&q->him[opt]);
}

const char *
telnet_q_word(const struct telnet_q_side *s)
{
	static const char *const words[][2] = {
		[TELNET_Q_NO] = { "off", "off" },
		[TELNET_Q_YES] = { "on", "on" },
		[TELNET_Q_WANTNO] = { "ending", "ending, then on again" },
		[TELNET_Q_WANTYES] = { "asked for", "asked for, then off" },
	};

	return words[s->state][s->opposite];
}
