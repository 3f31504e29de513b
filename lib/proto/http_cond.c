/* SPDX-License-Identifier: MIT */
#include "proto/http_cond.h"

#include "proto/http_date.h"

/* etagc of RFC 9110 8.8.3: no quote, no space, no control. */
static bool
tag_byte(char c)
{
	return c == 0x21 || (unsigned char)c >= 0x80 ||
	    (c >= 0x23 && c <= 0x7e);
}

/*
 * Reads one entity tag; *weak and *tag (with its quotes) say what it is. The
 * rest of the value comes back, NULL if there is no tag at s.
 */
static const char *
entity_tag(const char *s, const char *end, bool *weak,
    struct http_cond_field *tag)
{
	*weak = end - s >= 2 && s[0] == 'W' && s[1] == '/';
	if (*weak)
		s += 2;
	if (s == end || *s != '"')
		return NULL;
	tag->s = s++;
	while (s < end && tag_byte(*s))
		s++;
	if (s == end || *s != '"')
		return NULL;
	tag->n = (size_t)(++s - tag->s);
	return s;
}

static bool
same(const struct http_cond_field *f, const char *etag)
{
	return f->n == strlen(etag) && memcmp(f->s, etag, f->n) == 0;
}

static const char *
skip(const char *s, const char *end, const char *set)
{
	while (s < end && *s != '\0' && strchr(set, *s) != NULL)
		s++;
	return s;
}

/*
 * Whether "*" or a list of tags names ours (8.8.3.2). A malformed list names
 * what was well-formed before the fault.
 */
static bool
matches(const struct http_cond_field *f, const char *etag, bool strong)
{
	const char *s = f->s, *end = f->s + f->n;
	struct http_cond_field tag;
	bool weak;

	if (f->n == 1 && *s == '*')
		return true;
	for (;;) {
		s = skip(s, end, " \t,");
		s = entity_tag(s, end, &weak, &tag);
		if (s == NULL)
			return false;
		if (same(&tag, etag) && !(strong && weak))
			return true;
		s = skip(s, end, " \t");
		if (s < end && *s != ',')
			return false;
	}
}

/* False too if there is no field or its value is no date. */
static bool
date(const struct http_cond_field *f, int64_t now, int64_t *t)
{
	return f->s != NULL && http_date_parse(f->s, f->n, now, t) == 0;
}

/*
 * 13.1.5: a tag compares strongly; a date must be exactly ours, and is a
 * strong validator only if the file has been at rest for a second (8.8.2.2).
 */
static bool
range_applies(const struct http_cond_field *f,
    const struct http_cond_file *file)
{
	struct http_cond_field tag;
	const char *rest;
	bool weak;
	int64_t t;

	if (date(f, file->now, &t))
		return t == file->modified && file->modified < file->now;
	rest = entity_tag(f->s, f->s + f->n, &weak, &tag);
	return rest == f->s + f->n && !weak && same(&tag, file->etag);
}

enum http_cond_verdict
http_cond(const struct http_cond *c, const struct http_cond_file *file)
{
	int64_t t;

	if (c->if_match.s != NULL) {
		if (!matches(&c->if_match, file->etag, true))
			return HTTP_COND_FAILED;
	} else if (date(&c->if_unmodified_since, file->now, &t) &&
	    file->modified > t) {
		return HTTP_COND_FAILED;
	}
	if (c->if_none_match.s != NULL) {
		if (matches(&c->if_none_match, file->etag, false))
			return HTTP_COND_SAME;
	} else if (date(&c->if_modified_since, file->now, &t) &&
	    file->modified <= t) {
		return HTTP_COND_SAME;
	}
	if (c->if_range.s != NULL && !range_applies(&c->if_range, file))
		return HTTP_COND_WHOLE;
	return HTTP_COND_GO;
}
