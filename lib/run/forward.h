/*
 * forward - each client is connected to one place, and both ends are carried
 * through as they are: half-close, reset and all.
 *
 * The place is looked up once, at the start, since waiting for a name would
 * stall everybody. Nobody's stalling delays anybody else. What is said is told
 * as the client's conversation; with nobody looking, the kernel moves it. A
 * PROXY header, if one is asked for, is ours, and told as the far side's.
 */
#ifndef RUN_FORWARD_H
#define RUN_FORWARD_H

#include "run/reach.h"

struct conn;
struct forwards;
struct session;
struct tls;

/* A client's conversation is over; why: WHY_NONE if it ended in order. */
typedef void forward_done(void *arg, const struct why *);

struct forward_opts {
	struct reach	 to;
	int		 idle_ms;	/* as of relay */
	int		 send_proxy;	/* enum proxy_header_version; or -1 */
	struct tls	*tls;		/* spoken to the place; or NULL;
					   borrowed, as is the name */
	const char	*tls_name;
	/* Somebody may want to see what was reached; or NULL. */
	void		(*reached)(void *arg, const struct conn *);
	forward_done	*done;
	void		*arg;
};

/* NULL: out of memory. */
struct forwards *forwards_new(struct session *, const struct forward_opts *)
	    MUST_CHECK;
void	forwards_take(struct forwards *, struct conn *);	/* a client */
void	forwards_free(struct forwards *);	/* closes all */

#endif
