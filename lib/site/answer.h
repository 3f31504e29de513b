/*
 * answer - from a request to its reply: which file or page it is, and whether
 * all, a part or none of it is sent.
 */
#ifndef SITE_ANSWER_H
#define SITE_ANSWER_H

#include "proto/http_request.h"
#include "site/exchange.h"

enum {
	ANSWER_SMALL = 32 * KIB,	/* files up to here leave with their
					   head, in one piece */
};

struct site;
struct transfer;

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

#endif
