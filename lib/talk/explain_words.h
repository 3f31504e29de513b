/*
 * explain_words - what the files of explain share: a sentence is put together
 * by say(), and remembered as said by once().
 */
#ifndef TALK_EXPLAIN_WORDS_H
#define TALK_EXPLAIN_WORDS_H

#include "base/human.h"
#include "proto/addr.h"
#include "talk/explain.h"

enum ordinary {			/* said once in a run */
	SAID_HANDSHAKE, SAID_ACCEPT, SAID_QUEUE, SAID_CHILD, SAID_THREAD,
	SAID_SENT, SAID_RECEIVED, SAID_BARE_LF, SAID_HEAD,
	SAID_IAC, SAID_PEER_HALF, SAID_OUR_HALF, SAID_PEER_FIRST,
	SAID_US_FIRST, SAID_TIME_WAIT, SAID_UDP, SAID_SENDER, SAID_OPEN,
	SAID_CLOSED, SAID_FILTERED, SAID_UNREACHABLE, SAID_UNIX, SAID_VSOCK,
	SAID_ONWARDS,
	SAID_OPTION,		/* and the next 255 * 4 are telnet's */
	SAID_ALL = SAID_OPTION + 4 * 256,
};

enum { STREAMS = 64 };		/* connections whose lines are followed */

/* What we have sent on a connection, as far as a line goes. */
struct explain_stream {
	unsigned conn;
	char	 last;		/* byte */
	bool	 any;
};

struct explain {
	char	text[EXPLAIN_MAX];
	bool	said[SAID_ALL];
	bool	telnet;		/* the command: IAC is no surprise */
	bool	typed_http;	/* a request was begun by hand */
	unsigned reset;		/* the last connection that was */
	bool	refused;	/* a datagram was: no silence */
	struct explain_stream sent[STREAMS];
};

typedef void explain_fn(struct explain *, const struct talk_event *);

void	say(struct explain *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* True the first time. */
bool	once(struct explain *, unsigned what);
/* A field's value: TALK_UNKNOWN, NULL if it was not told. */
int64_t	number(const struct talk_event *, enum talk_field);
const char *word(const struct talk_event *, enum talk_field);
bool	is(const struct talk_event *, enum talk_field, const char *);
/* Foreign text, made safe. */
const char *tame(char to[128], const char *);
/* "93 us", "1.2 s" */
const char *span(char to[HUMAN_TEXT], int64_t us);
bool	on_udp(const struct talk_event *);
bool	on_unix(const struct talk_event *);
bool	on_vsock(const struct talk_event *);

/* explain_reach.c: names and calling; explain_serve.c: ports and callers */
explain_fn explain_resolve, explain_resolve_failed, explain_attempt,
    explain_connected, explain_refused, explain_unreachable, explain_denied,
    explain_timeout;
explain_fn explain_bind_failed, explain_listening, explain_accepted,
    explain_spawn, explain_sender, explain_note, explain_port;
/* explain_data.c: what is said; explain_end.c: how it ends */
explain_fn explain_sent, explain_received, explain_http, explain_telnet,
    explain_tls, explain_tls_failed, explain_certificate;
explain_fn explain_half_closed, explain_closed, explain_afterlife,
    explain_reset, explain_broken, explain_idle;

#endif
