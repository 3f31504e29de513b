/*
 * record - the sink for Wireshark: a pcapng file.
 *
 * We have no packets, only what passed the system calls; so packets are made
 * of that (proto/packet): real addresses, ports and times, true checksums,
 * sequence numbers that fit. A connection begins with a handshake; each chunk
 * is a PSH-ACK that the other side acknowledges at once; FIN and RST are
 * there if they were seen or sent. Datagrams are what they were. A Unix
 * socket is shown as TCP between 127.0.0.1 (us) and 127.0.0.2 (the peer),
 * whose port is RECORD_PORT + the connection's number.
 *
 * TLS is recorded as it passed the socket; or, plain, what was said under it,
 * from the end of its handshake on. With the secrets, the packets of a
 * connection are held back until its handshake is over: Wireshark wants the
 * keys before what they decrypt.
 *
 * Whole blocks leave in one write(2) for each event, so that a reader in a
 * pipe sees them live. A descriptor that takes no more loses the sink.
 */
#ifndef TALK_RECORD_H
#define TALK_RECORD_H

#include "talk/talk.h"

enum {
	RECORD_PORT = 50000,
	RECORD_PORTS = 15000,		/* then the ports begin again */
	RECORD_HELD = 256 * KIB,	/* of a TLS handshake; then it is
					   written, secrets or not */
};

struct talk_record_opts {
	int		 fd;
	const char	*file;		/* its name, borrowed; then fd is taken,
					   too. NULL: fd is borrowed */
	bool		 secrets;	/* of TLS, as well */
	bool		 plain;		/* what TLS carries, not how */
	const char	*program;	/* "sockt 1.0" */
};

/* NULL: out of memory; the file is closed. */
struct talk_sink *talk_record_new(const struct talk_record_opts *) MUST_CHECK;

#endif
