/* SPDX-License-Identifier: MIT */
/*
 * fuzz_proxy - what a proxy, or its client, may send: messages of SOCKS,
 * challenges and credentials of HTTP.
 *
 * The first byte chooses which. Holds: a message that is complete is complete
 * with its own bytes alone, and with fewer it is not; what was read is written
 * as it was; what is written fits.
 */
#include "base/base.h"
#include "proto/base64.h"
#include "proto/http_auth.h"
#include "proto/http_response.h"
#include "proto/proxy_url.h"
#include "proto/socks.h"

#define HOLDS(ok)							\
	do {								\
		if (!(ok))						\
			abort();					\
	} while (0)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct read {
	unsigned	 code;
	bool		 a, b;
	char		 user[SOCKS_WORD + 1], pass[SOCKS_WORD + 1];
	struct socks_dest dest;
};

enum { KINDS = 6 };

static ssize_t
parse(unsigned kind, const uint8_t *p, size_t n, struct read *r)
{
	switch (kind) {
	case 0: return socks4_answer_parse(p, n, &r->code);
	case 1: return socks5_hello_parse(p, n, &r->a, &r->b);
	case 2: return socks5_choice_parse(p, n, &r->code);
	case 3: return socks5_login_parse(p, n, r->user, r->pass);
	case 4: return socks5_verdict_parse(p, n, &r->a);
	default: return socks5_ask_parse(p, n, &r->code, &r->dest);
	}
}

static void
socks(unsigned kind, const uint8_t *p, size_t n)
{
	unsigned char m[SOCKS_MAX];
	struct read r = { 0 };
	ssize_t len = parse(kind, p, n, &r);
	bool known = kind != 5 || len <= 3 || p[3] == 1 || p[3] == 3 ||
	    p[3] == 4;

	HOLDS(len >= -1 && len <= (ssize_t)n);
	if (len <= 0 || !known)
		return;
	HOLDS(len <= SOCKS_MAX);
	HOLDS(parse(kind, p, (size_t)len, &r) == len);
	HOLDS(parse(kind, p, (size_t)len - 1, &r) == 0);
	HOLDS(parse(kind, p, n, &r) == len);
	if (kind == 3)
		HOLDS(socks5_login(m, r.user, r.pass) == (size_t)len &&
		    memcmp(m, p, (size_t)len) == 0);
	/* ::ffff:a.b.c.d becomes what it means, an empty name nothing. */
	if (kind == 5 && p[3] == 1)
		HOLDS(socks5_ask(m, r.code, &r.dest) == (size_t)len &&
		    memcmp(m, p, (size_t)len) == 0);
}

static int
hash(void *arg, bool sha256, const void *p, size_t n, unsigned char *to)
{
	(void)arg, (void)p, (void)n;
	memset(to, sha256 ? 1 : 2, HTTP_AUTH_HASH);
	return 0;
}

static void
challenge(const char *p, size_t n)
{
	static struct http_field field[1000];
	char out[HTTP_AUTH_MAX];
	struct http_response r;
	struct http_scan scan = { 0 };
	struct http_challenge c;
	const struct http_credentials me = { "me", "secret", "CONNECT",
		"there:80", "c0", hash, NULL };

	http_head_init(&r.head, field, &http_limits_client);
	if (http_response_parse(&r, &scan, p, n, false) <= 0)
		return;
	http_challenge_best(&c, &r.head, "proxy-authenticate");
	if (c.how == HTTP_AUTH_NONE)
		return;
	int len = http_auth_write(out, sizeof out, &c, &me);

	HOLDS(len > 0 && strlen(out) == (size_t)len);
	HOLDS(strpbrk(out, "\r\n") == NULL);
}

static void
words(const char *p, size_t n)
{
	struct http_text v = { p, n };
	char text[1024], out[1024], back[1024];
	struct proxy_url u;
	ssize_t len;

	(void)http_auth_basic_is(v, "me", "secret");
	if (n >= sizeof text)
		return;
	if ((len = base64_decode(out, p, n)) >= 0) {
		HOLDS(BASE64_LEN((size_t)len) == n);
		base64_encode(back, out, (size_t)len);
		HOLDS(n == 0 || memcmp(back, p, n) == 0);
	}
	memcpy(text, p, n);
	text[n] = '\0';
	struct proxy_secret s = proxy_url_secret(text);

	HOLDS(s.at + s.n <= strlen(text));
	if (proxy_url_parse(&u, text) == NULL)
		HOLDS(u.kind != PROXY_NONE && u.at.host[0] != '\0' &&
		    u.at.service[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 0)
		return 0;
	if (*p < KINDS)
		socks(*p, p + 1, n - 1);
	else if (*p & 1)
		challenge((const char *)p + 1, n - 1);
	else
		words((const char *)p + 1, n - 1);
	return 0;
}
