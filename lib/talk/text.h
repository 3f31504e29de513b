/*
 * text - the sink for people: the conversation, a line an event.
 *
 *	TIME [#CONN] MARK VERB REST		what happened
 *	             MARK payload line		what was said
 *	     try: what to do about it
 *
 * TIME is blank when it is the same as in the line above. Every payload line
 * has our mark in front, so the other side cannot forge an event; every
 * foreign string goes through vis, so it cannot command the terminal.
 *
 * Payload is split at the protocol's line end, which is not shown; any other
 * line end is. A chunk without line end leaves its line open, and the next
 * chunk of the same direction goes on behind it. If something else must come
 * first, the open line ends with a lone '\'. Where connections are numbered,
 * such a line waits for its end a moment, and comes whole. Memory is one small
 * record per connection that showed payload, until it is closed, and what
 * waits.
 */
#ifndef TALK_TEXT_H
#define TALK_TEXT_H

#include "talk/out.h"
#include "talk/talk.h"

enum {
	TALK_TEXT_LINE = 4096,	/* payload bytes of a line that are shown */
	TALK_TEXT_HEX_LINES = 8,	/* lines of a binary chunk */
	TALK_TEXT_BODY = 64 * KIB,	/* bytes of a message's content */
	TALK_TEXT_RATE = 256 * KIB,	/* bytes a second, on a terminal */
	TALK_TEXT_HOLD_MS = 200,	/* a line without end waits, if it is
					   not longer, for its end */
};

enum talk_marks {
	TALK_MARKS_AUTO,	/* arrows where the terminal has them */
	TALK_MARKS_ASCII,	/* > < ... */
	TALK_MARKS_WORDS,	/* sent: received: info: error: */
};

enum talk_hex {		/* whose payload is always in hex */
	TALK_HEX_NONE,		/* a binary chunk, content of a message apart */
	TALK_HEX_BOTH, TALK_HEX_SENT, TALK_HEX_RECEIVED,
};

enum talk_hex_width {		/* bytes in a line */
	TALK_HEX_AUTO,		/* what the terminal has room for; or 16 */
	TALK_HEX_8, TALK_HEX_16, TALK_HEX_32,
};

enum talk_time {
	TALK_TIME_REL,		/* seconds since the start */
	TALK_TIME_DELTA,	/* since the line above */
	TALK_TIME_WALL,		/* local time of day */
	TALK_TIME_NONE,
};

struct talk_text_opts {
	int		 fd;		/* borrowed */
	const struct talk_over *over;	/* who may write there, too; or NULL;
					   borrowed while the sink lives */
	bool		 payload;	/* show what was said; if not, verbose
					   shows the heads of messages */
	bool		 utf8;		/* the terminal takes UTF-8 */
	bool		 color;
	bool		 tty;		/* somebody reads along: too much
					   payload becomes a counter */
	bool		 typed;		/* and types there, with an echo:
					   Enter has ended an open line */
	bool		 ends;		/* show the usual line ends, too */
	bool		 explain;	/* "why: ...", where an event has it */
	bool		 full;		/* no limit of the above counts */
	bool		 numbered;	/* several connections: show #N */
	int		 verbose;	/* from 1: wordy events, framing */
	enum talk_marks	 marks;
	enum talk_time	 time;
	enum talk_hex	 hex;
	enum talk_hex_width hex_width;
	const char	*peer_word;	/* "the server"; NULL: "the peer";
					   borrowed while the sink lives */
	void	       (*later)(void *arg);	/* something waits: talk_late()
					   is wanted in TALK_TEXT_HOLD_MS;
					   NULL: the next event will do */
	void		*arg;
};

/*
 * Copies the options. Each event leaves in one write(2); payload that makes
 * more than 256 KiB of text, in several. NULL: no memory.
 */
struct talk_sink *talk_text_new(const struct talk_text_opts *) MUST_CHECK;

#endif
