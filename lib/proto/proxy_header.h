/*
 * proxy_header - who the client is, in front of what it says: the PROXY
 * protocol, versions 1 and 2 (haproxy's doc/proxy-protocol.txt).
 *
 * A header has no more in it than the two addresses. What has none that the
 * protocol knows goes out as unknown (2.1: "UNKNOWN", 2.2: AF_UNSPEC): a
 * client by a Unix socket. An IPv6 scope means nothing elsewhere and is left
 * out.
 */
#ifndef PROTO_PROXY_HEADER_H
#define PROTO_PROXY_HEADER_H

#include "proto/addr.h"

#define PROXY_HEADER_NAMES "v1|v2"	/* in the order of the enum */
enum proxy_header_version { PROXY_HEADER_V1, PROXY_HEADER_V2 };

/* 2.2: what version 2 begins with */
#define PROXY_HEADER_SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
enum { PROXY_HEADER_SIGNED = sizeof PROXY_HEADER_SIGNATURE - 1 };

/* 2.1: "a 108-byte buffer is always enough"; of version 2 we write 52 */
enum { PROXY_HEADER_SIZE = 108 };

/*
 * Of a connection that came from there to there. Returns its length, up to
 * PROXY_HEADER_SIZE - 1.
 */
size_t	proxy_header_format(char dst[static PROXY_HEADER_SIZE],
	    enum proxy_header_version, const struct addr *from,
	    const struct addr *to);

/* Of version 2, with what may follow the addresses, which is skipped. */
enum { PROXY_HEADER_MAX = 4096 };

struct proxy_header {
	bool	known;		/* false: "UNKNOWN", LOCAL, another family */
	struct addr from, to;	/* IPv4 or IPv6 */
};

/*
 * The beginning of a stream, as far as it has come. Returns the length of the
 * header, 0 as long as it is not complete, or -1: it is none, and why says in
 * what way. Addresses must be written as inet_ntop(3) does or shorter forms of
 * the same; ports as numbers without sign or leading zero.
 */
int	proxy_header_parse(struct proxy_header *, const void *, size_t n,
	    const char **why) MUST_CHECK;

#endif
