/*
 * conn_kernel - what the kernel knows of a conn's TCP, and so for certain: the
 * acknowledged bytes, also after a reset, which empties the queue.
 */
#ifndef NET_CONN_KERNEL_H
#define NET_CONN_KERNEL_H

#include <linux/tcp.h>

#include "net/conn.h"

/* False: it is no TCP, or none of the peer's. */
bool	conn_kernel_info(const struct conn *, struct tcp_info *) MUST_CHECK;
/* Bytes that the peer's system has not acknowledged; TALK_UNKNOWN. */
int64_t	conn_kernel_unacked(const struct conn *);
/* Bytes that have come and nobody read: closing now resets (RFC 2525 2.17). */
size_t	conn_kernel_unread(const struct conn *);
/*
 * Who has sent a close_notify need not wait for ours (RFC 8446 6.1), and its
 * system answers that with a reset. Was it all that got lost?
 */
bool	conn_kernel_lost_only_end(const struct conn *) MUST_CHECK;

#endif
