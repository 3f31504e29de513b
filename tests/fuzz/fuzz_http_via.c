/* SPDX-License-Identifier: MIT */
/*
 * fuzz_http_via - heads that a proxy passes on.
 *
 * The first byte chooses request or reply. Holds: what goes on is a good head
 * by our own rules, in CR LF and without folds, that says the same of its
 * body, does not keep the connection, and comes by us; it grows by
 * HTTP_VIA_MORE at most.
 */
#include "base/base.h"
#include "base/buf.h"
#include "proto/http_request.h"
#include "proto/http_response.h"
#include "proto/http_via.h"

enum { FIELDS = 110, CEILING = 128 * KIB, REQUEST = 1, TO_HEAD = 2 };

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

/* What was good with 100 fields is read again with those of ours. */
static const struct http_limits more = {
	.start = 64 * KIB, .line = 64 * KIB, .head = CEILING,
	.fields = FIELDS,
};

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check_head(const struct http_head *was, const struct http_head *is, bool last)
{
	static const char *const gone[] = { "keep-alive", "proxy-connection",
		"te", "upgrade", "proxy-authorization" };

	HOLDS(is->body == was->body && is->length == was->length);
	HOLDS(is->minor == was->minor);
	HOLDS(!(is->notes & (HTTP_NOTE_LF | HTTP_NOTE_FOLD |
	    HTTP_NOTE_BOTH)));
	HOLDS(http_list_has(is, "connection", "close") == last);
	HOLDS(http_field_next(is, NULL, "via") != NULL);
	for (size_t i = 0; i < NELEMS(gone); i++)
		HOLDS(http_field_next(is, NULL, gone[i]) == NULL);
}

static void
check_request(const char *p, size_t n)
{
	struct http_field one[FIELDS], two[FIELDS];
	struct http_request r = { 0 }, again = { 0 };
	struct http_scan s = { 0 }, t = { 0 };
	struct buf b = BUF_MAX(CEILING);
	ssize_t len;

	http_head_init(&r.head, one, &http_limits_server);
	http_head_init(&again.head, two, &more);
	if ((len = http_request_parse(&r, &s, p, n)) > 0 &&
	    r.form == HTTP_FORM_ABSOLUTE) {
		HOLDS(http_via_request(&b, &r) == 0);
		HOLDS(b.len <= (size_t)len + HTTP_VIA_MORE);
		HOLDS(http_request_parse(&again, &t, buf_head(&b), b.len) ==
		    (ssize_t)b.len);
		HOLDS(again.method == r.method);
		HOLDS(again.form == HTTP_FORM_ORIGIN ||
		    again.form == HTTP_FORM_ASTERISK);
		HOLDS(again.host.n == r.host.n &&
		    memcmp(again.host.p, r.host.p, r.host.n) == 0);
		check_head(&r.head, &again.head, true);
	}
	buf_free(&b);
}

static void
check_response(const char *p, size_t n, bool to_head)
{
	struct http_field one[FIELDS], two[FIELDS];
	struct http_response r = { 0 }, again = { 0 };
	struct http_scan s = { 0 }, t = { 0 };
	struct buf b = BUF_MAX(CEILING);
	ssize_t len;

	http_head_init(&r.head, one, &http_limits_server);
	http_head_init(&again.head, two, &more);
	if ((len = http_response_parse(&r, &s, p, n, to_head)) > 0) {
		HOLDS(http_via_response(&b, &r) == 0);
		HOLDS(b.len <= (size_t)len + HTTP_VIA_MORE);
		HOLDS(http_response_parse(&again, &t, buf_head(&b), b.len,
		    to_head) == (ssize_t)b.len);
		HOLDS(again.status == r.status);
		check_head(&r.head, &again.head, r.status / 100 != 1);
	}
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] & REQUEST)
		check_request((const char *)data + 1, size - 1);
	else
		check_response((const char *)data + 1, size - 1,
		    data[0] & TO_HEAD);
	return 0;
}
