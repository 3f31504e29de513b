/*
 * unix_socket - a Unix socket to listen on, and the file that is its name.
 *
 * A socket file outlives its program, so one that nobody listens on any more
 * is in everybody's way. It is taken over, but only after a connection to it
 * was refused; a file of another kind, or a socket that somebody answers, is
 * left alone. Our own file is removed in the end, if it still is ours. An
 * abstract name ("@NAME") is no file and ends with the program.
 */
#ifndef NET_UNIX_SOCKET_H
#define NET_UNIX_SOCKET_H

#include <sys/stat.h>

#include "base/why.h"
#include "proto/addr.h"

struct talk;

struct unix_socket {		/* zeroed: none */
	char	name[ADDR_PATH + 2];	/* PATH or @NAME */
	struct addr addr;		/* borrows the name */
	bool	datagrams;		/* set before it is opened */
	bool	made;			/* the file is there, and is ours: */
	dev_t	dev;
	ino_t	ino;
};

/*
 * Returns a descriptor that listens, or is bound. -1: WHY_USAGE, the name is no
 * name; WHY_LISTEN, told as bind_failed.
 */
int	unix_socket_open(struct unix_socket *, const char *name, int backlog,
	    struct talk *, struct why *) MUST_CHECK;
void	unix_socket_remove(struct unix_socket *);

/*
 * The process on the other side of a connected socket, as it was when it
 * called connect() or listen(); TALK_UNKNOWN, and asking nobody, if addr is
 * not that of a Unix socket.
 */
struct unix_peer {
	int64_t	pid, uid;
};
struct unix_peer unix_peer(int fd, const struct addr *);

#endif
