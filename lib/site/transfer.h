/*
 * transfer - a file on its way to a client, moved by the kernel, or through
 * us under TLS.
 *
 * The reply's head has promised a number of bytes. If the file shrinks or
 * cannot be read, the promise is broken by closing the connection, which is
 * what tells the client (RFC 9112 8); bytes that it grows by are not sent.
 */
#ifndef SITE_TRANSFER_H
#define SITE_TRANSFER_H

#include <sys/types.h>

#include "site/exchange.h"

enum {
	TRANSFER_PIECE = 512 * KIB,	/* in one call */
	TRANSFER_SEEN = 64 * KIB,	/* in one, if we must look */
	TRANSFER_TURN = 2 * MIB,	/* before other clients have theirs */
};

struct conn;

struct transfer {
	int		 fd;
	off_t		 at;
	uint64_t	 left;
	struct exchange	 x;		/* told when it is over */
};

/* Takes fd. NULL: no memory, fd closed. */
struct transfer *transfer_new(int fd, uint64_t from, uint64_t len) MUST_CHECK;
void	transfer_free(struct transfer *);

enum transfer_state {
	TRANSFER_LOST,		/* the client is; told */
	TRANSFER_SHORT,		/* the file ends before its time, or fails */
	TRANSFER_WAIT,		/* room in the socket, or our turn */
	TRANSFER_DONE,
};
enum transfer_state transfer_send(struct transfer *, struct conn *)
	    MUST_CHECK;

#endif
