/*
 * session - what every run of a command stands on: the loop, the talk with
 * its sinks, the signals, and the cause that ended it.
 *
 * The dispatcher opens it before a command's run() and closes it afterwards;
 * a command only adds watchers, runs the loop, and leaves a cause.
 *
 * Where output goes (one rule): stdout is a terminal: the view. It is not:
 * exactly the bytes the peer sent, and -v tells the events on stderr. --text,
 * --raw and --json say it outright.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <ev.h>

#include "base/why.h"
#include "talk/out.h"
#include "talk/talk.h"

struct term;

enum session_format { FORMAT_AUTO, FORMAT_TEXT, FORMAT_RAW, FORMAT_JSON };

struct session_opts {		/* int where an enum is meant: opt's setters */
	int	format;		/* enum session_format */
	int	verbose;	/* how many -v */
	int	color;		/* enum tty_choice */
	int	marks;		/* enum talk_marks */
	int	time;		/* enum talk_time */
	int	hex;		/* enum talk_hex */
	int	hex_width;	/* enum talk_hex_width */
	bool	explain;	/* what each event means */
	bool	ends, full;	/* as of talk_text_opts */
	int	payload;	/* enum talk_json_payload */
	const char *json_file;	/* every event goes there, too; or NULL */
	const char *record;	/* pcapng goes there; "-" stdout; or NULL */
	bool	record_keys;	/* with the secrets of TLS, */
	bool	record_plain;	/* or what it carries instead */
	bool	quiet;
};

/* Fixed facts about the command, from its table. */
struct session_for {
	const char	*command;	/* "connect" */
	const char	*peer_word;	/* "the server"; NULL: "the peer" */
	bool		 numbered;	/* several conversations: show #n */
	bool		 replays;	/* tells what others told: its sinks
					   and the start event are up to it */
	int		 argc;		/* for the start event */
	char	*const	*argv;
};

enum session_out {		/* what stdout takes */
	SESSION_VIEW,		/* the conversation as text */
	SESSION_BYTES,		/* exactly what the peer sends */
	SESSION_JSON,		/* events */
	SESSION_RECORD,		/* the recording: --record - */
};

struct session {
	struct ev_loop	*loop;		/* the default one: it reaps children */
	struct talk	 talk;
	struct why	 why;		/* what ended the run; none: all done */
	enum session_out out;
	bool		 typed;		/* stdin is a terminal: a person */
	bool		 quiet;		/* -q */
	bool		 payload;	/* what is said is shown as text */
	struct talk_over over;		/* who edits lines below the view */
	struct term	*term;		/* to be put back in a crash; or NULL */

	/*
	 * Asked to end in order (a signal, a time limit): called once, the
	 * cause being in why; ends the loop when it is through. NULL: the loop
	 * ends at once. A second signal ends it in any case.
	 */
	void	       (*stop)(struct session *);
	void		*arg;		/* the command's, for stop */

	struct talk_event start;	/* with these facts: */
	struct talk_value facts[5];
	struct talk_value counts[8];	/* of the summary: session_count() */
	size_t		 ncounts;
	bool		 stopping;
	bool		 file_lost;	/* and it was told */
	bool		 left;		/* the loop is about to end */
	ev_signal	 sig[3];
	ev_timer	 limit;
	ev_timer	 late;		/* talk_late() is wanted then */
	ev_check	 check;
	int		 limit_ms;
};

/* -1 with s->why: no loop, or no memory. Close it in any case. */
int	session_open(struct session *, const struct session_opts *,
	    const struct session_for *) MUST_CHECK;

/* --timeout: the whole run, from now on; 0: no limit. */
void	session_limit(struct session *, int ms);

/* As talk_text_opts.later: the view holds something back. */
void	session_later(void *session);

/*
 * Runs the loop until session_leave(). Signals are taken over from here on:
 * before it (a name being resolved) they end the program as ever.
 */
void	session_run(struct session *);

/*
 * Within the loop, around something that blocks: false gives the signals back
 * to the system, so that ^C ends the program meanwhile; true takes them again.
 */
void	session_signals(struct session *, bool ours);

/* SIGQUIT, which nobody else takes, is one more signal that ends it. */
void	session_quit(struct session *);

/* Ends the loop. The first cause stays; NULL or WHY_NONE: all is well. */
void	session_leave(struct session *, const struct why *);

/* A number for the summary event. */
void	session_count(struct session *, enum talk_field, int64_t);

/*
 * Tells the summary with the exit status and ends the sinks.
 * Returns the exit status; s->why keeps what to say on stderr.
 */
int	session_close(struct session *);

#endif
