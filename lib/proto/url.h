/*
 * url - http:// and https:// addresses as people type them.
 *
 * One parser for what stands on a command line: "http://host:80/path?q#f",
 * and without a scheme "host", "host:80", "host/path", "[::1]:80/path". The
 * parts are slices of the text; nothing is allocated. The request target is
 * written out encoded, so that no blank, control or 8-bit byte of a command
 * line reaches the wire raw (RFC 3986 2.1, RFC 9112 3.2).
 *
 * Strict: ports are 1 to 65535 without leading zeros, and may be empty behind
 * a scheme only (RFC 9110 4.2.1); user names and
 * passwords are refused, since they would be sent or shown unasked (RFC 9110
 * 4.2.4); names that are not ASCII must be given in their xn-- form.
 */
#ifndef PROTO_URL_H
#define PROTO_URL_H

#include "base/base.h"

enum {
	URL_HOST_MAX = 255,	/* bytes of a name, RFC 1035 2.3.4 */
	URL_MAX = 16 * KIB,	/* of all */
};

enum url_err {
	URL_OK = 0,
	URL_E_SCHEME,
	URL_E_USERINFO,
	URL_E_NO_HOST,
	URL_E_HOST,
	URL_E_BRACKET,
	URL_E_PORT,
	URL_E_LONG,
	URL_ERRS
};

struct url {
	bool		 scheme;	/* is there */
	bool		 https;
	bool		 v6;		/* the host stood in brackets */
	uint16_t	 port;		/* given, or the scheme's own */
	bool		 port_given;
	char		 host[URL_HOST_MAX + 1];	/* no brackets */
	const char	*target;	/* path and query, as typed */
	size_t		 target_len;	/* the fragment left out; may be 0 */
};

/* s is borrowed by url->target. */
enum url_err url_parse(struct url *, const char *s) MUST_CHECK;
const char *url_err_text(enum url_err);	/* lower case, no full stop */

/* What was typed without a scheme is https, with its own port. */
void	url_secure(struct url *);

/* "http://" or anything else of that form begins it. */
bool	url_has_scheme(const char *s);

/*
 * Writes a request target into to[size], terminated: path and query with what
 * may not stand there percent-encoded, "/" put in front if it lacks one.
 * From a '#' on it is left out. Returns the length; -1 if it does not fit.
 */
int	url_target(const char *path, size_t n, char *to, size_t size)
	    MUST_CHECK;

/*
 * Writes the Host field's value: the host, in brackets if it is IPv6 and
 * without a zone, and ":port" unless that is the scheme's own. -1: no room.
 */
int	url_host(const struct url *, char *to, size_t size) MUST_CHECK;

#endif
