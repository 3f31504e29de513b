/*
 * addr - a socket address as text and back, without asking anyone.
 *
 * Numeric forms only: names are net/resolve's. What a dual-stack socket
 * reports as ::ffff:a.b.c.d is kept as the IPv4 address that it is, so that
 * nobody sees two spellings of one peer.
 *
 * A Unix socket's name is borrowed, not kept: it is up to 107 bytes long, and
 * an address is held by every idle client. Whoever owns the text says so.
 */
#ifndef PROTO_ADDR_H
#define PROTO_ADDR_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/vm_sockets.h>

#include "base/base.h"

#define ADDR_PATH 107		/* bytes of a Unix socket's name (unix(7)) */
/* "unix:@" + name, each byte as \xHH at worst, + NUL; an IP address fits */
#define ADDR_TEXT 440
#define ADDR_HOST 256		/* a name: 253 octets (RFC 1035 2.3.4) */
#define ADDR_SERVICE 64
#define ADDR_VSOCK_MAX 0xfffffffe	/* of a CID, of a port; beyond: any */

struct addr_unix {
	sa_family_t	 family;	/* AF_UNIX */
	bool		 abstract;	/* a name that is no file */
	unsigned char	 n;		/* bytes; 0 and not abstract: unnamed */
	const char	*name;		/* borrowed; may hold any byte */
};

struct addr {			/* zeroed: no address */
	socklen_t	len;
	union {
		struct sockaddr		sa;
		struct sockaddr_in	in;
		struct sockaddr_in6	in6;
		struct addr_unix	un;
		struct sockaddr_vm	vm;	/* a virtual machine or its
						   host (vsock(7)) */
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

/* "unix:PATH", "unix:@NAME": what follows the colon; NULL: another kind. */
const char *addr_unix_operand(const char *);
/*
 * A PATH, or the @NAME of an abstract socket, which is borrowed. Returns NULL,
 * or what is wrong with it.
 */
const char *addr_unix(struct addr *, const char *name) MUST_CHECK;

/* "vsock:CID:PORT", "vsock:PORT": what follows the first colon; or NULL. */
const char *addr_vsock_operand(const char *);
/*
 * "CID:PORT", or, of who listens, "PORT" for every CID of ours; port 0 is a
 * free one. Instead of a number a CID is "local", "host" or "any". Returns
 * NULL, or what is wrong with it.
 */
const char *addr_vsock(struct addr *, const char *, bool listens) MUST_CHECK;
/* "3", "any": returns dst. */
char	*addr_vsock_cid(const struct addr *, char dst[static ADDR_TEXT]);

/*
 * From the kernel's form; ::ffff:a.b.c.d becomes IPv4. The name of a Unix
 * socket is borrowed from it.
 */
void	addr_set(struct addr *, const struct sockaddr *, socklen_t);
/*
 * Into the kernel's form, for a socket of that family: an IPv6 one is told
 * IPv4 addresses as ::ffff:a.b.c.d. Returns its length.
 */
socklen_t addr_kernel(const struct addr *, int family,
	    struct sockaddr_storage *);

/*
 * "127.0.0.1:80", "[::1]:80", "unix:/run/x", "unix" (unnamed), "vsock:3:80",
 * "" if none; safe for a terminal. Both return dst.
 */
const char *addr_text(const struct addr *, char dst[static ADDR_TEXT]);
/* "127.0.0.1", "::1", "fe80::1%2": no brackets, no port. */
const char *addr_ip(const struct addr *, char dst[static ADDR_TEXT]);

unsigned addr_port(const struct addr *);
void	addr_set_port(struct addr *, unsigned);
int	addr_family(const struct addr *);	/* AF_UNSPEC if none, or NULL */
bool	addr_is_ip(const struct addr *);	/* IPv4 or IPv6 */
bool	addr_is_loopback(const struct addr *);
bool	addr_is_any(const struct addr *);	/* 0.0.0.0 or :: */
bool	addr_is_multicast(const struct addr *);
bool	addr_is_unnamed(const struct addr *);	/* a Unix socket without name */
bool	addr_equal(const struct addr *, const struct addr *);

/*
 * The name of a Unix socket, which was borrowed, moves to where it stays: so
 * many bytes (0 of other families). Returns what is behind them.
 */
size_t	addr_name_len(const struct addr *);
char	*addr_keep(struct addr *, char *to);

#endif
