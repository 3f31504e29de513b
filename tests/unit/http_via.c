/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "base/buf.h"
#include "proto/http_extent.h"
#include "proto/http_request.h"
#include "proto/http_response.h"
#include "proto/http_via.h"

enum { FIELDS = 100, CEILING = 4 * KIB };

#define GET(fields) "GET http://a/x HTTP/1.1\r\nHost: a\r\n" fields "\r\n"
#define GOES(fields) "GET /x HTTP/1.1\r\nHost: a\r\n" fields		\
	    "Via: 1.1 sockt\r\nConnection: close\r\n\r\n"
#define POST(fields) "POST http://a/ HTTP/1.1\r\nHost: a\r\n" fields "\r\n"
#define POSTED(fields) "POST / HTTP/1.1\r\nHost: a\r\n" fields		\
	    "Via: 1.1 sockt\r\nConnection: close\r\n\r\n"

static struct http_field fields[FIELDS];

static const struct {
	const char *name, *in, *out;
} requests[] = {
	{ "plain", GET(""), GOES("") },
	{ "the target's host counts", "GET http://b:81/x?y HTTP/1.1\r\n"
	    "A: 1\r\nHost: a\r\n\r\n", "GET /x?y HTTP/1.1\r\nHost: b:81\r\n"
	    "A: 1\r\nVia: 1.1 sockt\r\nConnection: close\r\n\r\n" },
	{ "no path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: a\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "a query alone", "GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n",
	    "GET /?q HTTP/1.1\r\nHost: a\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "OPTIONS of all", "OPTIONS http://a:8 HTTP/1.1\r\nHost: a\r\n\r\n",
	    "OPTIONS * HTTP/1.1\r\nHost: a:8\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "OPTIONS of one", "OPTIONS http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
	    "OPTIONS / HTTP/1.1\r\nHost: a\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "HTTP/1.0", "GET http://a/ HTTP/1.0\r\n\r\n",
	    "GET / HTTP/1.0\r\nHost: a\r\nVia: 1.0 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "IPv6", "GET http://[::1]:80/ HTTP/1.1\r\nHost: a\r\n\r\n",
	    "GET / HTTP/1.1\r\nHost: [::1]:80\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "another method", "BREW http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
	    "BREW / HTTP/1.1\r\nHost: a\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n" },
	{ "LF alone", "GET http://a/x HTTP/1.1\nHost: a\nB:c\n\n",
	    GOES("B: c\r\n") },
	{ "hop by hop", GET("A: 1\r\nProxy-Connection: keep-alive\r\n"
	    "Keep-Alive: 5\r\nTE: trailers\r\nUpgrade: h2c\r\n"
	    "PROXY-AUTHORIZATION: Basic eDp5\r\nB: 2\r\n"),
	    GOES("A: 1\r\nB: 2\r\n") },
	{ "as Connection names", GET("A: 1\r\nConnection: b , A\r\nB: 2\r\n"
	    "C: 3\r\nConnection: keep-alive,c\r\nAB: 4\r\n"),
	    GOES("AB: 4\r\n") },
	{ "end to end", GET("Authorization: x\r\nCookie: y\r\n"
	    "Trailer: z\r\nExpect: 100-continue\r\n"),
	    GOES("Authorization: x\r\nCookie: y\r\nTrailer: z\r\n"
	    "Expect: 100-continue\r\n") },
	{ "Via behind others", GET("Via: 1.0 x\r\nA: 1\r\n"),
	    GOES("Via: 1.0 x\r\nA: 1\r\n") },
	{ "a length", POST("Content-Length: 007\r\nA: 1\r\n"),
	    POSTED("A: 1\r\nContent-Length: 7\r\n") },
	{ "a length twice", POST("Content-Length: 7, 7\r\n"
	    "Content-Length: 7\r\n"), POSTED("Content-Length: 7\r\n") },
	{ "of nothing", POST("Content-Length: 0\r\n"),
	    POSTED("Content-Length: 0\r\n") },
	{ "chunks", POST("transfer-encoding: , Chunked\r\n"),
	    POSTED("Transfer-Encoding: chunked\r\n") },
	{ "framing cannot be named away", POST("Content-Length: 7\r\n"
	    "Connection: content-length, host\r\n"),
	    POSTED("Content-Length: 7\r\n") },
	{ "nor chunks", POST("Transfer-Encoding: chunked\r\n"
	    "Connection: Transfer-Encoding\r\n"),
	    POSTED("Transfer-Encoding: chunked\r\n") },
};

static const struct {
	const char *name, *in, *out;
	bool to_head;
} responses[] = {
	{ "plain", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n", false },
	{ "HTTP/1.0, no reason", "HTTP/1.0 404\r\nA:b\r\n\r\n",
	    "HTTP/1.0 404 \r\nA: b\r\nVia: 1.0 sockt\r\n"
	    "Connection: close\r\n\r\n", false },
	{ "interim", "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n",
	    "HTTP/1.1 103 Early\r\nLink: x\r\nVia: 1.1 sockt\r\n\r\n",
	    false },
	{ "hop by hop", "HTTP/1.1 200 OK\r\nConnection: keep-alive, A\r\n"
	    "A: 1\r\nKeep-Alive: 5\r\nUpgrade: h2c\r\nB: 2\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n"
	    "B: 2\r\nTransfer-Encoding: chunked\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n", false },
	{ "chunks before a length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n"
	    "Transfer-Encoding: chunked\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n", false },
	{ "named away", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n"
	    "Connection: Content-Length, Transfer-Encoding\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n", false },
	{ "folded", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nA: b   c\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n", false },
	{ "to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nVia: 1.1 sockt\r\n"
	    "Connection: close\r\n\r\n", true },
};

static void
is(const char *name, int r, struct buf *b, const char *want)
{
	CHECK(r == 0 && b->len == strlen(want) &&
	    memcmp(buf_head(b), want, b->len) == 0, "%s: %d, %.*s", name, r,
	    (int)b->len, b->len > 0 ? buf_head(b) : "");
	buf_free(b);
}

static void
test_requests_go_on(void)
{
	for (size_t i = 0; i < NELEMS(requests); i++) {
		struct buf b = BUF_MAX(CEILING);
		struct http_request r = { 0 };
		struct http_scan s = { 0 };
		const char *in = requests[i].in;

		http_head_init(&r.head, fields, &http_limits_server);
		CHECK(http_request_parse(&r, &s, in, strlen(in)) > 0,
		    "%s: is none", requests[i].name);
		is(requests[i].name, http_via_request(&b, &r), &b,
		    requests[i].out);
	}
}

static void
test_replies_go_on(void)
{
	for (size_t i = 0; i < NELEMS(responses); i++) {
		struct buf b = BUF_MAX(CEILING);
		struct http_response r = { 0 };
		struct http_scan s = { 0 };
		const char *in = responses[i].in;

		http_head_init(&r.head, fields, &http_limits_server);
		CHECK(http_response_parse(&r, &s, in, strlen(in),
		    responses[i].to_head) > 0, "%s: is none",
		    responses[i].name);
		is(responses[i].name, http_via_response(&b, &r), &b,
		    responses[i].out);
	}
}

static void
test_there_is_a_ceiling(void)
{
	const char in[] = GET("A: 1\r\n");
	size_t whole = strlen(GOES("A: 1\r\n"));
	struct http_request r = { 0 };
	struct http_scan s = { 0 };

	http_head_init(&r.head, fields, &http_limits_server);
	CHECK(http_request_parse(&r, &s, in, sizeof in - 1) > 0, "is none");
	for (size_t max = 1; max <= whole + 1; max++) {
		struct buf b = BUF_MAX(max);

		if (max != whole)	/* a byte more may be wanted */
			CHECK((http_via_request(&b, &r) == 0) == (max > whole),
			    "%zu of %zu", max, whole);
		buf_free(&b);
	}
}

static const struct {
	const char	*name;
	struct http_head head;
	const char	*in;
	ssize_t		 n;		/* of all; -1: an error */
	bool		 done;
} bodies[] = {
	{ "none", { .body = HTTP_BODY_NONE }, "GET", 0, true },
	{ "a length", { .body = HTTP_BODY_LENGTH, .length = 3 }, "abcGET", 3,
	    true },
	{ "all of it", { .body = HTTP_BODY_LENGTH, .length = 3 }, "abc", 3,
	    true },
	{ "a part", { .body = HTTP_BODY_LENGTH, .length = 9 }, "abc", 3,
	    false },
	{ "chunks", { .body = HTTP_BODY_CHUNKED }, "1\r\na\r\n0\r\n\r\nGET",
	    11, true },
	{ "with a trailer", { .body = HTTP_BODY_CHUNKED },
	    "0\r\nA: b\r\n\r\nGET", 11, true },
	{ "a part of them", { .body = HTTP_BODY_CHUNKED }, "1\r\na\r\n0", 7,
	    false },
	{ "bad ones", { .body = HTTP_BODY_CHUNKED }, "1\r\nab\r\n", -1,
	    false },
	{ "to the end", { .body = HTTP_BODY_CLOSE }, "abc", 3, false },
};

/* In pieces of any size. */
static void
test_a_body_has_an_end(void)
{
	for (size_t i = 0; i < NELEMS(bodies); i++)
		for (size_t step = 1; step <= strlen(bodies[i].in); step++) {
			const char *in = bodies[i].in;
			size_t at = 0, len = strlen(in), most;
			struct http_extent x;
			ssize_t n = 0, all = 0;

			http_extent_init(&x, &bodies[i].head);
			for (; at < len && n >= 0; at += step) {
				most = len - at < step ? len - at : step;
				n = http_extent(&x, in + at, most);
				all = n < 0 ? -1 : all + n;
			}
			CHECK(all == bodies[i].n && x.done == bodies[i].done,
			    "%s by %zu: %zd %d", bodies[i].name, step, all,
			    x.done);
		}
}

int
main(void)
{
	RUN(test_requests_go_on);
	RUN(test_replies_go_on);
	RUN(test_there_is_a_ceiling);
	RUN(test_a_body_has_an_end);
	return unit_end();
}
