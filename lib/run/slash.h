/*
 * slash - what a person types to us and not to the other side: lines that
 * begin with a slash.
 *
 *	/to NUMBER	what is typed goes to this one
 *	/all, /to all	to everybody
 *	/who		who is there?
 *	//text		is no command: "/text" is sent
 *
 * Only the reading of a line; whom it means and what is said is the caller's.
 */
#ifndef RUN_SLASH_H
#define RUN_SLASH_H

#include "base/base.h"

#define SLASH_ODD_TO "/to NUMBER or /to all; /who lists who is there"
#define SLASH_HELP "commands are /to NUMBER, /all and /who; // sends a slash"
/* The same where everybody hears everybody. */
#define SLASH_HELP_ROOM "commands are /who; // sends a slash"

enum slash {
	SLASH_TEXT,		/* no command: to be sent, from .at on */
	SLASH_TO,		/* .id */
	SLASH_ALL,
	SLASH_WHO,
	SLASH_NOBODY,		/* /to, and no number behind it */
	SLASH_UNKNOWN,
};

struct slash_line {
	enum slash	 what;
	unsigned	 id;
	size_t		 at;	/* 1 if a slash stands for the next, or 0 */
};

/* n bytes of a line; its end, CR LF or LF, may be there. Nothing is kept. */
struct slash_line slash_parse(const char *, size_t n);

#endif
