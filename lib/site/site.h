/*
 * site - a folder as a web site: thousands of clients in one loop, each a
 * small struct, none able to make another wait.
 *
 * Buffers for reading and for composing replies are the site's and shared;
 * a client has memory of its own only for what it left unfinished: a head
 * that is half there, a reply that its socket has no room for. Only what
 * asset and path let through is ever opened.
 */
#ifndef SITE_SITE_H
#define SITE_SITE_H

#include <ev.h>

#include "base/buf.h"
#include "proto/http_date.h"
#include "proto/http_request.h"
#include "proto/path.h"
#include "site/kept.h"
#include "site/log.h"

enum {
	SITE_READ = 64 * KIB,		/* bytes at a time, or of a head */
	SITE_BATCH = 256 * KIB,		/* of replies that leave together */
	SITE_REPLIES = 5 * MIB,		/* of a batch and the last in it */
	SITE_BODY = 64 * KIB,		/* of a request's content, unused */
	SITE_REFUSALS = 64,		/* who are told of the limit */
	SITE_SLOW = 16 * KIB,		/* a reader takes in the send limit */
	SITE_LINGER_MS = 5000,		/* for the client to close, too */
	SITE_STOP_MS = 5000,		/* for replies under way when ended */
};

struct client;
struct conn;
struct listener;
struct session;

struct site_opts {
	const char	*dir;		/* borrowed */
	int		 clients;	/* at a time */
	int		 head_ms;	/* for a whole head to arrive */
	int		 idle_ms;	/* between requests */
	int		 send_ms;	/* for SITE_SLOW bytes to leave */
	bool		 heads;		/* tell them, byte for byte */
	int		 log_fd;	/* access log; -1: none */
};

struct site {
	struct session	*session;
	struct listener	*listener;	/* borrowed */
	struct site_opts o;
	int		 root;
	struct client	*clients;
	int		 nclients;
	bool		 full;		/* that there are too many was told */
	bool		 stopping;
	ev_timer	 stop;
	struct kept	 kept;
	struct site_log	 log;
	ev_timer	 log_timer;	/* its lines leave */
	ev_prepare	 wait;		/* starts that */
	uint64_t	 seen, requests, sent, received;	/* totals */

	int64_t		 now;		/* s since 1970 */
	char		 date[HTTP_DATE_LEN + 1];
	/* Scratch, without meaning between two clients. */
	char		 in[SITE_READ];
	struct buf	 out;		/* replies being composed */
	struct buf	 page;		/* the content of one */
	struct path	 path;
	struct http_request req;
	struct http_field field[100];	/* as http_limits_server allows */
};

/* NULL with session->why: no such folder, no memory. */
struct site *site_new(struct session *, struct listener *,
	    const struct site_opts *) MUST_CHECK;
/* A listener_client: takes the conn. */
void	site_enter(void *site, struct conn *);
/* No more clients; replies under way are finished, then the session ends. */
void	site_stop(struct site *);
void	site_end(struct site *);	/* closes everybody; totals are final */
void	site_free(struct site *);

/* For clients. */
void	site_left(struct site *, struct client *);
void	site_clock(struct site *);	/* brings now and date up to date */

#endif
