/* SPDX-License-Identifier: MIT */
#include "proto/http_body.h"

/* 1*DIGIT up to 2^63-1; the caller names the error. */
static enum http_err
number(struct http_text t, uint64_t *to)
{
	uint64_t v = 0;

	if (t.n == 0)
		return HTTP_E_LENGTH;
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] < '0' || t.p[i] > '9')
			return HTTP_E_LENGTH;
	for (size_t i = 0; i < t.n; i++) {
		if (v > (INT64_MAX - (uint64_t)(t.p[i] - '0')) / 10)
			return HTTP_E_LENGTH_BIG;
		v = v * 10 + (uint64_t)(t.p[i] - '0');
	}
	*to = v;
	return HTTP_OK;
}

/* RFC 9110 8.6: a list of one value repeated may be taken for the value. */
static enum http_err
same_number(struct http_text list, uint64_t *to, bool *have)
{
	while (true) {
		const char *comma = memchr(list.p, ',', list.n);
		struct http_text one = list;
		uint64_t v;
		enum http_err e;

		if (comma != NULL)
			one.n = (size_t)(comma - list.p);
		http_text_trim(&one);
		if ((e = number(one, &v)) != HTTP_OK)
			return e;
		if (*have && v != *to)
			return HTTP_E_LENGTH_DIFFER;
		*to = v;
		*have = true;
		if (comma == NULL)
			return HTTP_OK;
		list.n -= (size_t)(comma + 1 - list.p);
		list.p = comma + 1;
	}
}

int
http_body_length(struct http_head *h)
{
	const struct http_field *f = NULL;
	bool have = false;
	enum http_err e;

	while ((f = http_field_next(h, f, "content-length")) != NULL) {
		e = same_number(f->value, &h->length, &have);
		if (e != HTTP_OK)
			return http_head_bad(h, e);
	}
	return have;
}

int
http_body_coding(struct http_head *h)
{
	const struct http_field *f = NULL;
	struct http_text list, e = { NULL, 0 };
	unsigned chunked = 0, other = 0, fields = 0;
	bool last = false;

	while ((f = http_field_next(h, f, "transfer-encoding")) != NULL) {
		fields++;
		for (list = f->value; http_list_next(&list, &e);) {
			last = http_text_is(e, "chunked");
			chunked += last;
			other += !last;
		}
	}
	if (fields == 0)
		return 0;
	if (h->minor == 0)
		return http_head_bad(h, HTTP_E_CODING_1_0);
	if (chunked > 1)
		return http_head_bad(h, HTTP_E_CODING_TWICE);
	if (chunked == 1 && !last)
		return http_head_bad(h, HTTP_E_CODING_LAST);
	if (chunked == 0 || other > 0)
		return http_head_bad(h, HTTP_E_CODING);
	return 1;
}

bool
http_body_keeps(const struct http_head *h)
{
	if (http_list_has(h, "connection", "close"))
		return false;
	return h->minor > 0 || http_list_has(h, "connection", "keep-alive");
}
