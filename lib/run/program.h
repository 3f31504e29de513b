/*
 * program - a program per client: the socket is its stdin and stdout.
 *
 * The child reads and writes the socket itself, so no byte passes through us
 * and none can be lost on the way. What it cannot read, TLS, reaches it over a
 * pair of sockets and a relay. We keep a descriptor of it: when the child
 * has ended we send FIN, take what the client still says, and only then
 * close, since closing with unread bytes would reset the connection and with
 * it the child's last output (RFC 9293 3.10.4).
 *
 * The child's environment has both ends: SOCKT_REMOTE_ADDR, SOCKT_REMOTE_PORT,
 * SOCKT_LOCAL_ADDR and SOCKT_LOCAL_PORT.
 */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "base/why.h"

enum { PROGRAM_LINGER_MS = 2000 };	/* for the client to end, too */

struct conn;
struct programs;
struct session;

/* The client's program has ended and the connection is closed. */
typedef void program_done(void *arg, const struct why *);

/* argv is borrowed. NULL: out of memory. */
struct programs *programs_new(struct session *, char *const *argv,
	    program_done *, void *arg) MUST_CHECK;
/* Takes the conn, whose socket must be blocking. */
void	programs_serve(struct programs *, struct conn *);
/* Those still running get SIGTERM. */
void	programs_free(struct programs *);

#endif
