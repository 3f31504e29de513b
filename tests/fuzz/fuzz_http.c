/* SPDX-License-Identifier: MIT */
/*
 * fuzz_http - heads of requests and replies.
 *
 * The first byte chooses what is parsed and by which limits, the second how
 * the rest is split. Holds: the verdict, and all that a good head says, are
 * the same however the input was split; every slice lies inside of the head;
 * names are tokens; lists end.
 */
#include "base/base.h"
#include "proto/http_request.h"
#include "proto/http_response.h"

enum { FIELDS = 1000, REQUEST = 1, TO_HEAD = 2, SMALL = 4 };

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

static const struct http_limits small = {
	.start = 24, .line = 16, .head = 64, .fields = 3,
};

union any {
	struct http_head head;	/* both begin with it */
	struct http_request req;
	struct http_response res;
};

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static ssize_t
parse(union any *u, struct http_scan *s, const char *p, size_t n,
    unsigned mode)
{
	if (mode & REQUEST)
		return http_request_parse(&u->req, s, p, n);
	return http_response_parse(&u->res, s, p, n, mode & TO_HEAD);
}

static void
start(union any *u, struct http_field *f, unsigned mode)
{
	memset(u, 0, sizeof *u);
	http_head_init(&u->head, f, mode & SMALL ? &small
	    : mode & REQUEST ? &http_limits_server : &http_limits_client);
}

static void
inside(struct http_text t, const char *p, ssize_t len)
{
	HOLDS(t.p == NULL || (t.p >= p && t.p + t.n <= p + len));
}

static void
check_fields(const union any *u, const char *p, ssize_t len)
{
	HOLDS(u->head.nfields <= u->head.limits->fields);
	for (unsigned i = 0; i < u->head.nfields; i++) {
		const struct http_field *f = &u->head.field[i];
		struct http_text list = f->value, e;
		size_t n = 0;

		inside(f->name, p, len);
		inside(f->value, p, len);
		HOLDS(http_is_token(f->name.p, f->name.n));
		HOLDS(memchr(f->value.p, '\0', f->value.n) == NULL);
		for (; http_list_next(&list, &e); n++) {
			inside(e, f->value.p, (ssize_t)f->value.n);
			HOLDS(e.n > 0);
		}
		HOLDS(n <= f->value.n);
	}
}

static void
check_good(const union any *u, const char *p, ssize_t len, unsigned mode)
{
	HOLDS(u->head.err == HTTP_OK && u->head.minor <= 1);
	HOLDS(p[len - 1] == '\n');
	HOLDS((uint32_t)len <= u->head.limits->head);
	HOLDS(u->head.length <= INT64_MAX);
	check_fields(u, p, len);
	if (mode & REQUEST) {
		inside(u->req.verb, p, len);
		inside(u->req.target, p, len);
		inside(u->req.query, p, len);
		inside(u->req.host, p, len);
		HOLDS(http_is_host(u->req.host.p, u->req.host.n));
		HOLDS(u->req.path.n == 0 || *u->req.path.p == '/');
		HOLDS(u->head.body != HTTP_BODY_CLOSE);
	} else {
		inside(u->res.reason, p, len);
		HOLDS(u->res.status <= 999);
		HOLDS(!(mode & TO_HEAD) || u->head.body == HTTP_BODY_NONE);
	}
}

/* The same pieces, each in an own allocation of its exact size. */
static ssize_t
in_pieces(union any *u, const char *p, size_t n, unsigned seed, unsigned mode)
{
	struct http_scan s = { 0 };
	ssize_t len = 0;

	for (size_t given = 0; given < n && len == 0;) {
		size_t step = 1 + seed % 7;
		char *part;

		given = step < n - given ? given + step : n;
		seed = seed * 5 + 1;
		if ((part = malloc(given)) == NULL)
			return 0;
		memcpy(part, p, given);
		len = parse(u, &s, part, given, mode);
		if (len > 0)
			check_good(u, part, len, mode);
		free(part);
	}
	return len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct http_field one[FIELDS], two[FIELDS];
	struct http_scan s = { 0 };
	union any whole, split;
	ssize_t len;
	const char *p = (const char *)data + 2;

	if (size < 2 || size > 4 * KIB)
		return 0;
	start(&whole, one, data[0]);
	start(&split, two, data[0]);
	len = parse(&whole, &s, p, size - 2, data[0]);
	if (len > 0)
		check_good(&whole, p, len, data[0]);
	HOLDS(in_pieces(&split, p, size - 2, data[1], data[0]) == len);
	HOLDS(whole.head.err == split.head.err);
	if (len <= 0)
		return 0;
	HOLDS(whole.head.nfields == split.head.nfields);
	HOLDS(whole.head.notes == split.head.notes);
	HOLDS(whole.head.body == split.head.body);
	HOLDS(whole.head.length == split.head.length);
	HOLDS(whole.head.keep == split.head.keep);
	return 0;
}
