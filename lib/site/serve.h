/*
 * serve - what a client has said, taken apart and answered.
 *
 * As many requests as there are in the bytes at hand are answered into the
 * site's buffer, to leave together, up to SITE_BATCH bytes or a large file.
 */
#ifndef SITE_SERVE_H
#define SITE_SERVE_H

#include "site/client.h"

/* n bytes have come; what cannot be used yet is kept in c->in. */
void	serve_fresh(struct client *, const char *, size_t n);
/* What was kept. False: there is nothing to send. */
bool	serve_kept(struct client *) MUST_CHECK;
bool	serve_in_body(const struct client *);	/* and waits for more of it */

/* Its head took too long (408); there are too many clients (503). */
void	serve_late(struct client *);
void	serve_refusal(struct client *);

/* The file is through, or never will be: it is told and closed. */
void	serve_sent(struct client *);

#endif
