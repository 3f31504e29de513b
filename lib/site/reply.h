/*
 * reply - the heads that this server sends, and the short pages that explain
 * what is not a plain success.
 *
 * Every reply has a Content-Length or none by definition (204, 304), so the
 * client always knows where it ends. Pages of ours carry a policy that lets
 * nothing in them run or load (Content-Security-Policy).
 */
#ifndef SITE_REPLY_H
#define SITE_REPLY_H

#include "base/buf.h"
#include "proto/http_range.h"

struct reply {			/* zeroed but for status: nothing to add */
	unsigned	 status;
	unsigned	 minor;		/* of the request's version */
	bool		 keep;		/* the connection stays open */
	bool		 ours;		/* the content is a page of ours */
	const char	*type;		/* media type; NULL: no content */
	uint64_t	 length;	/* of the content */
	const char	*etag;		/* NULL: no validators */
	int64_t		 modified;
	const struct http_range *part;	/* of a 206 */
	uint64_t	 whole;		/* the file's size, for 206 and 416 */
	const char	*location;	/* of a redirection */
};

/* Appends the head. date is HTTP_DATE_LEN bytes. -1: no memory or room. */
int	reply_head(struct buf *, const struct reply *, const char *date)
	    MUST_CHECK;

/*
 * Appends the head and a page that says in one sentence why, in words of our
 * own; only the head if bare. r->type, length and ours are filled in.
 */
int	reply_page(struct buf *, struct reply *, const char *sentence,
	    bool bare, const char *date) MUST_CHECK;

const char *reply_reason(unsigned status);	/* "Not Found" */
/* The sentence for a status that needs no better one. */
const char *reply_sentence(unsigned status);

#endif
