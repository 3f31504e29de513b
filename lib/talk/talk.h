/*
 * talk - what happened, told once.
 *
 * Whatever a person, a script or Wireshark gets to see is an event from
 * here. Who tells never formats; who shows (a sink) never asks. Three tables
 * list every kind of event (talk_kinds[]), every field with its JSON key, type
 * and meaning (talk_fields[]), and which kind has which fields (talk_keys[]);
 * sinks, the JSON schema and the manual go by them.
 *
 * With no sink that wants bytes, telling a payload costs one test.
 */
#ifndef TALK_TALK_H
#define TALK_TALK_H

#include "base/base.h"

struct addr;
struct explain;

enum talk_kind {
	TALK_START, TALK_RESOLVE, TALK_RESOLVE_FAILED, TALK_ATTEMPT,
	TALK_CONNECTED, TALK_PROXY, TALK_PROXY_FAILED,
	TALK_REFUSED, TALK_UNREACHABLE, TALK_TIMEOUT,
	TALK_DENIED, TALK_RETRY, TALK_BIND_FAILED, TALK_LISTENING,
	TALK_ACCEPTED, TALK_TURNED_AWAY, TALK_TLS, TALK_TLS_FAILED,
	TALK_CERTIFICATE, TALK_SENT, TALK_RECEIVED, TALK_SENDER,
	TALK_DATAGRAM_IN, TALK_DATAGRAM_OUT, TALK_TELNET, TALK_MODE, TALK_HTTP,
	TALK_FILE, TALK_HALF_CLOSED, TALK_CLOSED, TALK_AFTERLIFE,
	TALK_RESET, TALK_BROKEN,
	TALK_SPAWN, TALK_EXIT, TALK_EXPECTED, TALK_UNMET, TALK_SCAN,
	TALK_PORT, TALK_SCANNED, TALK_IDLE, TALK_SIGNAL,
	TALK_NOTE, TALK_WARNING, TALK_ERROR, TALK_SUMMARY,
	TALK_KINDS
};

enum talk_type {
	TALK_INT, TALK_BOOL, TALK_ERRNO,	/* in .i */
	TALK_STRING,		/* in .s; NULL: absent. May be foreign text */
	TALK_PAYLOAD,		/* in .b; JSON: "text" or "b64" */
	TALK_BASE64,		/* in .b; JSON: always base64 */
	TALK_ADDRS,		/* in .addrs */
	TALK_STRINGS,		/* in .strings */
	TALK_PAIRS,		/* in .pairs: [["name","value"], ...] */
};

enum talk_field {
	TF_END,			/* ends a list of values */
	TF_SCHEMA, TF_VERSION, TF_COMMAND, TF_ARGV,
	TF_HOST, TF_CANON, TF_SERVICE, TF_ADDRS, TF_SOURCE, TF_EAI,
	TF_ATTEMPT, TF_OF, TF_PHASE, TF_ERRNO, TF_DUR_US,
	TF_TRIES, TF_PAUSE_US,
	TF_OWNER_PID, TF_OWNER_CMD, TF_OWNER_STATE, TF_OWNER_TIMER_S,
	TF_LOCALS, TF_BACKLOG, TF_DUAL_STACK, TF_INTERFACE,
	TF_PROTO, TF_URL, TF_SERVING,
	TF_REACH, TF_QUEUE, TF_CONGESTION, TF_UID,
	TF_DATAGRAMS_IN, TF_DATAGRAMS_OUT,
	TF_CIPHER, TF_GROUP, TF_ALPN, TF_SNI,
	TF_VERIFY_OK, TF_VERIFY_CODE, TF_VERIFY_REASON,
	TF_SUBJECT, TF_ISSUER, TF_NOT_BEFORE, TF_NOT_AFTER, TF_DAYS_LEFT,
	TF_SANS, TF_KEY_BITS, TF_PIN, TF_THROW_AWAY,
	TF_BYTES, TF_OFF, TF_DATA, TF_SRC, TF_PART,
	TF_DIR, TF_CMD, TF_OPT, TF_OPT_NAME, TF_ANSWER, TF_DATA_B64,
	TF_MEANING,
	TF_METHOD, TF_TARGET, TF_STATUS, TF_REASON, TF_HEADERS,
	TF_BODY_BYTES, TF_MEDIA_TYPE, TF_AGENT, TF_KEEP_ALIVE,
	TF_PATH, TF_TOTAL, TF_MODE,
	TF_WHO, TF_WHO_FIRST, TF_SENT, TF_RECEIVED, TF_RTT_US, TF_RETRANS,
	TF_UNSENT, TF_STATE, TF_DURING, TF_UNACKED, TF_LOST,
	TF_PID, TF_TID, TF_EXIT_STATUS, TF_SIGNAL, TF_CPU_US,
	TF_HOSTS, TF_PORTS, TF_SILENCE_US, TF_PORT, TF_HOW, TF_BANNER,
	TF_SECONDS, TF_NAME, TF_AWAITED,
	TF_EPHEMERAL_LOW, TF_EPHEMERAL_HIGH, TF_SYNS, TF_SYN_RETRIES,
	TF_TIME_WAITS, TF_UNPRIVILEGED, TF_TIMER_S,
	TF_CODE, TF_TEXT, TF_TRY,
	TF_CLIENTS, TF_REQUESTS, TF_OPEN, TF_CLOSED, TF_FILTERED,
	TF_UNREACHABLE, TF_ERRORS, TF_EXIT,
	TF_FIELDS
};

struct talk_field_info {
	const char	*key;	/* "dur_us": the JSON key, the unit is in it;
				   "owner.pid" is a member of an object */
	enum talk_type	 type;
	const char	*help;	/* one line for the manual */
};

struct talk_kind_info {
	const char	*ev;	/* "resolve_failed": the JSON name */
	const char	*verb;	/* "resolve": the text's word; NULL: no line */
	bool		 trouble;	/* shown with '!' */
	bool		 wordy;	/* text shows it only from -v on */
};

extern const struct talk_field_info talk_fields[TF_FIELDS];
extern const struct talk_kind_info talk_kinds[TALK_KINDS];
/* The fields that an event of a kind may have, in no order; TF_END ends. */
extern const unsigned char *const talk_keys[TALK_KINDS];

struct talk_pair {		/* two foreign byte strings, borrowed */
	const char	*name, *value;
	size_t		 name_len, value_len;
};

#define TALK_UNKNOWN INT64_MIN	/* an int that was not measured: left out */

struct talk_value {
	enum talk_field field;
	union {
		int64_t		 i;
		const char	*s;
		struct { const void *data; size_t len; } b;
		struct { const struct addr *v; size_t n; } addrs;
		struct { char *const *v; size_t n; } strings;
		struct { const struct talk_pair *v; size_t n; } pairs;
	};
};

#define TALK_I(f, v)		{ .field = (f), .i = (int64_t)(v) }
#define TALK_S(f, v)		{ .field = (f), .s = (v) }
#define TALK_B(f, p, n)		{ .field = (f), .b = { (p), (n) } }
#define TALK_AS(f, p, count)	{ .field = (f), .addrs = { (p), (count) } }
#define TALK_SS(f, p, count)	{ .field = (f), .strings = { (p), (count) } }
#define TALK_PS(f, p, count)	{ .field = (f), .pairs = { (p), (count) } }

/* talk_tell(t, &(struct talk_event){ .kind = ..., TALK_VALUES(...) }); */
#define TALK_VALUES(...)						\
	.values = (const struct talk_value[]){ __VA_ARGS__,		\
	    { .field = TF_END } }

/* What a person sees already: text leaves out what was seen. */
enum talk_shown {
	TALK_UNSEEN,
	TALK_NEW_LINE,		/* unseen; another hand began a new line */
	TALK_SEEN,		/* typed with an echo, or a program's screen */
	TALK_SEEN_LINE,		/* and so, another hand began a new line */
};

struct talk_event {
	enum talk_kind	 kind;
	unsigned	 conn;	/* connection number from 1; 0: none */
	bool		 out;	/* direction of payload, telnet, http */
	bool		 crlf;	/* payload: CR LF is this protocol's line end */
	bool		 wordy;	/* as the kind's: text shows it from -v on */
	bool		 told;	/* in the line before: text leaves it out */
	enum talk_shown	 shown;
	int		 err;	/* errno, 0 if none; sinks print its symbol */
	const struct addr *local, *peer;	/* NULL: none; borrowed */
	const struct talk_value *values;	/* ends with TF_END; or NULL */
	const char *why;	/* a sentence, where it is explained; filled in
				   by talk_tell(), as are */
	uint64_t	 n;	/* filled in by talk_tell(): number from 1, */
	uint64_t	 t_ns;	/* steady time since the start, */
	uint64_t	 wall_ns;	/* and the calendar's */
};

/*
 * What passed a socket, in its order, whatever it means: for a recording.
 * Not an event: it has no number, and is told beside them, before them.
 */
enum talk_wire_kind {
	TALK_WIRE_DATA,
	TALK_WIRE_END,		/* a FIN */
	TALK_WIRE_RESET,
	TALK_WIRE_FAILED,	/* to connect, for the reason in err */
	TALK_WIRE_PROBED,	/* connected, only to see that; over already.
				   data: what was said; err: their reset; out:
				   closed with a reset of ours */
	TALK_WIRE_SHAKE,	/* of TLS begins: secrets will follow */
	TALK_WIRE_CARRIED,	/* data under TLS: what it says, decrypted */
	TALK_WIRE_SECRET,	/* data: a line of a key log, without its end */
};

struct talk_wire {
	enum talk_wire_kind kind;
	unsigned	 conn;
	bool		 out;
	int		 err;
	const void	*data;		/* borrowed */
	size_t		 len;
	/* Closing: bytes of the stream, if others moved them; 0: as told. */
	uint64_t	 sent, received;
	const struct addr *local, *peer;	/* of what has no number; */
	uint64_t	 since_ns;	/* begun then, by the steady clock, */
	unsigned	 tries;		/* with so many SYNs; 0: not known */
	uint64_t	 took_ns;	/* a probe: until the answer */
	const struct addr *from;	/* whose ICMP message it was; or NULL */
	uint8_t		 code;		/* and that message's: unreachable */
	uint64_t	 wall_ns;	/* filled in by talk_wire() */
};

struct talk_sink {
	bool	wants_bytes;	/* TF_DATA, not only how many there were */
	const char *file;	/* it writes a file of this name, beside what
				   the run is for; borrowed; or NULL */
	bool	wants_secrets;	/* and what decrypts TLS */
	/* -1 with errno: this sink is lost (disk full, reader gone). */
	int	(*tell)(struct talk_sink *, const struct talk_event *);
	/* Nothing more comes now: no line is left open. NULL: none ever is. */
	int	(*settle)(struct talk_sink *);
	/* So much time has passed: what it holds back is shown. Or NULL. */
	int	(*late)(struct talk_sink *, uint64_t t_ns);
	int	(*wire)(struct talk_sink *, const struct talk_wire *);	/* or
				   NULL: it does not look */
	void	(*end)(struct talk_sink *);	/* frees the sink */
};

enum { TALK_SINKS = 4 };

struct talk {
	struct talk_sink *sink[TALK_SINKS];
	size_t		  nsinks;
	bool		  wants_bytes;	/* any of them does */
	bool		  wants_wire, wants_secrets;	/* so, too */
	int		  lost;	/* errno of the first sink that was lost, */
	int		  file_lost;	/* and of the first with a file */
	const char	 *file;	/* which */
	uint64_t	  start_ns, n;
	unsigned	  conns;	/* numbers handed out so far */
	struct talk_event *first;	/* to be told before any other */
	struct explain	 *explain;	/* each event is; or NULL */
	bool		  again;	/* the last was told once before, at */
	uint64_t	  t_ns, wall_ns;	/* which is now, then; */
	bool		  over;		/* and it was the summary */
	unsigned	  open;	/* of those, told as begun, not as closed */
};

void	talk_init(struct talk *);	/* the clock starts here */
void	talk_add(struct talk *, struct talk_sink *);	/* takes the sink */
/*
 * An event of now, told once there is another one: a run that is given up
 * before anything happened has none. Borrowed until then.
 */
void	talk_first(struct talk *, struct talk_event *);
/* Tells every sink in turn. One that is lost is ended, its errno kept. */
void	talk_tell(struct talk *, struct talk_event *);
/*
 * An event that was told before, in another run: it keeps its number, its
 * times, and its explanation. What talk_tell() tells after it happens at the
 * same time.
 */
void	talk_retell(struct talk *, struct talk_event *);
void	talk_late(struct talk *);	/* a sink has asked for this call */
void	talk_settle(struct talk *);	/* ends lines that are left open */
unsigned talk_conn(struct talk *);	/* the next connection's number */
/* Facts are wanted that only an explanation needs. */
bool	talk_curious(const struct talk *);
/* Somebody records what passes the sockets; then nothing may pass unseen. */
bool	talk_wired(const struct talk *);
void	talk_wire(struct talk *, struct talk_wire *);
/* Somebody listens; if not, preparing an event is wasted work. */
bool	talk_heard(const struct talk *);
void	talk_end(struct talk *);	/* ends and frees the sinks */

/* Does an event of this kind go one way or the other: is .out its own? */
bool	talk_has_dir(enum talk_kind);

/* The value of a field of an event; the default (0, NULL) if absent. */
const struct talk_value *talk_get(const struct talk_event *,
	    enum talk_field);
int64_t	talk_get_int(const struct talk_event *, enum talk_field,
	    int64_t otherwise);
const char *talk_get_str(const struct talk_event *, enum talk_field);

/* One line of our own words: what a person asked for; what they should know. */
void	talk_note(struct talk *, unsigned conn, const char *code,
	    const char *fmt, ...) PRINTF_LIKE(4, 5);
void	talk_warn(struct talk *, unsigned conn, const char *code,
	    const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
