/* SPDX-License-Identifier: MIT */
#include "proto/proxy_url.h"

static const struct {
	const char	*name;
	const char	*port;		/* NULL: has to be given */
	bool		 here;
} kinds[] = {
	[PROXY_NONE] = { "", NULL, false },
	[PROXY_HTTP] = { "http", NULL, false },
	[PROXY_SOCKS4] = { "socks4", "1080", true },
	[PROXY_SOCKS4A] = { "socks4a", "1080", false },
	[PROXY_SOCKS5] = { "socks5", "1080", true },
	[PROXY_SOCKS5H] = { "socks5h", "1080", false },
};

const char *
proxy_kind_name(enum proxy_kind k)
{
	return kinds[k].name;
}

bool
proxy_kind_looks_up_here(enum proxy_kind k)
{
	return kinds[k].here;
}

static enum proxy_kind
kind_of(const char *s, size_t n)
{
	for (size_t i = PROXY_HTTP; i < NELEMS(kinds); i++)
		if (strlen(kinds[i].name) == n &&
		    strncasecmp(kinds[i].name, s, n) == 0)
			return (enum proxy_kind)i;
	return PROXY_NONE;
}

static int
hex(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *p = c != '\0' ? strchr(digits, c) : NULL;
	int v = p != NULL ? (int)(p - digits) : -1;

	return v > 15 ? v - 6 : v;
}

static bool
control(unsigned char c)
{
	return c < ' ' || c == 0x7f;
}

/* n bytes, %XX decoded if that is said. False: not a word of a login. */
static bool
take_word(char dst[static PROXY_WORD + 1], const char *s, size_t n,
    bool encoded)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++, len++) {
		int c = (unsigned char)s[i];

		if (encoded && c == '%') {
			int high = i + 2 < n ? hex(s[i + 1]) : -1;
			int low = i + 2 < n ? hex(s[i + 2]) : -1;

			if (high < 0 || low < 0)
				return false;
			c = high * 16 + low;
			i += 2;
		}
		if (len == PROXY_WORD || control((unsigned char)c))
			return false;
		dst[len] = (char)c;
	}
	dst[len] = '\0';
	return true;
}

static const char *
take_login(struct proxy_login *l, const char *s, size_t n, bool encoded)
{
	const char *colon = memchr(s, ':', n);
	size_t user = colon != NULL ? (size_t)(colon - s) : n;

	*l = (struct proxy_login){ .given = true };
	if (user == 0)
		return "without a user's name";
	if (!take_word(l->user, s, user, encoded) || (colon != NULL &&
	    !take_word(l->pass, colon + 1, n - user - 1, encoded)))
		return "not a name and a password: too long (255 bytes), or "
		    "with a control character or a bad %XX";
	return NULL;
}

const char *
proxy_login_parse(struct proxy_login *l, const char *s)
{
	if (strchr(s, ':') == NULL)
		return "not USER:PASSWORD";
	return take_login(l, s, strlen(s), false);
}

bool
proxy_login_is(const struct proxy_login *l, const struct proxy_login *guess)
{
	unsigned char differ = 0;

	for (size_t i = 0; i < sizeof l->user; i++)
		differ |= (unsigned char)((l->user[i] ^ guess->user[i]) |
		    (l->pass[i] ^ guess->pass[i]));
	return differ == 0;
}

/* Behind "://": up to the last '@' it is a login. */
static size_t
login_len(const char *s)
{
	const char *at = strrchr(s, '@');

	return at != NULL ? (size_t)(at - s) : 0;
}

const char *
proxy_url_parse(struct proxy_url *u, const char *s)
{
	const char *sep = strstr(s, "://"), *wrong;
	char host[ADDR_HOST + ADDR_SERVICE + 8];
	size_t n;

	*u = (struct proxy_url){ .kind = PROXY_NONE };
	if (sep == NULL ||
	    (u->kind = kind_of(s, (size_t)(sep - s))) == PROXY_NONE)
		return "no URL of a proxy: it begins with http://, socks4://, "
		    "socks4a://, socks5:// or socks5h://";
	s = sep + 3;
	if ((n = login_len(s)) > 0 || *s == '@') {
		if ((wrong = take_login(&u->login, s, n, true)) != NULL)
			return wrong;
		s += n + 1;
	}
	n = strlen(s);
	if (n > 0 && s[n - 1] == '/')
		n--;
	if (n >= sizeof host)
		return "too long";
	memcpy(host, s, n);
	host[n] = '\0';
	if (strpbrk(host, "/?#") != NULL)
		return "a page, not a proxy: nothing may follow the port";
	if ((wrong = addr_operand_parse(&u->at, host)) != NULL)
		return wrong;
	if (u->at.service[0] == '\0' && kinds[u->kind].port == NULL)
		return "without a port";
	if (u->at.service[0] == '\0')
		snprintf(u->at.service, sizeof u->at.service, "%s",
		    kinds[u->kind].port);
	if (u->login.pass[0] != '\0' && (u->kind == PROXY_SOCKS4 ||
	    u->kind == PROXY_SOCKS4A))
		return "with a password, which SOCKS 4 does not have";
	return NULL;
}

struct proxy_secret
proxy_url_secret(const char *s)
{
	const char *sep = strstr(s, "://");
	const char *begin = sep != NULL ? sep + 3 : s, *colon;
	size_t n = login_len(begin);

	if (n == 0 || (colon = memchr(begin, ':', n)) == NULL)
		return (struct proxy_secret){ 0, 0 };
	return (struct proxy_secret){ (size_t)(colon + 1 - s),
		n - (size_t)(colon + 1 - begin) };
}
