/* SPDX-License-Identifier: MIT */
#include "proto/http_auth.h"

#include "proto/base64.h"

enum {
	PAIR = 2 * 256,		/* "user:password" */
	HEX = 2 * HTTP_AUTH_HASH + 1,
	TEXT = 4 * HTTP_AUTH_PARAM,	/* what is hashed, at most */
};

const char *
http_auth_name(enum http_auth how)
{
	static const char *const names[] = {
		"none", "basic", "digest MD5", "digest SHA-256",
	};

	return names[how];
}

/* --- what is asked --- */

/* What may stand between quotes: it will be sent back so. */
static bool
quotable(struct http_text v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '"' || (v.p[i] == '\\' && ++i == v.n))
			return false;
		if ((unsigned char)v.p[i] < ' ' || v.p[i] == 0x7f)
			return false;
	}
	return true;
}

static bool
keep(char dst[static HTTP_AUTH_PARAM], struct http_text v)
{
	if (v.n >= HTTP_AUTH_PARAM || !quotable(v))
		return false;
	memcpy(dst, v.p, v.n);
	dst[v.n] = '\0';
	return true;
}

/* "auth" in "auth,auth-int" */
static bool
lists(struct http_text list, const char *word)
{
	struct http_text e;

	while (http_list_next(&list, &e))
		if (http_text_is(e, word))
			return true;
	return false;
}

static enum http_auth
algorithm(struct http_text v)
{
	return http_text_is(v, "MD5") ? HTTP_AUTH_MD5 :
	    http_text_is(v, "SHA-256") ? HTTP_AUTH_SHA256 : HTTP_AUTH_NONE;
}

static void
take_param(struct http_challenge *c, struct http_text name,
    struct http_text v)
{
	bool kept = true;

	if (v.n > 1 && v.p[0] == '"' && v.p[v.n - 1] == '"')
		v = (struct http_text){ v.p + 1, v.n - 2 };
	if (http_text_is(name, "realm"))
		kept = keep(c->realm, v);
	else if (http_text_is(name, "nonce"))
		kept = keep(c->nonce, v);
	else if (http_text_is(name, "opaque"))
		kept = keep(c->opaque, v);
	else if (http_text_is(name, "stale"))
		c->stale = http_text_is(v, "true");
	else if (http_text_is(name, "qop") && c->how > HTTP_AUTH_BASIC) {
		c->qop = lists(v, "auth");
		kept = c->qop;
	} else if (http_text_is(name, "algorithm") &&
	    c->how > HTTP_AUTH_BASIC) {
		c->how = algorithm(v);
		c->algorithm = true;
	}
	if (!kept)
		c->how = HTTP_AUTH_NONE;
}

static void
better(struct http_challenge *best, const struct http_challenge *c)
{
	if (c->how > best->how &&
	    (c->how == HTTP_AUTH_BASIC || c->nonce[0] != '\0'))
		*best = *c;
}

/*
 * RFC 9110 11.6.1: a list of "scheme" [ SP params ], whose params are parted
 * by commas as well. A word that '=' follows belongs to the scheme before it.
 */
static void
take_field(struct http_challenge *best, struct http_text list)
{
	struct http_challenge c = { .how = HTTP_AUTH_NONE };
	struct http_text e;

	while (http_list_next(&list, &e)) {
		size_t n = http_token_len(e.p, e.n), eq = n;

		while (eq < e.n && (e.p[eq] == ' ' || e.p[eq] == '\t'))
			eq++;
		if (eq == e.n || e.p[eq] != '=') {
			struct http_text scheme = { e.p, n };

			better(best, &c);
			c = (struct http_challenge){ .how =
			    http_text_is(scheme, "Digest") ? HTTP_AUTH_MD5 :
			    http_text_is(scheme, "Basic") ? HTTP_AUTH_BASIC :
			    HTTP_AUTH_NONE };
			e = (struct http_text){ e.p + eq, e.n - eq };
			n = eq = http_token_len(e.p, e.n);
			while (eq < e.n && (e.p[eq] == ' ' ||
			    e.p[eq] == '\t'))
				eq++;
		}
		if (eq < e.n && e.p[eq] == '=') {
			struct http_text v = { e.p + eq + 1, e.n - eq - 1 };

			http_text_trim(&v);
			take_param(&c, (struct http_text){ e.p, n }, v);
		}
	}
	better(best, &c);
}

void
http_challenge_best(struct http_challenge *best, const struct http_head *h,
    const char *name)
{
	const struct http_field *f = NULL;

	*best = (struct http_challenge){ .how = HTTP_AUTH_NONE };
	while ((f = http_field_next(h, f, name)) != NULL)
		take_field(best, f->value);
}

/* --- what is answered --- */

static int
basic(char *dst, size_t size, const struct http_credentials *c)
{
	char pair[PAIR];
	int n = snprintf(pair, sizeof pair, "%s:%s", c->user, c->pass);
	size_t len = BASE64_LEN((size_t)n);

	/* RFC 7617 2: a user-id with a colon cannot be encoded. */
	if (strchr(c->user, ':') != NULL || (size_t)n >= sizeof pair ||
	    sizeof "Basic " + len > size)
		return -1;
	memcpy(dst, "Basic ", 6);
	base64_encode(dst + 6, pair, (size_t)n);
	dst[6 + len] = '\0';
	return (int)(6 + len);
}

/* The hash of a text, as hexadecimal digits in lower case. */
static int
hash_hex(char dst[static HEX], const struct http_challenge *ch,
    const struct http_credentials *c, const char *text)
{
	unsigned char hash[HTTP_AUTH_HASH];
	bool sha256 = ch->how == HTTP_AUTH_SHA256;

	if (c->hash(c->arg, sha256, text, strlen(text), hash) < 0)
		return -1;
	for (size_t i = 0; i < (sha256 ? 32 : 16); i++)
		snprintf(dst + 2 * i, 3, "%02x", hash[i]);
	return 0;
}

/* RFC 9110 5.6.4: a backslash stands for what follows it. */
static void
unquote(char *dst, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\\' && s[1] != '\0')
			s++;
		*dst++ = *s;
	}
	*dst = '\0';
}

static void
quote(char dst[static PAIR], const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && n + 2 < PAIR; s++) {
		if (*s == '"' || *s == '\\')
			dst[n++] = '\\';
		dst[n++] = *s;
	}
	dst[n] = '\0';
}

/* RFC 7616 3.4.1 */
static int
response(char dst[static HEX], const struct http_challenge *ch,
    const struct http_credentials *c)
{
	char a1[HEX], a2[HEX], realm[HTTP_AUTH_PARAM], text[TEXT];
	int n;

	unquote(realm, ch->realm);
	snprintf(text, sizeof text, "%s:%s:%s", c->user, realm, c->pass);
	if (hash_hex(a1, ch, c, text) < 0)
		return -1;
	n = snprintf(text, sizeof text, "%s:%s", c->method, c->target);
	if ((size_t)n >= sizeof text || hash_hex(a2, ch, c, text) < 0)
		return -1;
	if (ch->qop)
		snprintf(text, sizeof text, "%s:%s:00000001:%s:auth:%s", a1,
		    ch->nonce, c->cnonce, a2);
	else
		snprintf(text, sizeof text, "%s:%s:%s", a1, ch->nonce, a2);
	return hash_hex(dst, ch, c, text);
}

static int
digest(char *dst, size_t size, const struct http_challenge *ch,
    const struct http_credentials *c)
{
	char hex[HEX], user[PAIR], qop[128] = "";
	bool opaque = ch->opaque[0] != '\0';
	int n;

	if (response(hex, ch, c) < 0)
		return -1;
	quote(user, c->user);
	if (ch->qop)
		snprintf(qop, sizeof qop, ", qop=auth, nc=00000001, "
		    "cnonce=\"%s\"", c->cnonce);
	n = snprintf(dst, size, "Digest username=\"%s\", realm=\"%s\", "
	    "nonce=\"%s\", uri=\"%s\", response=\"%s\"%s%s%s%s%s", user,
	    ch->realm, ch->nonce, c->target, hex, qop, !ch->algorithm ? "" :
	    ch->how == HTTP_AUTH_SHA256 ? ", algorithm=SHA-256" :
	    ", algorithm=MD5", opaque ? ", opaque=\"" : "", ch->opaque,
	    opaque ? "\"" : "");
	return (size_t)n < size ? n : -1;
}

int
http_auth_write(char *dst, size_t size, const struct http_challenge *ch,
    const struct http_credentials *c)
{
	switch (ch->how) {
	case HTTP_AUTH_BASIC: return basic(dst, size, c);
	case HTTP_AUTH_MD5:
	case HTTP_AUTH_SHA256: return digest(dst, size, ch, c);
	default: return -1;
	}
}

/* Takes as long for a good guess as for a bad one. */
static bool
same(const char *a, size_t n, const char *b, size_t m)
{
	unsigned char differ = n != m;

	for (size_t i = 0; i < n; i++)
		differ |= (unsigned char)(a[i] ^ (m > 0 ? b[i % m] : 0));
	return differ == 0;
}

bool
http_auth_basic_is(struct http_text v, const char *user, const char *pass)
{
	char got[BASE64_LEN(PAIR)], want[PAIR];
	size_t scheme = http_token_len(v.p, v.n);
	struct http_text word = { v.p, scheme };
	ssize_t n;
	int m;

	if (!http_text_is(word, "Basic"))
		return false;
	v = (struct http_text){ v.p + scheme, v.n - scheme };
	http_text_trim(&v);
	if (v.n > BASE64_LEN(PAIR) || (n = base64_decode(got, v.p, v.n)) < 0)
		return false;
	m = snprintf(want, sizeof want, "%s:%s", user, pass);
	return same(got, (size_t)n, want, (size_t)m);
}
