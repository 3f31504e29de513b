/*
 * conn - one end of a conversation: bytes in, bytes out, each direction with
 * its own end.
 *
 * A TCP socket and a pair of pipes are tables of the same few operations, and
 * a module may bring another (TLS). Commands and engines see conn_*() alone.
 * conn_*() counts, notes who ended first, and tells talk; the operations do
 * none of that. Nothing here ever blocks.
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include <sys/types.h>
#include <sys/uio.h>

#include "base/why.h"
#include "proto/addr.h"

struct conn;
struct talk;

enum {
	CONN_LATER = -2,	/* would block: wait until the fd is ready */
	CONN_AFTERLIFE_MS = 20,	/* explaining, wait so long for TIME_WAIT */
};

enum conn_kind {		/* of one direction */
	CONN_SEEN,		/* somebody wants to see the bytes, or must */
	CONN_SOCKET, CONN_PIPE, CONN_FILE, CONN_DEVICE,
};

struct conn_ops {
	enum conn_kind (*kind)(const struct conn *, bool out);
	/* > 0 bytes, 0: their end, -1 with errno, CONN_LATER. */
	ssize_t	(*read)(struct conn *, void *, size_t);
	/* >= 0 bytes taken, -1 with errno, CONN_LATER. more: as MSG_MORE. */
	ssize_t	(*write)(struct conn *, const struct iovec *, int, bool more);
	/* Our end; -1 with errno, CONN_LATER. */
	int	(*shut)(struct conn *);
	void	(*close)(struct conn *);
	/* Both may be NULL. Bytes wait within; the fd may be silent. */
	bool	(*pending)(const struct conn *);
	/* Of the last failure, what errno does not tell; kind and hint go into
	 * why. NULL: errno tells it. */
	const char *(*fault)(const struct conn *, struct why *);
};

enum conn_who { CONN_NOBODY, CONN_US, CONN_PEER };

struct conn {
	const struct conn_ops *ops;
	int		 rfd, wfd;	/* to wait on; equal but for pipes; -1:
					   this direction goes nowhere */
	unsigned	 id;		/* #1, #2 in the talk; 0: ours */
	bool		 quiet;		/* payload is told by the engine */
	bool		 crlf;		/* CR LF is the normal line end here */
	bool		 brief;		/* its ends in order are wordy */
	bool		 ended_in, ended_out;	/* their end seen; ours sent */
	bool		 reset;		/* or broken otherwise */
	bool		 called;	/* by us: our SYN was acknowledged */
	bool		 introduced;	/* local and peer are not this
					   socket's: a proxy named them */
	bool		 settled;	/* nothing more will be acknowledged */
	bool		 reno;		/* our choice, for want of a network */
	bool		 uncounted;	/* a child moved bytes, nobody knows
					   how many */
	enum conn_who	 first;		/* who ended a direction first */
	const char	*src;		/* "stdin": where we have it from */
	const char	*end;		/* what ends a direction; NULL: a FIN */
	void		*layer;		/* of the operations, if there is one */
	struct talk	*talk;		/* borrowed; NULL: silent */
	void		(*on_close)(void *arg, struct conn *);	/* or NULL */
	void		*on_close_arg;
	uint64_t	 in, out;	/* bytes so far, besides: */
	uint64_t	 before_in, before_out;	/* a proxy's, at first */
	uint64_t	 opened_ns;
	struct addr	 local, peer;
};

/* What conn_tcp_new() chooses for a peer on this machine. */
#define CONN_LOOPBACK_CONGESTION "reno"

/*
 * Takes a connected socket, of TCP, Unix (stream) or vsock, blocking or not (a
 * blocking one may be lent to a child). Small writes leave at once
 * (TCP_NODELAY). Gets the next number of the conversation. NULL: out of
 * memory, fd closed.
 */
struct conn *conn_tcp_new(int fd, struct talk *) MUST_CHECK;

/*
 * stdin and stdout, or any two descriptors, borrowed: closing leaves them
 * open. O_NONBLOCK is never set on them, since others may share them. wfd -1
 * takes everything and keeps nothing (the view shows it instead); rfd -1 is
 * at its end from the start.
 */
struct conn *conn_pipe_new(int rfd, int wfd) MUST_CHECK;

/*
 * Such a conn reads from there instead: fd is readable while there is some,
 * read as conn_ops has it. close is called with the conn's.
 */
struct conn_source {
	int	fd;
	ssize_t	(*read)(void *arg, void *, size_t);
	void	(*close)(void *arg);
	void	*arg;
};
void	conn_pipe_from(struct conn *, const struct conn_source *);

/*
 * 0 is their end. -1: the cause is in why (reset, timed out, a local error)
 * and has been told.
 */
ssize_t	conn_read(struct conn *, void *, size_t, struct why *) MUST_CHECK;
ssize_t	conn_write(struct conn *, const void *, size_t, struct why *)
	    MUST_CHECK;
/* more: another piece follows at once, wait for it (MSG_MORE). */
ssize_t	conn_writev(struct conn *, const struct iovec *, int, bool more,
	    struct why *) MUST_CHECK;

/*
 * There is more to read at once, though the descriptor may be silent: read
 * again in the loop's next turn.
 */
bool	conn_pending(const struct conn *);

/* The write end, if it is a pipe; or -1. */
int	conn_pipe_out(const struct conn *);
/* A pipe whose last reader is gone: what is written now is lost. */
bool	conn_reader_gone(const struct conn *);

/*
 * Sends our end (FIN), once; reading goes on. Failing to is no failure, but
 * CONN_LATER means: again, once the descriptor can be written.
 */
int	conn_shut(struct conn *);

/*
 * Who has ended first, or does if we end now: the peer if its FIN is here, read
 * or not. The kernel keeps the TIME_WAIT of the one that did (RFC 9293 3.6).
 */
enum conn_who conn_ender(const struct conn *);

/*
 * -1: what we sent after their end was answered by a reset, which reading
 * does not tell: recv(2) is 0 for ever then. Told, with the cause in why.
 */
int	conn_broke(struct conn *, struct why *) MUST_CHECK;

/* The descriptor of a plain socket, for sendfile and its like; or -1. */
int	conn_plain(const struct conn *);

/*
 * For who lets the kernel move bytes unseen (net/move): what a direction is,
 * what was moved (told without its content), that it ended or failed (errno).
 * conn_failed() returns -1.
 */
enum conn_kind conn_kind(const struct conn *, bool out);
void	conn_moved(struct conn *, bool out, size_t n);
void	conn_at_end(struct conn *);
/* These left before there was a conn (net/early). */
void	conn_sent(struct conn *, const void *, size_t);
int	conn_failed(struct conn *, struct why *, const char *during);

/*
 * For a recording, if there is one: what passed the socket, before anybody
 * has understood it. Those of net and who sends by other means (MSG_OOB)
 * call it; ends and resets are told by conn itself.
 */
void	conn_passed(const struct conn *, bool out, const void *, size_t);

/*
 * The totals as the kernel counted them: for a socket that was lent to a
 * child, which moved the bytes itself.
 */
void	conn_recount(struct conn *);

/*
 * Handed to the kernel and not yet acknowledged by the peer. Of a Unix socket:
 * not 0 while the peer has not read it all.
 */
size_t	conn_unacked(const struct conn *);

/*
 * Tells who closed first and the totals, calls on_close, closes, frees. Bytes
 * that were not read make the kernel send RST, as close(2) says.
 */
void	conn_close(struct conn *);

/* Tells a cause as an event of this conn: reset, broken, timeout. */
void	conn_tell_why(struct conn *, const struct why *, const char *during);

#endif
