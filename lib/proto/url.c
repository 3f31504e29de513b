/* SPDX-License-Identifier: MIT */
#include "proto/url.h"

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

const char *
url_err_text(enum url_err e)
{
	/* clang-format off */
	static const char *const text[URL_ERRS] = {
		[URL_OK] = "nothing is wrong",
		[URL_E_SCHEME] = "not an http:// or https:// address",
		[URL_E_USERINFO] =
		    "a user name in an address is refused (RFC 9110, 4.2.4)",
		[URL_E_NO_HOST] = "no host in it",
		[URL_E_HOST] =
		    "the host has a character that no host name has",
		[URL_E_BRACKET] =
		    "no ']' ends the IPv6 address, or no ':' or '/' follows",
		[URL_E_PORT] = "the port is not a number from 1 to 65535",
		[URL_E_LONG] = "too long",
	};
	/* clang-format on */

	return (unsigned)e < URL_ERRS ? text[e] : "unknown";
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* RFC 3986 3.1; 0 if no "://" follows. */
static size_t
scheme_len(const char *s)
{
	size_t n = 0;

	if (!is_alpha(*s))
		return 0;
	while (is_alpha(s[n]) || is_digit(s[n]) || s[n] == '+' ||
	    s[n] == '-' || s[n] == '.')
		n++;
	return strncmp(s + n, "://", 3) == 0 ? n : 0;
}

bool
url_has_scheme(const char *s)
{
	return scheme_len(s) > 0;
}

static bool
same_word(const char *s, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n && word[i] != '\0'; i++)
		if ((s[i] | 0x20) != word[i])
			return false;
	return i == n && word[i] == '\0';
}

static enum url_err
take_scheme(struct url *u, const char **s)
{
	size_t n = scheme_len(*s);

	if (n == 0)
		return URL_OK;
	u->scheme = true;
	u->https = same_word(*s, n, "https");
	if (!u->https && !same_word(*s, n, "http"))
		return URL_E_SCHEME;
	*s += n + 3;
	return URL_OK;
}

/* Letters, digits, '-', '.', '_': names and IPv4; also ':' and '%' in v6. */
static bool
is_host_char(char c, bool v6)
{
	return is_alpha(c) || is_digit(c) || c == '-' || c == '.' ||
	    c == '_' || (v6 && (c == ':' || c == '%'));
}

static enum url_err
take_host(struct url *u, const char *s, size_t n)
{
	size_t len = 0;

	if (n == 0)
		return URL_E_NO_HOST;
	if (n > URL_HOST_MAX)
		return URL_E_LONG;
	for (size_t i = 0; i < n; i++) {
		if (!is_host_char(s[i], u->v6))
			return URL_E_HOST;
		u->host[len++] = s[i];
		/* A zone is written "%25eth0" here, RFC 6874. */
		if (u->v6 && n - i > 2 && memcmp(s + i, "%25", 3) == 0)
			i += 2;
	}
	u->host[len] = '\0';
	return URL_OK;
}

static enum url_err
take_port(struct url *u, const char *s, size_t n)
{
	unsigned v = 0;

	if (n == 0 || n > 5 || *s == '0')
		return URL_E_PORT;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(s[i]))
			return URL_E_PORT;
		v = v * 10 + (unsigned)(s[i] - '0');
	}
	if (v > UINT16_MAX)
		return URL_E_PORT;
	u->port = (uint16_t)v;
	u->port_given = true;
	return URL_OK;
}

static enum url_err
take_authority(struct url *u, const char *s, size_t n)
{
	const char *host = s, *end = s + n, *colon;
	enum url_err e;

	if (memchr(s, '@', n) != NULL)
		return URL_E_USERINFO;
	if (n > 0 && *s == '[') {
		u->v6 = true;
		host++;
		s = memchr(s, ']', n);
		if (s == NULL || (s + 1 < end && s[1] != ':'))
			return URL_E_BRACKET;
		colon = s + 1;
	} else {
		colon = memchr(s, ':', n);
		s = colon = colon != NULL ? colon : end;
	}
	if ((e = take_host(u, host, (size_t)(s - host))) != URL_OK)
		return e;
	/* RFC 9110 4.2.1: an empty port is the scheme's; typed, a slip. */
	if (colon == end || (u->scheme && colon + 1 == end))
		return URL_OK;
	return take_port(u, colon + 1, (size_t)(end - colon - 1));
}

enum url_err
url_parse(struct url *u, const char *s)
{
	enum url_err e;
	size_t n;

	*u = (struct url){ 0 };
	if (strnlen(s, URL_MAX + 1) > URL_MAX)
		return URL_E_LONG;
	if ((e = take_scheme(u, &s)) != URL_OK)
		return e;
	u->port = u->https ? HTTPS_PORT : HTTP_PORT;
	n = strcspn(s, "/?#");
	if ((e = take_authority(u, s, n)) != URL_OK)
		return e;
	u->target = s + n;
	u->target_len = strcspn(u->target, "#");
	return URL_OK;
}

/*
 * What stands in a path or query as it is: RFC 3986 3.3 and 3.4, "%" left to
 * who typed it. The rest is encoded: blanks, controls, 8-bit bytes and the
 * few printable ones that no URI may hold.
 */
static bool
may_stand(char c)
{
	return c > ' ' && c < 0x7f && strchr("\"<>\\^`{|}", c) == NULL;
}

int
url_target(const char *path, size_t n, char *to, size_t size)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t len = 0;

	if (size < 2)
		return -1;
	if (n == 0 || *path != '/')
		to[len++] = '/';
	for (size_t i = 0; i < n && path[i] != '#'; i++) {
		uint8_t c = (uint8_t)path[i];

		if (size - len < 4)	/* "%XX" and the terminator */
			return -1;
		if (may_stand(path[i])) {
			to[len++] = path[i];
			continue;
		}
		to[len++] = '%';
		to[len++] = digits[c >> 4];
		to[len++] = digits[c & 15];
	}
	to[len] = '\0';
	return (int)len;
}

void
url_secure(struct url *u)
{
	u->https = true;
	if (!u->port_given)
		u->port = HTTPS_PORT;
}

int
url_host(const struct url *u, char *to, size_t size)
{
	size_t n = u->v6 ? strcspn(u->host, "%") : strlen(u->host);
	bool own = u->port == (u->https ? HTTPS_PORT : HTTP_PORT);
	char port[8] = "";
	int len;

	if (!own)
		snprintf(port, sizeof port, ":%u", u->port);
	len = snprintf(to, size, u->v6 ? "[%.*s]%s" : "%.*s%s", (int)n,
	    u->host, port);
	return len >= 0 && (size_t)len < size ? len : -1;
}
