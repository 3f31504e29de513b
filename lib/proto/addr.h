/*
 * addr - a socket address as text and back, without asking anyone.
 *
 * Numeric forms only: names are net/resolve's. What a dual-stack socket
 * reports as ::ffff:a.b.c.d is kept as the IPv4 address that it is, so that
 * nobody sees two spellings of one peer.
 */
#ifndef PROTO_ADDR_H
#define PROTO_ADDR_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/base.h"

/* "[" + address + "%" + scope + "]:" + port + NUL */
#define ADDR_TEXT 80
#define ADDR_HOST 256		/* a name: 253 octets (RFC 1035 2.3.4) */
#define ADDR_SERVICE 64

struct addr {			/* zeroed: no address */
	socklen_t	len;
	union {
		struct sockaddr		sa;
		struct sockaddr_in	in;
		struct sockaddr_in6	in6;
	};
};

/* What an operand names, still as text; service is "" if none was given. */
struct addr_operand {
	char	host[ADDR_HOST];
	char	service[ADDR_SERVICE];
};

/*
 * "HOST", "HOST:PORT", "[V6]", "[V6]:PORT"; an address with more than one
 * colon and no brackets is IPv6 without a port. Returns NULL, or what is
 * wrong with it ("too long", "empty", ...).
 */
const char *addr_operand_parse(struct addr_operand *, const char *)
	    MUST_CHECK;

/*
 * An IPv4 or IPv6 literal (RFC 4291 2.2, "%scope" as number or interface)
 * with a port in host order. False if it is not a literal: then it is a name.
 */
bool	addr_literal(struct addr *, const char *host, unsigned port)
	    MUST_CHECK;

/* From the kernel's form; ::ffff:a.b.c.d becomes IPv4. */
void	addr_set(struct addr *, const struct sockaddr *, socklen_t);

/* "127.0.0.1:80", "[::1]:80", "" if none. Both return dst. */
const char *addr_text(const struct addr *, char dst[static ADDR_TEXT]);
/* "127.0.0.1", "::1", "fe80::1%2": no brackets, no port. */
const char *addr_ip(const struct addr *, char dst[static ADDR_TEXT]);

unsigned addr_port(const struct addr *);
void	addr_set_port(struct addr *, unsigned);
int	addr_family(const struct addr *);	/* AF_UNSPEC if none */
bool	addr_is_loopback(const struct addr *);
bool	addr_is_any(const struct addr *);	/* 0.0.0.0 or :: */
bool	addr_equal(const struct addr *, const struct addr *);

#endif
