/*
 * why - the cause of a failure, carried from where it happened to where it
 * is told.
 *
 * A function that can fail for a reason that a person must hear takes a
 * struct why last and returns -1 or NULL. The caller owns it; nothing is
 * allocated; lib/ never prints it. The kind decides the exit status, once,
 * for every command (sockt(1), EXIT STATUS).
 */
#ifndef BASE_WHY_H
#define BASE_WHY_H

#include "base/base.h"

enum why_kind {			/* the numbers are the exit statuses */
	WHY_NONE = 0,
	WHY_NO = 1,		/* the answer is no */
	WHY_USAGE = 2,
	WHY_NAME = 3,		/* not resolved */
	WHY_REFUSED = 4,
	WHY_TIMEOUT = 5,
	WHY_UNREACHABLE = 6,	/* or denied */
	WHY_LISTEN = 7,		/* in use, privilege, no such address */
	WHY_TLS = 8,
	WHY_BROKEN = 9,		/* reset, truncated */
	WHY_PROTOCOL = 10,
	WHY_LOCAL = 11,		/* a file, stdout, memory, descriptors */
	WHY_PROGRAM = 127,	/* cannot be run; as the shell has it */
	WHY_SIGNAL = 128,	/* ended by the signal in err */
};

struct why {
	enum why_kind	kind;
	int		err;		/* errno, or 0; the signal's number */
	char		what[256];	/* "connect 127.0.0.1:8081: refused" */
	char		hint[256];	/* what to do about it, or "" */
};

/*
 * Both return -1, so that "return why_set(...)" reads well. The first cause
 * stays: a later one does not cover it. The text is terminal-safe only if
 * what went into it was: foreign text goes through vis_str() first. What does
 * not fit is cut.
 */
int	why_set(struct why *, enum why_kind, int err, const char *fmt, ...)
	    PRINTF_LIKE(4, 5);
int	why_hint(struct why *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* As why_set(), with ": " and the words for err, its symbol in brackets. */
int	why_sys(struct why *, enum why_kind, int err, const char *fmt, ...)
	    PRINTF_LIKE(4, 5);
void	why_clear(struct why *);

/* The exit status: the kind's number; 128 + n for a signal. */
int	why_status(const struct why *);

/* "ECONNREFUSED"; "E?" for a number without a name. Never translated. */
const char *errno_symbol(int err);
/* The reverse, of n bytes; 0: it is none. */
int	errno_number(const char *symbol, size_t n);
/* "connection refused": plain English, lower case, never translated. */
const char *errno_words(int err);

/* The table behind 'sockt help exits' and the EXIT STATUS sections. */
struct why_exit {
	enum why_kind	 kind;
	const char	*help;
};
extern const struct why_exit why_exits[];	/* ends with .help NULL */

#endif
