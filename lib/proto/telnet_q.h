/*
 * telnet_q - who agreed to what: the Q method of RFC 1143, in full.
 *
 * Every option has two sides, ours (WILL/WONT from us) and theirs (WILL/WONT
 * from them), each with a state and a queue bit, so that a change of mind
 * while an answer is on its way neither loops nor gets lost. A request is
 * answered only if it changes something or must be refused; WONT and DONT for
 * what is off are silent. Nothing here sends: the command to send comes back.
 */
#ifndef PROTO_TELNET_Q_H
#define PROTO_TELNET_Q_H

#include "base/base.h"

enum telnet_q_state {
	TELNET_Q_NO,		/* off; all zero is the start */
	TELNET_Q_YES,		/* on */
	TELNET_Q_WANTNO,	/* off; we asked to end it, no answer yet */
	TELNET_Q_WANTYES,	/* off; we asked for it, no answer yet */
};

struct telnet_q_side {
	uint8_t	state;		/* enum telnet_q_state */
	bool	opposite;	/* when the answer comes, ask the opposite */
	bool	allowed;	/* agree if they ask; set by the caller */
};

struct telnet_q {
	struct telnet_q_side us[256], him[256];
};

/* What a received command did, or a request of ours. */
enum telnet_q_change {
	TELNET_Q_SAME,
	TELNET_Q_ON,		/* the side is on now and was off */
	TELNET_Q_OFF,
};

struct telnet_q_result {
	uint8_t	 send;		/* WILL, WONT, DO or DONT; 0: nothing */
	enum telnet_q_change change;
	bool	 error;		/* a request was answered with nonsense, or
				   ours is pointless: already so or asked */
};

/* cmd is WILL, WONT, DO or DONT. */
struct telnet_q_result telnet_q_receive(struct telnet_q *, uint8_t cmd,
	    uint8_t opt);
/* We want it: WILL or DO to have it on, WONT or DONT off. */
struct telnet_q_result telnet_q_ask(struct telnet_q *, uint8_t cmd,
	    uint8_t opt);

/* Whether a side is on: its state is YES. */
bool	telnet_q_us(const struct telnet_q *, uint8_t opt);
bool	telnet_q_him(const struct telnet_q *, uint8_t opt);

/* "on", "off", "ending", "asked for" ...: for a table of the options. */
const char *telnet_q_word(const struct telnet_q_side *);

#endif
