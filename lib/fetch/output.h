/*
 * output - where the content goes: to stdout, to a file, or nowhere.
 *
 * A file is written as FILE.part beside it and renamed when it is complete,
 * so FILE is whole or not there. A path that is no regular file (/dev/null, a
 * named pipe) is written as it is. Nothing is created before the first byte
 * of a reply has been understood. Pipes are never waited for: what they do
 * not take is the caller's to offer again.
 */
#ifndef FETCH_OUTPUT_H
#define FETCH_OUTPUT_H

#include <sys/types.h>

#include "base/why.h"

struct conn;

struct output {
	struct conn	*to;		/* NULL: not open yet, or nowhere */
	int		 fd;		/* of the file, while it is open */
	bool		 open;
	uint64_t	 bytes;		/* written so far */
	bool		 direct;	/* no .part, no rename */
	char		*path, *part;	/* NULL: not a file */
};

/*
 * NULL: nowhere. "-" and the names of stdout: stdout. Anything else is a
 * file. -1: WHY_USAGE or WHY_LOCAL.
 */
int	output_init(struct output *, const char *path, struct why *)
	    MUST_CHECK;

/*
 * Before the first byte: creates the file. May be called again, and must be
 * after CONN_LATER: nobody reads the named pipe yet.
 */
int	output_open(struct output *, struct why *) MUST_CHECK;

/* As conn_write(): bytes taken, CONN_LATER, or -1 with the cause. */
ssize_t	output_write(struct output *, const void *, size_t, struct why *)
	    MUST_CHECK;
/* What to wait for after CONN_LATER; -1: it is not open. */
int	output_fd(const struct output *);
/* The same if it is a pipe; -1: it is none. */
int	output_pipe(const struct output *);
/* That pipe has lost its reader. */
bool	output_lost(const struct output *);

/* Complete: renames. */
int	output_done(struct output *, struct why *) MUST_CHECK;
/*
 * Ends it in any case, a zeroed struct too. If it was not done, a .part with
 * bytes stays, for a person to look at; why gets that as a hint.
 */
void	output_close(struct output *, struct why *);

#endif
