/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "proto/http_request.h"
#include "proto/http_response.h"

enum { FIELDS = 1000 };

#define S(text) text, sizeof text - 1
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static struct http_field fields[FIELDS];

/* The whole of a reply. */
static ssize_t
reply(struct http_response *r, const char *in, size_t n)
{
	struct http_scan s = { 0 };

	http_head_init(&r->head, fields, &http_limits_client);
	return http_response_parse(r, &s, in, n, false);
}

/* A request, `step` bytes more each time. */
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

/* before, n times fill, after */

static const struct {
	const char	*name, *before, *fill;
	size_t		 n;
	const char	*after;
	enum http_err	 err;
} limits[] = {
	{ "a request line of 8,000", "GET /", "a", 7986,
	    " HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
	{ "a request line of 16 KiB", "GET /", "a", 16 * KIB - 14,
	    " HTTP/1.1\r\nHost: a\r\n\r\n", 0 },
	{ "one byte more", "GET /", "a", 16 * KIB - 13,
	    " HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_E_START_LONG },
	{ "one byte more, with LF alone", "GET /", "a", 16 * KIB - 13,
	    " HTTP/1.1\nHost: a\n\n", HTTP_E_START_LONG },
	{ "an endless method", "", "X", 70000, "", HTTP_E_START_LONG },
	{ "a field of 16 KiB", "GET / HTTP/1.1\r\nHost: a\r\nX:", "v",
	    16 * KIB - 2, "\r\n\r\n", 0 },
	{ "a field of one more", "GET / HTTP/1.1\r\nHost: a\r\nX:", "v",
	    16 * KIB - 1, "\r\n\r\n", HTTP_E_LINE_LONG },
	{ "99 fields and Host", "GET / HTTP/1.1\r\nHost: a\r\n", "X: v\r\n",
	    99, "\r\n", 0 },
	{ "100 fields and Host", "GET / HTTP/1.1\r\nHost: a\r\n", "X: v\r\n",
	    100, "\r\n", HTTP_E_FIELDS },
	{ "10,000 fields", "GET / HTTP/1.1\r\nHost: a\r\n", "X: v\r\n",
	    10000, "\r\n", HTTP_E_FIELDS },
	{ "more than 64 KiB in all", "GET / HTTP/1.1\r\nHost: a\r\n",
	    "X: " HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
	    "\r\n",
	    98, "\r\n", HTTP_E_HEAD_LONG },
	{ "empty lines without end", "", "\r\n", 40000, "",
	    HTTP_E_HEAD_LONG },
};

static void
holds_heads_to_their_limits(void)
{
	for (size_t i = 0; i < NELEMS(limits); i++) {
		size_t b = strlen(limits[i].before), f =
		    strlen(limits[i].fill), a = strlen(limits[i].after);
		size_t n = b + f * limits[i].n + a;
		char *in = malloc(n);

		if (in == NULL)
			abort();
		memcpy(in, limits[i].before, b);
		for (size_t k = 0; k < limits[i].n; k++)
			memcpy(in + b + k * f, limits[i].fill, f);
		memcpy(in + n - a, limits[i].after, a);
		for (size_t step = 1; step <= n; step += n / 3) {
			struct http_request r = { 0 };
			ssize_t len = request_by(&r, in, n, step);

			CHECK(r.head.err == limits[i].err, "%s by %zu: %s",
			    limits[i].name, step, http_err_text(r.head.err));
			CHECK((len > 0) == (limits[i].err == 0),
			    "%s by %zu: %zd", limits[i].name, step, len);
		}
		free(in);
	}
}

static void
finds_fields_and_what_they_list(void)
{
	static const char in[] = "HTTP/1.1 200 OK\r\n"
	    "Connection: a ,, b\r\nX: 1\r\nconnection: \"c,d\", e\\,f\r\n"
	    "x:   two words \r\n\r\n";
	static const char *const want[] = { "a", "b", "\"c,d\"", "e\\", "f" };
	const struct http_field *f = NULL;
	struct http_response r;
	struct http_text list, e;
	size_t n = 0;

	CHECK(reply(&r, in, sizeof in - 1) > 0, "parse");
	CHECK(r.head.nfields == 4, "%u fields", r.head.nfields);
	while ((f = http_field_next(&r.head, f, "CONNECTION")) != NULL)
		for (list = f->value; http_list_next(&list, &e); n++)
			CHECK(n < NELEMS(want) && http_text_eq(e, want[n]),
			    "element %zu is '%.*s'", n, (int)e.n, e.p);
	CHECK(n == NELEMS(want), "%zu elements", n);
	CHECK(http_list_has(&r.head, "connection", "B"), "b");
	CHECK(!http_list_has(&r.head, "connection", "c"), "c");
	CHECK(http_text_eq(http_field_value(&r.head, "X"), "1"), "first X");
	CHECK(http_field_value(&r.head, "Y").p == NULL, "no Y");
	CHECK(http_text_eq(r.reason, "OK"), "reason");
	f = http_field_next(&r.head, http_field_next(&r.head, NULL, "x"),
	    "x");
	CHECK(f != NULL && http_text_eq(f->value, "two words"), "second X");
}

static void
a_folded_value_is_one_list(void)
{
	static const char in[] = "HTTP/1.1 200 OK\r\nConnection: a,\r\n"
	    "\t close\r\nY:\r\n z\r\n\r\n";
	struct http_response r;

	CHECK(reply(&r, in, sizeof in - 1) > 0, "parse");
	CHECK(http_list_has(&r.head, "connection", "close"), "close");
	CHECK(http_text_eq(http_field_value(&r.head, "y"), "z"), "y");
	CHECK(!r.head.keep, "keep");
}

static void
tells_tokens_values_and_hosts(void)
{
	CHECK(http_is_token(S("X-A!#$%&'*+.^_`|~9")), "token");
	CHECK(!http_is_token("", 0) && !http_is_token(S("a b")) &&
	    !http_is_token(S("a:")), "no token");
	CHECK(http_is_value(S("")) && http_is_value(S("a\tb \xff")), "value");
	CHECK(!http_is_value(S("a\rb")) && !http_is_value(S("a\nb")) &&
	    !http_is_value(S("a\0b")) && !http_is_value(S("\x1b")),
	    "no value");
	CHECK(http_is_host(S("")) && http_is_host(S("a.b")) &&
	    http_is_host(S("a:")) && http_is_host(S("127.0.0.1:80")), "host");
	CHECK(!http_is_host(S("a,b/c")) && !http_is_host(S("[]")) &&
	    !http_is_host(S("[::1]x")), "no host");
}

static void
every_error_has_words_and_a_status(void)
{
	for (unsigned e = HTTP_OK + 1; e < HTTP_ERRS; e++) {
		int status = http_err_status(e);

		CHECK(*http_err_text(e) != '\0', "%u", e);
		CHECK(http_status_name((unsigned)status) != NULL &&
		    status >= 400, "%s: %d", http_err_text(e), status);
	}
	CHECK(http_err_status(HTTP_E_START_LONG) == 414, "414");
	CHECK(http_err_status(HTTP_E_FIELDS) == 431, "431");
	CHECK(http_err_status(HTTP_E_CODING) == 501, "501");
	CHECK(http_err_status(HTTP_E_VERSION) == 505, "505");
	CHECK(http_err_status(HTTP_E_SCHEME) == 421, "421");
	for (unsigned bit = 1; bit <= HTTP_NOTE_BOTH; bit <<= 1)
		CHECK(*http_note_text(bit) != '\0', "note %u", bit);
}

int
main(void)
{
	RUN(holds_heads_to_their_limits);
	RUN(finds_fields_and_what_they_list);
	RUN(a_folded_value_is_one_list);
	RUN(tells_tokens_values_and_hosts);
	RUN(every_error_has_words_and_a_status);
	return unit_end();
}
