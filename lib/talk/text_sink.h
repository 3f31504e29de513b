/*
 * text_sink - what the parts of the text sink share: the line that is being
 * written, and what is known of each connection that showed payload.
 *
 * A line is begun, put together, and ended. All of an event gathers in .out
 * and leaves together. Failure sticks in .failed, as in proto/json.
 */
#ifndef TALK_TEXT_SINK_H
#define TALK_TEXT_SINK_H

#include "base/buf.h"
#include "base/vis.h"
#include "talk/text.h"

enum text_mark { MARK_EVENT, MARK_SENT, MARK_RECEIVED, MARK_TROUBLE, MARKS };

enum text_part {		/* of a message: TF_PART */
	PART_NONE, PART_HEAD, PART_FRAMING, PART_BODY,
	PART_OTHER,		/* trailers, bytes behind the message */
};

/* One direction of a connection. */
struct text_stream {
	struct vis	 vis;
	size_t		 shown;		/* payload bytes in the line so far, */
	size_t		 cut;		/* and those left out of it */
	bool		 mid;		/* the last line has no end yet */
	bool		 cr;		/* a CR waits for its LF */
	enum text_part	 part;		/* what the last chunk was of */
	bool		 binary;	/* the message's content is, */
	uint64_t	 body;		/* and so much of it passed */
};

struct text_conn {
	struct text_conn *next;		/* in its bucket */
	unsigned	  conn;
	struct text_stream in, out;
};

/* The beginning of a line, which waits for its end. */
struct text_held {
	struct text_held *next;
	struct text_stream *of;
	struct talk_event e;		/* when and how it came */
	size_t		  len;
	char		  data[];
};

/* What went by too fast to be shown, [1]: sent. */
struct text_rate {
	uint64_t	 since_ns;	/* half a second begins, */
	uint64_t	 bytes;		/* and had so many until now */
	bool		 fast;
	uint64_t	 hidden[2];
	bool		 binary[2];	/* that was why */
};

/* Ports of hosts, asked by port-check. */
struct text_table {
	bool		 begun, headed;	/* a scan was told, its header shown */
	size_t		 host_width;	/* 0: one host, no column for it */
};

enum {
	TEXT_BUCKETS = 256, TEXT_AGENTS = 64,
	TEXT_FLUSH = 256 * KIB,	/* gathered bytes that leave before the rest */
};

struct text {
	struct talk_sink talk;		/* first: what the tap knows */
	struct talk_text_opts o;
	struct buf	 out;
	bool		 failed;	/* with errno */
	bool		 colored;	/* this line is, so far */
	bool		 bare;		/* only the mark stands in it */
	uint64_t	 tick;		/* time of the line above, in 0.1 ms */
	bool		 first;		/* there is no line above */
	struct talk_event last;		/* its times only */
	struct text_stream *open;	/* its line has no end yet */
	struct text_conn *conns[TEXT_BUCKETS];
	struct text_held *held;		/* the oldest first */
	bool		 site;		/* files are served, by a URL */
	unsigned	 agents[TEXT_AGENTS];	/* whose browser was named */
	struct text_rate rate;
	struct text_table table;
};

/* text_line.c: the grammar of a line */

/*
 * Time, number, mark and verb, padded so that the rest of each line stands in
 * one column. No verb: payload follows. With one, a direction's mark gets the
 * event's mark behind it. An open line of payload is broken off first.
 */
void	text_begin(struct text *, const struct talk_event *, enum text_mark,
	    const char *verb);
/* Columns before what stands behind a mark without a verb. */
int	text_margin(const struct text *, const struct talk_event *);
/* A further line that belongs to the last: below its text, or its mark. */
void	text_below(struct text *, bool under_text);
void	text_end(struct text *);	/* of the line */

void	text_put(struct text *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Foreign text: made safe, cut at TALK_TEXT_LINE; "?" for NULL. */
void	text_str(struct text *, const char *);
/* Our own message, in which foreign parts are escaped already. */
void	text_own(struct text *, const char *);
void	text_addr(struct text *, const struct addr *);
/* "::1 and 127.0.0.1", many of them cut; no ports. */
void	text_addrs(struct text *, const struct addr *, size_t n);
void	text_size(struct text *, int64_t bytes);
void	text_time(struct text *, int64_t us);
void	text_pad(struct text *, size_t from, size_t width);
size_t	text_at(const struct text *);	/* for text_pad() */
const char *text_sign(const struct text *, enum text_mark);
const char *text_dots(const struct text *);	/* "..." in their way */
enum text_mark text_way(const struct talk_event *);

/* Colour of a mark on, and off again; the reverse around escapes. */
void	text_color(struct text *, enum text_mark);
void	text_plain(struct text *);
void	text_vis(const struct text *, struct vis *);	/* its beginning */
void	text_lf(struct text *);		/* a line feed, as an escape */
void	text_flush(struct text *);	/* writes what has gathered */
bool	text_edited(const struct text *);	/* an editor takes it */

/* text_payload.c */
void	text_payload(struct text *, const struct talk_event *);
void	text_break(struct text *);	/* another line must come */
void	text_seen(struct text *);	/* another hand ended the open line */
/* Bytes of a stream, split at line ends. */
void	text_lines(struct text *, const struct talk_event *,
	    struct text_stream *, const char *, size_t);
/* This direction (or, closed, both) says no more. */
void	text_half(struct text *, const struct talk_event *, bool out);
void	text_closed(struct text *, const struct talk_event *);
void	text_forget(struct text *);	/* every connection */

/* text_hold.c: as text_lines(), but what has no end yet may wait for it. */
void	text_whole_lines(struct text *, const struct talk_event *,
	    struct text_stream *, const char *, size_t);
/* What waits is shown: of a stream; too long by then; before an event. */
void	text_let_go(struct text *, struct text_stream *);
void	text_let_due_go(struct text *, uint64_t t_ns);
void	text_let_go_before(struct text *, const struct talk_event *);

/* text_hex.c: is the chunk binary, and its dump */
bool	text_is_binary(const struct vis *, const void *, size_t n);
bool	text_wants_hex(const struct text *, const struct talk_event *);
/* max bytes of it; of the rest the number. */
void	text_hex(struct text *, const struct talk_event *,
	    const struct talk_value *data, size_t max);
size_t	text_hex_most(const struct text *, const struct talk_event *);

/* text_rate.c: true if the chunk is counted instead of shown */
bool	text_too_fast(struct text *, const struct talk_event *, size_t n);
void	text_not_shown(struct text *, const struct talk_event *, size_t n,
	    bool binary);
void	text_tell_hidden(struct text *, const struct talk_event *);

/* The sentences, by subject; text.c has the table. */
typedef void text_say(struct text *, const struct talk_event *);
text_say text_congestion, text_process;	/* behind connect and accept */
text_say text_resolve, text_resolve_failed, text_attempt, text_connected,
    text_refused, text_unreachable, text_denied, text_timeout, text_retry;
text_say text_expected, text_unmet;
text_say text_proxy, text_tls, text_tls_failed, text_certificate;
text_say text_bind_failed, text_listening, text_accepted, text_turned_away;
text_say text_half_closed, text_closing, text_afterlife, text_reset,
    text_broken;
text_say text_telnet, text_mode, text_file, text_spawn, text_exit, text_idle,
    text_signal, text_message, text_summary;
void	text_http(struct text *, const struct talk_event *);
bool	text_http_told(const struct talk_event *);

/* text_datagram.c: one datagram; what is unlike TCP */
void	text_datagram(struct text *, const struct talk_event *);
bool	text_is_udp(const struct talk_event *);
bool	text_is_unixgram(const struct talk_event *);
text_say text_sender, text_undelivered;

/* text_port.c: ports are a table. False: the event has no part in it. */
bool	text_table(struct text *, const struct talk_event *);

/* "server" or "peer", as the command calls the other side. */
const char *text_peer(const struct text *);
int64_t	text_int(const struct talk_event *, enum talk_field);

#endif
