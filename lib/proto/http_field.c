/* SPDX-License-Identifier: MIT */
#include "proto/http_field.h"

#include "proto/http_head.h"

enum {
	V = 1,		/* visible: VCHAR and obs-text */
	T = 2,		/* tchar */
	R = 4,		/* reg-name: unreserved, sub-delims, "%" */
	B = 8,		/* SP, HTAB */
	D = 16,		/* DIGIT */
	X = 32,		/* hexadecimal digit */
};

/* clang-format off */
static const uint8_t class[256] = {
	['\t'] = B, [' '] = B,
	['!'] = V | T | R, ['"'] = V, ['#'] = V | T, ['$'] = V | T | R,
	['%'] = V | T | R, ['&'] = V | T | R, ['\''] = V | T | R,
	['('] = V | R, [')'] = V | R, ['*'] = V | T | R, ['+'] = V | T | R,
	[','] = V | R, ['-'] = V | T | R, ['.'] = V | T | R, ['/'] = V,
	['0' ... '9'] = V | T | R | D | X,
	[':'] = V, [';'] = V | R, ['<'] = V, ['='] = V | R, ['>'] = V,
	['?'] = V, ['@'] = V,
	['A' ... 'F'] = V | T | R | X, ['G' ... 'Z'] = V | T | R,
	['['] = V, ['\\'] = V, [']'] = V,
	['^'] = V | T, ['_'] = V | T | R, ['`'] = V | T,
	['a' ... 'f'] = V | T | R | X, ['g' ... 'z'] = V | T | R,
	['{'] = V, ['|'] = V | T, ['}'] = V, ['~'] = V | T | R,
	[0x80 ... 0xff] = V,
};
/* clang-format on */

/* How many bytes at the front are of one of the classes. */
static size_t
run_of(const char *p, size_t n, unsigned classes)
{
	size_t i = 0;

	while (i < n && (class[(uint8_t)p[i]] & classes))
		i++;
	return i;
}

size_t
http_token_len(const char *p, size_t n)
{
	return run_of(p, n, T);
}

bool
http_is_token(const char *p, size_t n)
{
	return n > 0 && run_of(p, n, T) == n;
}

bool
http_is_value(const char *p, size_t n)
{
	return run_of(p, n, V | B) == n;
}

bool
http_is_target(const char *p, size_t n)
{
	return n > 0 && run_of(p, n, V) == n;
}

/* "[" ... "]": what is inside is for the address parser; here, its letters. */
static size_t
ip_literal_len(const char *p, size_t n)
{
	size_t i = 1;

	while (i < n && ((class[(uint8_t)p[i]] & R) || p[i] == ':'))
		i++;
	return i > 1 && i < n && p[i] == ']' ? i + 1 : 0;
}

bool
http_is_host(const char *p, size_t n)
{
	size_t i;

	if (n == 0)
		return true;
	i = p[0] == '[' ? ip_literal_len(p, n) : run_of(p, n, R);
	if (i == 0)
		return false;
	if (i < n && p[i] == ':')
		i += 1 + run_of(p + i + 1, n - i - 1, D);
	return i == n;
}

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool
http_text_is(struct http_text t, const char *word)
{
	size_t i;

	for (i = 0; i < t.n && word[i] != '\0'; i++)
		if (lower(t.p[i]) != lower(word[i]))
			return false;
	return i == t.n && word[i] == '\0';
}

bool
http_text_eq(struct http_text t, const char *word)
{
	return strlen(word) == t.n &&
	    (t.n == 0 || memcmp(t.p, word, t.n) == 0);
}

const struct http_field *
http_field_next(const struct http_head *h, const struct http_field *after,
    const char *name)
{
	const struct http_field *f = after != NULL ? after + 1 : h->field;

	for (; f < h->field + h->nfields; f++)
		if (http_text_is(f->name, name))
			return f;
	return NULL;
}

struct http_text
http_field_value(const struct http_head *h, const char *name)
{
	const struct http_field *f = http_field_next(h, NULL, name);

	return f != NULL ? f->value : (struct http_text){ NULL, 0 };
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void
http_text_trim(struct http_text *t)
{
	while (t->n > 0 && is_blank(*t->p)) {
		t->p++;
		t->n--;
	}
	while (t->n > 0 && is_blank(t->p[t->n - 1]))
		t->n--;
}

/* Where the element ends: a comma outside of quotes, or the end. */
static size_t
element_len(const char *p, size_t n)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] == '"')
			quoted = !quoted;
		else if (quoted && p[i] == '\\' && i + 1 < n)
			i++;
		else if (!quoted && p[i] == ',')
			break;
	}
	return i;
}

bool
http_list_next(struct http_text *list, struct http_text *e)
{
	while (list->n > 0 && (is_blank(*list->p) || *list->p == ',')) {
		list->p++;
		list->n--;
	}
	if (list->n == 0)
		return false;
	e->p = list->p;
	e->n = element_len(list->p, list->n);
	list->p += e->n;
	list->n -= e->n;
	http_text_trim(e);
	return true;
}

bool
http_list_has(const struct http_head *h, const char *name, const char *word)
{
	const struct http_field *f = NULL;
	struct http_text list, e;

	while ((f = http_field_next(h, f, name)) != NULL)
		for (list = f->value; http_list_next(&list, &e);)
			if (http_text_is(e, word))
				return true;
	return false;
}
