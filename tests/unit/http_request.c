/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "proto/http_request.h"

enum { FIELDS = 100 };

#define S(text) text, sizeof text - 1
#define GET(fields) S("GET / HTTP/1.1\r\nHost: a\r\n" fields "\r\n")

static struct http_field fields[FIELDS];

static const struct {
	const char	*name, *in;
	size_t		 n;
	enum http_err	 err;		/* or: */
	enum http_method method;
	const char	*path, *query, *host;	/* NULL path: more needed */
	enum http_body	 body;
	bool		 closes;
} requests[] = {
	{ "plain", GET(""), 0, HTTP_GET, "/", NULL, "a", 0, false },
	{ "a query", S("GET /x?y?z HTTP/1.1\r\nHost: a:80\r\n\r\n"), 0,
	    HTTP_GET, "/x", "y?z", "a:80", 0, false },
	{ "an empty query", S("GET /? HTTP/1.1\r\nHost:\r\n\r\n"), 0,
	    HTTP_GET, "/", "", "", 0, false },
	{ "empty lines first", S("\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
	    0, HTTP_GET, "/", NULL, "a", 0, false },
	{ "HEAD", S("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n"), 0, HTTP_HEAD,
	    "/x", NULL, "a", 0, false },
	{ "another method", S("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 0,
	    HTTP_OTHER, "/", NULL, "a", 0, false },
	{ "a method in small letters", S("get / HTTP/1.1\r\nHost: a\r\n\r\n"),
	    0, HTTP_OTHER, "/", NULL, "a", 0, false },
	{ "TRACE", S("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 0, HTTP_TRACE,
	    "/", NULL, "a", 0, false },
	{ "1.2", S("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 0, HTTP_GET, "/",
	    NULL, "a", 0, false },
	{ "LF alone", S("GET / HTTP/1.1\nHost: a\n\n"), 0, HTTP_GET, "/",
	    NULL, "a", 0, false },
	{ "8-bit target", S("GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"), 0,
	    HTTP_GET, "/\xc3\xa9", NULL, "a", 0, false },
	{ "obs-text in a value", GET("X: caf\xc3\xa9\r\n"), 0, HTTP_GET, "/",
	    NULL, "a", 0, false },
	{ "an empty value", GET("X:\r\n"), 0, HTTP_GET, "/", NULL, "a", 0,
	    false },
	/* the target's forms, RFC 9112 3.2 */
	{ "absolute", S("GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n"), 0,
	    HTTP_GET, "/x", "y", "b:81", 0, false },
	{ "absolute without a path", S("GET http://b HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), 0, HTTP_GET, "/", NULL, "b", 0, false },
	{ "absolute with a query", S("GET http://b?q HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), 0, HTTP_GET, "/", "q", "b", 0, false },
	{ "absolute in capitals", S("GET HTTP://b/ HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), 0, HTTP_GET, "/", NULL, "b", 0, false },
	{ "absolute IPv6", S("GET http://[::1]:80/ HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), 0, HTTP_GET, "/", NULL, "[::1]:80", 0, false },
	{ "https", S("GET https://b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_SCHEME, 0, 0, 0, 0, 0, 0 },
	{ "a user in the target", S("GET http://u@b/ HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "no host in the target", S("GET http:///x HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "authority with GET", S("GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "CONNECT", S("CONNECT b:80 HTTP/1.1\r\nHost: a\r\n\r\n"), 0,
	    HTTP_CONNECT, "", NULL, "b:80", 0, false },
	{ "CONNECT with a path", S("CONNECT /x HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "OPTIONS *", S("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 0,
	    HTTP_OPTIONS, "", NULL, "a", 0, false },
	{ "GET *", S("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_E_TARGET, 0,
	    0, 0, 0, 0, 0 },
	{ "no slash", S("GET x HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_E_TARGET,
	    0, 0, 0, 0, 0, 0 },
	{ "up and no slash", S("GET ../x HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "DEL in the target", S("GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "a control in the target", S("GET /\x1b HTTP/1.1\r\nHost: a\r\n"
	    "\r\n"), HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	/* the request line, RFC 9112 3 */
	{ "two spaces", S("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "two spaces behind", S("GET /  HTTP/1.1\r\nHost: a\r\n\r\n"),
	    HTTP_E_TARGET, 0, 0, 0, 0, 0, 0 },
	{ "tabs", S("GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_E_METHOD, 0,
	    0, 0, 0, 0, 0 },
	{ "junk behind the version", S("GET / HTTP/1.1 x\r\nHost: a\r\n\r\n"),
	    HTTP_E_START, 0, 0, 0, 0, 0, 0 },
	{ "no target", S("GET HTTP/1.1\r\nHost: a\r\n\r\n"), HTTP_E_START, 0,
	    0, 0, 0, 0, 0 },
	{ "no version", S("GET /\r\n\r\n"), HTTP_E_START, 0, 0, 0, 0, 0, 0 },
	{ "a method alone", S("GET\r\n\r\n"), HTTP_E_METHOD, 0, 0, 0, 0, 0,
	    0 },
	{ "a blank first", S(" GET / HTTP/1.1\r\n\r\n"), HTTP_E_METHOD, 0, 0,
	    0, 0, 0, 0 },
	{ "a method that is no token", S("G(T / HTTP/1.1\r\n\r\n"),
	    HTTP_E_METHOD, 0, 0, 0, 0, 0, 0 },
	{ "version in small letters", S("GET / http/1.1\r\n\r\n"),
	    HTTP_E_START, 0, 0, 0, 0, 0, 0 },
	{ "half a version", S("GET / HTTP/1.\r\n\r\n"), HTTP_E_START, 0, 0, 0,
	    0, 0, 0 },
	{ "version 2", S("GET / HTTP/2.0\r\n\r\n"), HTTP_E_VERSION, 0, 0, 0,
	    0, 0, 0 },
	{ "version 0.9", S("GET / HTTP/0.9\r\n\r\n"), HTTP_E_VERSION, 0, 0, 0,
	    0, 0, 0 },
	/* other protocols */
	{ "TLS", S("\x16\x03\x01\x02\0\x01"), HTTP_E_TLS, 0, 0, 0, 0, 0, 0 },
	{ "HTTP/2", S("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), HTTP_E_HTTP2, 0, 0,
	    0, 0, 0, 0 },
	{ "SSH", S("SSH-2.0-x\r\n\r\n"), HTTP_E_SSH, 0, 0, 0, 0, 0, 0 },
	/* Host, RFC 9112 3.2 */
	{ "no Host", S("GET / HTTP/1.1\r\n\r\n"), HTTP_E_HOST_NONE, 0, 0, 0,
	    0, 0, 0 },
	{ "no Host in 1.0", S("GET / HTTP/1.0\r\n\r\n"), 0, HTTP_GET, "/",
	    NULL, "", 0, true },
	{ "two Hosts", GET("Host: b\r\n"), HTTP_E_HOST_TWICE, 0, 0, 0, 0, 0,
	    0 },
	{ "two Hosts in 1.0", S("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n"
	    "\r\n"), HTTP_E_HOST_TWICE, 0, 0, 0, 0, 0, 0 },
	{ "a space in Host", S("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
	    HTTP_E_HOST_BAD, 0, 0, 0, 0, 0, 0 },
	{ "a user in Host", S("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
	    HTTP_E_HOST_BAD, 0, 0, 0, 0, 0, 0 },
	{ "a path in Host", S("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
	    HTTP_E_HOST_BAD, 0, 0, 0, 0, 0, 0 },
	{ "a port that is none", S("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
	    HTTP_E_HOST_BAD, 0, 0, 0, 0, 0, 0 },
	{ "a port alone in Host", S("GET / HTTP/1.1\r\nHost: :80\r\n\r\n"),
	    HTTP_E_HOST_BAD, 0, 0, 0, 0, 0, 0 },
	{ "IPv6 in Host", S("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"), 0,
	    HTTP_GET, "/", NULL, "[::1]:80", 0, false },
	{ "half a bracket in Host", S("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
	    HTTP_E_HOST_BAD, 0, 0, 0, 0, 0, 0 },
	/* fields */
	{ "folded", GET("X: b\r\n c\r\n"), HTTP_E_FOLD, 0, 0, 0, 0, 0, 0 },
	{ "a blank before the first field", S("GET / HTTP/1.1\r\n Host: a\r\n"
	    "\r\n"), HTTP_E_SPACE_FIRST, 0, 0, 0, 0, 0, 0 },
	{ "a space before the colon", GET("X : b\r\n"), HTTP_E_SPACE_COLON, 0,
	    0, 0, 0, 0, 0 },
	{ "NUL in a value", GET("X: a\0b\r\n"), HTTP_E_NUL, 0, 0, 0, 0, 0,
	    0 },
	{ "CR alone in a value", GET("X: a\rb\r\n"), HTTP_E_CR, 0, 0, 0, 0, 0,
	    0 },
	{ "an escape in a value", GET("X: \x1b\r\n"), HTTP_E_VALUE, 0, 0, 0,
	    0, 0, 0 },
	{ "DEL in a value", GET("X: \x7f\r\n"), HTTP_E_VALUE, 0, 0, 0, 0, 0,
	    0 },
	/* framing, RFC 9112 6 */
	{ "a length", GET("Content-Length: 5\r\n"), 0, HTTP_GET, "/", NULL,
	    "a", HTTP_BODY_LENGTH, false },
	{ "length 0", GET("Content-Length: 0\r\n"), 0, HTTP_GET, "/", NULL,
	    "a", HTTP_BODY_NONE, false },
	{ "chunked", GET("Transfer-Encoding: chunked\r\n"), 0, HTTP_GET, "/",
	    NULL, "a", HTTP_BODY_CHUNKED, false },
	{ "both", GET("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"),
	    HTTP_E_BOTH, 0, 0, 0, 0, 0, 0 },
	{ "gzip, chunked", GET("Transfer-Encoding: gzip, chunked\r\n"),
	    HTTP_E_CODING, 0, 0, 0, 0, 0, 0 },
	{ "chunked, gzip", GET("Transfer-Encoding: chunked, gzip\r\n"),
	    HTTP_E_CODING_LAST, 0, 0, 0, 0, 0, 0 },
	{ "xchunked", GET("Transfer-Encoding: xchunked\r\n"), HTTP_E_CODING,
	    0, 0, 0, 0, 0, 0 },
	{ "chunked twice", GET("Transfer-Encoding: chunked, chunked\r\n"),
	    HTTP_E_CODING_TWICE, 0, 0, 0, 0, 0, 0 },
	{ "a hidden coding", GET("Transfer-Encoding: \x0b" "chunked\r\n"),
	    HTTP_E_VALUE, 0, 0, 0, 0, 0, 0 },
	{ "chunked in 1.0", S("GET / HTTP/1.0\r\nTransfer-Encoding: chunked"
	    "\r\n\r\n"), HTTP_E_CODING_1_0, 0, 0, 0, 0, 0, 0 },
	{ "negative length", GET("Content-Length: -1\r\n"), HTTP_E_LENGTH, 0,
	    0, 0, 0, 0, 0 },
	{ "differing lengths", GET("Content-Length: 5\r\nContent-Length: 6"
	    "\r\n"), HTTP_E_LENGTH_DIFFER, 0, 0, 0, 0, 0, 0 },
	{ "2^64+5", GET("Content-Length: 18446744073709551621\r\n"),
	    HTTP_E_LENGTH_BIG, 0, 0, 0, 0, 0, 0 },
	/* the connection */
	{ "close", GET("Connection: close\r\n"), 0, HTTP_GET, "/", NULL, "a",
	    0, true },
	{ "1.0 keep-alive", S("GET / HTTP/1.0\r\nConnection: keep-alive\r\n"
	    "\r\n"), 0, HTTP_GET, "/", NULL, "", 0, false },
	/* not all there */
	{ "cut", S("GET / HTTP/1.1\r\nHost: a\r\n\r"), 0, 0, NULL, NULL, NULL,
	    0, 0 },
};

/* Shows the parser `step` bytes more each time. */
static ssize_t
request_by(struct http_request *r, const char *in, size_t n, size_t step)
{
	struct http_scan s = { 0 };
	ssize_t len = 0;

	http_head_init(&r->head, fields, &http_limits_server);
	for (size_t given = 0; given < n && len == 0;) {
		given = given + step < n ? given + step : n;
		len = http_request_parse(r, &s, in, given);
	}
	return len;
}

static bool
same(struct http_text t, const char *word)
{
	return word == NULL ? t.p == NULL : http_text_eq(t, word);
}

static void
reads_requests_however_they_are_split(void)
{
	for (size_t i = 0; i < NELEMS(requests); i++)
		for (size_t step = 1; step <= requests[i].n; step++) {
			const char *name = requests[i].name;
			struct http_request r = { 0 };
			ssize_t len;

			len = request_by(&r, requests[i].in, requests[i].n,
			    step);
			CHECK(r.head.err == requests[i].err, "%s by %zu: %s",
			    name, step, http_err_text(r.head.err));
			CHECK((len > 0) == (requests[i].path != NULL),
			    "%s by %zu: %zd", name, step, len);
			if (len <= 0 || requests[i].path == NULL)
				continue;
			CHECK(r.method == requests[i].method, "%s: method %d",
			    name, r.method);
			CHECK(same(r.path, requests[i].path), "%s: path",
			    name);
			CHECK(same(r.query, requests[i].query), "%s: query",
			    name);
			CHECK(same(r.host, requests[i].host), "%s: host",
			    name);
			CHECK(r.head.body == requests[i].body, "%s: body %d",
			    name, r.head.body);
			CHECK(r.head.keep == !requests[i].closes, "%s: keep",
			    name);
		}
}

int
main(void)
{
	RUN(reads_requests_however_they_are_split);
	return unit_end();
}
