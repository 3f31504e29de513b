/* SPDX-License-Identifier: MIT */
#include "fetch/request.h"

#include "base/buf.h"
#include "proto/http_field.h"

/* "Name: value" taken apart; the value is NULL in "Name;" and "Name:". */
struct split {
	struct http_text name, value;
	bool		 empty;		/* "Name;" */
};

static struct split
split(const char *s)
{
	struct split f = { .name = { s, strcspn(s, ":;") } };
	const char *behind = s + f.name.n;

	f.empty = *behind == ';';
	if (*behind != '\0')
		f.value = (struct http_text){ behind + 1, strlen(behind + 1) };
	http_text_trim(&f.value);
	return f;
}

const char *
request_field_bad(const char *s)
{
	struct split f = split(s);
	const char *behind = s + f.name.n;

	if (*behind == '\0')
		return "not 'Name: value', 'Name:' or 'Name;'";
	if (!http_is_token(f.name.p, f.name.n))
		return "not a field: its name is not a token";
	if (!http_is_value(behind + 1, strlen(behind + 1)))
		return "not a field: its value has a control character";
	if (f.empty && f.value.n > 0)
		return "not a field: nothing may follow 'Name;'";
	return NULL;
}

static int
add_field(struct buf *b, const struct split *f)
{
	if (f->value.n == 0 && !f->empty)
		return 0;
	return buf_printf(b, "%.*s:%s%.*s\r\n", (int)f->name.n, f->name.p,
	    f->empty ? "" : " ", (int)f->value.n, f->value.p);
}

/* The user's fields of this name; if there are none, the default. */
static int
add_default(struct buf *b, const struct request *r, const char *name,
    const char *value)
{
	bool any = false;

	for (size_t i = 0; i < r->nfields; i++) {
		struct split f = split(r->fields[i]);

		if (!http_text_is(f.name, name))
			continue;
		any = true;
		if (add_field(b, &f) < 0)
			return -1;
	}
	return any ? 0 : buf_printf(b, "%s: %s\r\n", name, value);
}

static int
add_others(struct buf *b, const struct request *r)
{
	for (size_t i = 0; i < r->nfields; i++) {
		struct split f = split(r->fields[i]);

		if (http_text_is(f.name, "Host") ||
		    http_text_is(f.name, "User-Agent") ||
		    http_text_is(f.name, "Connection"))
			continue;
		if (add_field(b, &f) < 0)
			return -1;
	}
	return 0;
}

int
request_head(struct buf *b, const struct request *r, struct why *why)
{
	const char *scheme = r->absolute ? "http://" : "";

	if (buf_printf(b, "%s %s%s%s HTTP/1.1\r\n", r->method, scheme,
	    r->absolute ? r->host : "", r->target) < 0 ||
	    add_default(b, r, "Host", r->host) < 0 ||
	    add_default(b, r, "User-Agent", "sockt/" VERSION) < 0 ||
	    add_default(b, r, "Connection", "close") < 0 ||
	    (r->login != NULL && buf_printf(b, "Proxy-Authorization: %s\r\n",
	    r->login) < 0) ||
	    add_others(b, r) < 0 || buf_add(b, "\r\n", 2) < 0)
		return why_set(why, WHY_USAGE, 0,
		    "the request is longer than %zu bytes", b->max);
	return 0;
}
