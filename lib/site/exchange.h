/*
 * exchange - one request and its reply, as they are told: to the
 * conversation, and as a line of the log.
 *
 * Texts are slices of the request that is being read. A reply that takes
 * longer than the request's bytes are kept takes copies (exchange_keep).
 */
#ifndef SITE_EXCHANGE_H
#define SITE_EXCHANGE_H

#include "proto/http_request.h"

struct conn;
struct site_log;
struct talk;

struct exchange {
	struct http_text line;		/* the request line; may be malformed */
	struct http_text verb, target;	/* .p NULL: it could not be read */
	struct http_text referer, agent;
	struct http_text path;		/* below the root; .p NULL: none */
	const char	*root;		/* the folder served, as it was named */
	unsigned	 status;
	const char	*version;	/* asked in; NULL: it was not read */
	const char	*note;		/* why, in words of ours; or NULL */
	const char	*type;		/* media type of the content, or NULL */
	bool		 keep;
	uint64_t	 length, sent;	/* of the content: promised, sent */
	uint64_t	 began_ns;
	void		*kept;		/* the copies; NULL: slices */
};

/* Owns its texts from now on. -1: no memory; nothing changed. */
int	exchange_keep(struct exchange *) MUST_CHECK;
void	exchange_free(struct exchange *);

/* The request has come. */
void	exchange_tell_in(const struct exchange *, struct conn *);
/* The reply has gone, whole or not. log: NULL: none is kept. */
void	exchange_tell_out(const struct exchange *, struct conn *,
	    struct site_log *, const char *date);

#endif
