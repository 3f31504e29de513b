/*
 * http_response - the head of a reply: status line, fields, framing.
 *
 * Strict where leniency lets a reply be read in two ways, lenient where the
 * RFC says so: HTTP/1.2 to 1.9 are read as 1.1, the reason may be missing,
 * folded values are taken (RFC 9112 5.2). What does not begin with "HTTP" is
 * named for what it looks like: TLS, SSH, HTTP/2, a bare page.
 */
#ifndef PROTO_HTTP_RESPONSE_H
#define PROTO_HTTP_RESPONSE_H

#include "proto/http_head.h"

enum { HTTP_INTERIM_MAX = 32 };	/* 1xx replies before the final one */

struct http_response {
	struct http_head head;
	unsigned	 status;	/* 0 to 999: three digits, RFC 9112 4 */
	struct http_text reason;	/* foreign text */
};

/*
 * All n bytes of the reply so far; to_head: it answers a HEAD request. The
 * length of the head; 0: more bytes are needed; -1: head.err says what is
 * wrong. head comes from http_head_init().
 */
ssize_t	http_response_parse(struct http_response *, struct http_scan *,
	    const char *, size_t n, bool to_head) MUST_CHECK;

/* "Not Found", as registered (RFC 9110 15); NULL if it is not. */
const char *http_status_name(unsigned status);

#endif
