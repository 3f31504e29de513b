/* SPDX-License-Identifier: MIT */
/* RFC 1143: its state table row by row, its promises at random. */
#include "unit.h"

#include "proto/telnet.h"
#include "proto/telnet_q.h"

enum { OPT = 1 };

#define NO { TELNET_Q_NO, false }
#define YES { TELNET_Q_YES, false }
#define WANTNO { TELNET_Q_WANTNO, false }
#define WANTNO_O { TELNET_Q_WANTNO, true }
#define WANTYES { TELNET_Q_WANTYES, false }
#define WANTYES_O { TELNET_Q_WANTYES, true }

struct at {
	uint8_t	state;
	bool	opposite;
};

/* In the terms of their side; ours mirrors it (WILL for DO, and so on). */
static const struct row {
	struct at	before;
	bool		allowed, ask;
	uint8_t		cmd;
	struct at	after;
	uint8_t		send;
	bool		error;
} rows[] = {
	/* Upon receipt of WILL */
	{ NO, true, false, TELNET_WILL, YES, TELNET_DO, false },
	{ NO, false, false, TELNET_WILL, NO, TELNET_DONT, false },
	{ YES, true, false, TELNET_WILL, YES, 0, false },
	{ WANTNO, true, false, TELNET_WILL, NO, 0, true },
	{ WANTNO_O, true, false, TELNET_WILL, YES, 0, true },
	{ WANTYES, true, false, TELNET_WILL, YES, 0, false },
	{ WANTYES_O, true, false, TELNET_WILL, WANTNO, TELNET_DONT, false },
	/* Upon receipt of WONT */
	{ NO, true, false, TELNET_WONT, NO, 0, false },
	{ YES, true, false, TELNET_WONT, NO, TELNET_DONT, false },
	{ WANTNO, true, false, TELNET_WONT, NO, 0, false },
	{ WANTNO_O, true, false, TELNET_WONT, WANTYES, TELNET_DO, false },
	{ WANTYES, true, false, TELNET_WONT, NO, 0, false },
	{ WANTYES_O, true, false, TELNET_WONT, NO, 0, false },
	/* If we decide to ask him to enable */
	{ NO, true, true, TELNET_DO, WANTYES, TELNET_DO, false },
	{ YES, true, true, TELNET_DO, YES, 0, true },
	{ WANTNO, true, true, TELNET_DO, WANTNO_O, 0, false },
	{ WANTNO_O, true, true, TELNET_DO, WANTNO_O, 0, true },
	{ WANTYES, true, true, TELNET_DO, WANTYES, 0, true },
	{ WANTYES_O, true, true, TELNET_DO, WANTYES, 0, false },
	/* If we decide to ask him to disable */
	{ NO, true, true, TELNET_DONT, NO, 0, true },
	{ YES, true, true, TELNET_DONT, WANTNO, TELNET_DONT, false },
	{ WANTNO, true, true, TELNET_DONT, WANTNO, 0, true },
	{ WANTNO_O, true, true, TELNET_DONT, WANTNO, 0, false },
	{ WANTYES, true, true, TELNET_DONT, WANTYES_O, 0, false },
	{ WANTYES_O, true, true, TELNET_DONT, WANTYES_O, 0, true },
};

/* WILL <-> DO, WONT <-> DONT: the other side's word for the same. */
static uint8_t
mirror(uint8_t cmd)
{
	switch (cmd) {
	case TELNET_WILL:
		return TELNET_DO;
	case TELNET_DO:
		return TELNET_WILL;
	case TELNET_WONT:
		return TELNET_DONT;
	case TELNET_DONT:
		return TELNET_WONT;
	}
	return 0;
}

static enum telnet_q_change
change(const struct row *r)
{
	bool was = r->before.state == TELNET_Q_YES;
	bool is = r->after.state == TELNET_Q_YES;

	return was == is ? TELNET_Q_SAME : is ? TELNET_Q_ON : TELNET_Q_OFF;
}

static void
check_row(size_t i, const struct row *r, bool ours)
{
	static struct telnet_q q;
	struct telnet_q_side *s = ours ? &q.us[OPT] : &q.him[OPT];
	uint8_t cmd = ours ? mirror(r->cmd) : r->cmd;
	uint8_t send = ours ? mirror(r->send) : r->send;
	struct telnet_q_result got;

	memset(&q, 0, sizeof q);
	s->state = r->before.state;
	s->opposite = r->before.opposite;
	s->allowed = r->allowed;
	got = r->ask ? telnet_q_ask(&q, cmd, OPT) :
	    telnet_q_receive(&q, cmd, OPT);
	CHECK(s->state == r->after.state && s->opposite == r->after.opposite,
	    "row %zu, %s side: state %u", i, ours ? "our" : "their", s->state);
	CHECK(got.send == send && got.error == r->error,
	    "row %zu: sends %u, error %d", i, got.send, got.error);
	CHECK(got.change == change(r), "row %zu: change", i);
}

static void
test_follows_the_state_table_on_both_sides(void)
{
	for (size_t i = 0; i < NELEMS(rows); i++) {
		check_row(i, &rows[i], false);
		check_row(i, &rows[i], true);
	}
}

/* What we agree to in every session. */
static void
allow(struct telnet_q *q)
{
	static const uint8_t ours[] = { 0, 3, 24, 31 }, theirs[] = { 0, 1, 3 };

	memset(q, 0, sizeof *q);
	for (size_t i = 0; i < NELEMS(ours); i++)
		q->us[ours[i]].allowed = true;
	for (size_t i = 0; i < NELEMS(theirs); i++)
		q->him[theirs[i]].allowed = true;
}

/* Server's negotiations and our answers, as hex without spaces and IACs. */
static const struct {
	const char	*name, *in, *out;
} talks[] = {
	{ "DO 99 is refused", "fd63", "fc63" },
	{ "WILL 99 is refused", "fb63", "fe63" },
	{ "silent on WONT and DONT of what is off", "fc63fe63", "" },
	{ "DO 99 five times", "fd63fd63fd63fd63fd63",
	    "fc63fc63fc63fc63fc63" },
	{ "WILL ECHO five times", "fb01fb01fb01fb01fb01", "fd01" },
	{ "WILL ECHO WONT ECHO", "fb01fc01", "fd01fe01" },
	{ "DO ECHO", "fd01", "fc01" },
	{ "MCCP2", "fb56", "fe56" },
	{ "busybox telnetd", "fd01fd1ffb01fb03", "fc01fb1ffd01fd03" },
	{ "inetutils telnetd speaks first",
	    "fb25fb26fd18fd20fd23fd27fd24",
	    "fe25fe26fb18fc20fc23fc27fc24" },
	{ "inetutils telnetd goes on",
	    "fb03fd01fd22fd1ffb05fd21fb01fd06fd00",
	    "fd03fc01fc22fb1ffe05fc21fd01fc06fb00" },
	{ "netkit telnetd", "fd27fc26fe26fb03fd18fd1ffd20fd21fe22fb05",
	    "fc27fd03fb18fb1ffc20fc21fe05" },
};

static uint8_t
hex_byte(const char *p)
{
	return (uint8_t)strtoul((char[]){ p[0], p[1], 0 }, NULL, 16);
}

static void
test_answers_as_recorded_servers_expect(void)
{
	static struct telnet_q q;

	for (size_t i = 0; i < NELEMS(talks); i++) {
		char got[200] = "";
		size_t n = 0;
		allow(&q);
		for (const char *p = talks[i].in; *p != 0; p += 4) {
			struct telnet_q_result r = telnet_q_receive(&q,
			    hex_byte(p), hex_byte(p + 2));
			if (r.send != 0)
				n += (size_t)snprintf(got + n, sizeof got - n,
				    "%02x%02x", r.send, hex_byte(p + 2));
		}
		CHECK(strcmp(got, talks[i].out) == 0, "%s: %s, not %s",
		    talks[i].name, got, talks[i].out);
	}
}

/* Two ends that change their minds at random, with mail under way. */
struct end {
	struct telnet_q	 q;
	uint8_t		 mail[200];	/* commands on their way to it */
	size_t		 first, last;
};

static void
post(struct end *to, uint8_t cmd)
{
	CHECK(to->last < sizeof to->mail, "they talk without end");
	if (cmd != 0 && to->last < sizeof to->mail)
		to->mail[to->last++] = cmd;
}

static bool
read_mail(struct end *e, struct end *from)
{
	if (e->first == e->last)
		return false;
	post(from, telnet_q_receive(&e->q, e->mail[e->first++], OPT).send);
	return true;
}

static uint32_t
random_next(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

static void
change_minds(struct end e[2], uint32_t *x, int times)
{
	static const uint8_t cmds[] = {
		TELNET_WILL, TELNET_WONT, TELNET_DO, TELNET_DONT
	};

	while (times-- > 0) {
		uint32_t r = random_next(x);
		int who = (int)(r & 1);
		if (r & 2)
			read_mail(&e[who], &e[!who]);
		else
			post(&e[!who], telnet_q_ask(&e[who].q,
			    cmds[r >> 2 & 3], OPT).send);
	}
}

static void
test_always_comes_to_rest_and_to_agreement(void)
{
	static struct end e[2];
	uint32_t x = 2463534242;

	for (int i = 0; i < 20000; i++) {
		memset(e, 0, sizeof e);
		for (int k = 0; k < 2; k++) {
			e[k].q.us[OPT].allowed = random_next(&x) & 1;
			e[k].q.him[OPT].allowed = random_next(&x) & 1;
		}
		change_minds(e, &x, 30);
		while (read_mail(&e[0], &e[1]) || read_mail(&e[1], &e[0]))
			;
		for (int k = 0; k < 2; k++) {
			uint8_t ours = e[k].q.us[OPT].state;
			uint8_t seen = e[!k].q.him[OPT].state;
			CHECK(ours == seen && (ours == TELNET_Q_NO ||
			    ours == TELNET_Q_YES), "round %d: %u and %u", i,
			    ours, seen);
		}
	}
}

static void
test_says_what_a_side_is(void)
{
	struct telnet_q_side s = { .state = TELNET_Q_WANTYES };

	CHECK(strcmp(telnet_q_word(&s), "asked for") == 0, "WANTYES");
	s.opposite = true;
	CHECK(strcmp(telnet_q_word(&s), "asked for, then off") == 0,
	    "WANTYES, opposite");
}

int
main(void)
{
	RUN(test_follows_the_state_table_on_both_sides);
	RUN(test_answers_as_recorded_servers_expect);
	RUN(test_always_comes_to_rest_and_to_agreement);
	RUN(test_says_what_a_side_is);
	return unit_end();
}
