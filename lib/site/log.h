/*
 * log - a line per exchange in Combined Log Format, for the tools that read
 * it.
 *
 * Whatever is not plain ASCII, and quote and backslash, is written as \xHH,
 * so that no request can break or forge a line, or command the terminal of
 * who reads it. Lines collect and leave together when the server has nothing
 * else to do; a reader that does not read makes the server wait.
 */
#ifndef SITE_LOG_H
#define SITE_LOG_H

#include "base/buf.h"
#include "base/why.h"

enum { SITE_LOG_HELD = 64 * KIB };	/* bytes of lines that collect */

struct addr;
struct exchange;

struct site_log {
	int		 fd;		/* borrowed */
	struct buf	 lines;
	int		 err;		/* errno of what broke it, for good */
};

void	site_log_init(struct site_log *, int fd);
void	site_log_free(struct site_log *);	/* unwritten lines are lost */

/* date is an IMF-fixdate, the time at which the request was answered. */
void	site_log_add(struct site_log *, const struct exchange *,
	    const struct addr *peer, const char *date);
/* Writes what has collected; l->err says if that fails. */
void	site_log_flush(struct site_log *);

#endif
