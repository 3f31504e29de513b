/*
 * client - one client's connection: requests in, replies out, in turn.
 *
 * It reads, or it sends; while it sends it does not read, so a client who does
 * not take replies cannot ask for more. When it has said its last it lingers,
 * reading until the client closes too: closing with bytes unread would reset
 * the connection and take the last reply with it (RFC 9112 9.6).
 */
#ifndef SITE_CLIENT_H
#define SITE_CLIENT_H

#include <ev.h>

#include "base/buf.h"
#include "proto/http_chunk.h"
#include "proto/http_head.h"

struct conn;
struct site;
struct transfer;

enum client_state {		/* each has a time limit */
	CLIENT_IDLE,		/* reads; nothing has come */
	CLIENT_HEAD,		/* reads; the first head, or a part of one */
	CLIENT_BODY,		/* reads content that nobody wants */
	CLIENT_SEND,
	CLIENT_LINGER,
};

struct client {
	struct site	*site;
	struct conn	*conn;
	struct client	*prev, *next;
	ev_io		 io;
	ev_timer	 timer;
	ev_tstamp	 deadline;	/* of the state it is in */
	ev_tstamp	 fires;		/* the timer, which may be earlier */
	enum client_state state;
	bool		 last;		/* no reply follows the present one */
	bool		 lost;		/* no memory: closes without a word */
	bool		 chunked;	/* unwanted content, until its end */
	uint64_t	 body_left;	/* unwanted content, bytes */
	uint64_t	 taken;		/* acknowledged when last looked */
	struct http_scan scan;		/* of the head in .in */
	struct http_chunk chunk;
	struct buf	 in;		/* read and not yet used */
	struct buf	 out;		/* composed and not yet sent */
	struct transfer	*file;		/* to follow behind that */
};

/*
 * Takes the conn and begins to read. Where there is no room for one more, it
 * is answered 503 instead. NULL: no memory, and the conn is closed.
 */
struct client *client_new(struct site *, struct conn *) MUST_CHECK;
void	client_read(struct client *);	/* what has come already */
void	client_refuse(struct client *);

/* The server ends: a reply under way is finished, nothing else. */
void	client_stop(struct client *);
void	client_free(struct client *);	/* closes; what was unsent is told */

#endif
