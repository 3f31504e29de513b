/*
 * answer - from a request to its reply: which file or page it is.
 */
#ifndef SITE_ANSWER_H
#define SITE_ANSWER_H

#include "proto/http_request.h"
#include "site/exchange.h"
#include "site/reply.h"

struct site;
struct transfer;

/* One being made; content.c makes the part that is about a file. */
struct answer {
	struct site	*s;
	const struct http_request *req;	/* NULL: there is none to look at */
	struct exchange	*x;
	struct reply	 r;
	bool		 bare;		/* HEAD: no content follows */
	struct transfer	*file;
};

/*
 * Appends the reply to site->out and fills in what x tells of it (x->keep
 * says whether the connection stays). A large file is left in *file, to be
 * sent behind that; NULL otherwise. -1: no memory.
 */
int	answer(struct site *, const struct http_request *, struct exchange *x,
	    struct transfer **file) MUST_CHECK;

/*
 * The same with a page for a status that is certain before the file is looked
 * for. The request is NULL if there is none that could be read. sentence: in
 * words of ours; NULL: the status's own.
 */
int	answer_page(struct site *, const struct http_request *,
	    struct exchange *x, unsigned status, const char *sentence)
	    MUST_CHECK;

/*
 * Steps of it. All but answer_told() append to site->out and return -1 for
 * no memory. note: for the operator, in words of ours; or NULL.
 */
int	answer_with(struct answer *, unsigned status, const char *sentence,
	    const char *note) MUST_CHECK;
int	answer_head(struct answer *, unsigned status) MUST_CHECK;
/* The content is behind its head already, or there is none. */
void	answer_told(struct answer *, const char *note);

#endif
