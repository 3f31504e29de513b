/*
 * http_request - the head of a request: request line, fields, framing.
 *
 * Everything that RFC 9112 lets a server refuse because two readers might
 * understand it differently is refused, so what is left means one thing. An
 * error's status is http_err_status(); after it the connection must close,
 * since where the next request begins is not known (RFC 9112 6.3).
 */
#ifndef PROTO_HTTP_REQUEST_H
#define PROTO_HTTP_REQUEST_H

#include "proto/http_head.h"

enum http_method {
	HTTP_OTHER,		/* a token, but none of these: 501 */
	HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_CONNECT,
	HTTP_OPTIONS, HTTP_TRACE, HTTP_PATCH,
};

enum http_form {		/* of the target, RFC 9112 3.2 */
	HTTP_FORM_ORIGIN,	/* /path?query */
	HTTP_FORM_ABSOLUTE,	/* http://host/path?query */
	HTTP_FORM_AUTHORITY,	/* host:port, CONNECT only */
	HTTP_FORM_ASTERISK,	/* *, OPTIONS only */
};

struct http_request {
	struct http_head head;
	enum http_method method;
	enum http_form	 form;
	struct http_text verb;		/* the method as it was sent */
	struct http_text target;	/* as it was sent */
	struct http_text path;		/* "/..." still encoded; else empty */
	struct http_text query;		/* behind the "?"; .p NULL: none */
	struct http_text host;		/* of the target, else of Host */
};

/*
 * All n bytes of the request so far. The length of the head; 0: more bytes
 * are needed; -1: head.err says what is wrong (verb and target are set if
 * the request line was good). head comes from http_head_init().
 */
ssize_t	http_request_parse(struct http_request *, struct http_scan *,
	    const char *, size_t n) MUST_CHECK;

#endif
