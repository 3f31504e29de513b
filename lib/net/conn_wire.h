/*
 * conn_wire - what a conn tells a recording: bytes and ends as they passed
 * its socket. Where nobody records, each costs one test.
 */
#ifndef NET_CONN_WIRE_H
#define NET_CONN_WIRE_H

#include "net/conn.h"

/* What a layer carried, behind what passed the socket for it. */
void	conn_wire_carried(const struct conn *, bool out, const void *, size_t);
/* A FIN; once in each direction is heard. */
void	conn_wire_end(const struct conn *, bool out);
/* The peer's RST is behind this errno, if it is. */
void	conn_wire_failed(const struct conn *, int err);
/* We close now: what does the kernel send? */
void	conn_wire_close(const struct conn *);
/* There will be no conn to the peer: it was asked for since then, in vain. */
void	conn_wire_none(struct talk *, int fd, const struct addr *peer,
	    uint64_t since_ns, int err);

#endif
