/*
 * early - what is at hand to be sent before a connection is there: TCP fast
 * open (RFC 7413).
 *
 * The first bytes go with the SYN, if the kernel has a cookie of that server,
 * which it gets at the first call; then a round trip is saved. They are looked
 * at without being taken, so that whatever did not leave early is read later
 * as ever: of a file by its offset, of a pipe by tee(2). Of anything else
 * nothing is at hand. A server may be given them twice (RFC 7413 2.1).
 */
#ifndef NET_EARLY_H
#define NET_EARLY_H

#include <sys/socket.h>

#include "base/base.h"

enum {
	EARLY_MAX = 1200,	/* bytes: they fit beside a SYN's options */
	EARLY_WAIT_MS = 100,	/* for a pipe to have something */
};

struct conn;

struct early {			/* zeroed: nothing is at hand */
	int	fd;		/* whose bytes these are; borrowed */
	bool	file;
	size_t	n;
	char	data[EARLY_MAX];
};

void	early_look(struct early *, int fd);
/*
 * connect(2) for a socket that does not block, with what is at hand (NULL:
 * nothing). 0: it is under way, and *sent bytes with it; or the errno.
 */
int	early_connect(const struct early *, int fd, const struct sockaddr *,
	    socklen_t, size_t *sent) MUST_CHECK;
/* So many bytes of it left by this conn: told, counted, and taken. */
void	early_sent(const struct early *, struct conn *, size_t sent);

#endif
