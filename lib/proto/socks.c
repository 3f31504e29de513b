/* SPDX-License-Identifier: MIT */
#include "proto/socks.h"

enum {
	V4 = 1, NAME = 3, V6 = 4,	/* kinds of addresses */
	ASK_HEAD = 4,			/* version, code, reserved, kind */
	SOCKS4_LEN = 8,
};

static size_t
put_port(unsigned char *p, unsigned port)
{
	p[0] = (unsigned char)(port >> 8);
	p[1] = (unsigned char)port;
	return 2;
}

static unsigned
port_at(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* --- 4 and 4a --- */

size_t
socks4_ask(unsigned char dst[static SOCKS_MAX], const struct socks_dest *d,
    const char *user)
{
	static const unsigned char by_name[4] = { 0, 0, 0, 1 };
	size_t users = strnlen(user, SOCKS_WORD);
	size_t names = strnlen(d->name, SOCKS_WORD);
	size_t n = SOCKS4_LEN;

	dst[0] = 4;
	dst[1] = SOCKS_CONNECT;
	(void)put_port(dst + 2, d->port);
	memcpy(dst + 4, names > 0 ? (const void *)by_name :
	    (const void *)&d->addr.in.sin_addr, 4);
	memcpy(dst + n, user, users);
	n += users;
	dst[n++] = '\0';
	if (names > 0) {
		memcpy(dst + n, d->name, names);
		n += names;
		dst[n++] = '\0';
	}
	return n;
}

ssize_t
socks4_answer_parse(const unsigned char *p, size_t n, unsigned *code)
{
	/* "SOCKS": VN is the version of the reply code and should be 0. */
	if ((n > 0 && p[0] != 0) ||
	    (n > 1 && (p[1] < SOCKS4_GRANTED || p[1] > 93)))
		return -1;
	if (n < SOCKS4_LEN)
		return 0;
	*code = p[1];
	return SOCKS4_LEN;
}

const char *
socks4_text(unsigned code)
{
	switch (code) {
	case SOCKS4_GRANTED: return "granted";
	case SOCKS4_FAILED: return "rejected or failed";
	case 92: return "rejected: it cannot ask us who you are (identd)";
	default: return "rejected: you are somebody else (identd)";
	}
}

/* --- 5: who are you? --- */

size_t
socks5_hello(unsigned char dst[static SOCKS_MAX], bool login)
{
	const unsigned char all[] = { 5, login ? 2 : 1, SOCKS_OPEN,
		SOCKS_LOGIN };
	size_t n = login ? 4 : 3;

	memcpy(dst, all, n);
	return n;
}

ssize_t
socks5_hello_parse(const unsigned char *p, size_t n, bool *open, bool *login)
{
	size_t len = n > 1 ? 2U + p[1] : 2;

	if (n > 0 && p[0] != 5)
		return -1;
	if (n < len)
		return 0;
	*open = memchr(p + 2, SOCKS_OPEN, len - 2) != NULL;
	*login = memchr(p + 2, SOCKS_LOGIN, len - 2) != NULL;
	return (ssize_t)len;
}

static size_t
pair(unsigned char *dst, unsigned version, unsigned what)
{
	dst[0] = (unsigned char)version;
	dst[1] = (unsigned char)what;
	return 2;
}

static ssize_t
pair_parse(const unsigned char *p, size_t n, unsigned version, unsigned *what)
{
	if (n > 0 && p[0] != version)
		return -1;
	if (n < 2)
		return 0;
	*what = p[1];
	return 2;
}

size_t
socks5_choice(unsigned char dst[static SOCKS_MAX], enum socks_method m)
{
	return pair(dst, 5, m);
}

ssize_t
socks5_choice_parse(const unsigned char *p, size_t n, unsigned *method)
{
	return pair_parse(p, n, 5, method);
}

static size_t
put_word(unsigned char *dst, const char *s)
{
	size_t n = strnlen(s, SOCKS_WORD);

	dst[0] = (unsigned char)n;
	memcpy(dst + 1, s, n);
	return n + 1;
}

size_t
socks5_login(unsigned char dst[static SOCKS_MAX], const char *user,
    const char *pass)
{
	size_t n = 0;

	dst[n++] = 1;
	n += put_word(dst + n, user);
	return n + put_word(dst + n, pass);
}

/* A length and so many bytes, none of them NUL: as of *_parse(). */
static ssize_t
take_word(const unsigned char *p, size_t n, char dst[static SOCKS_WORD + 1])
{
	size_t len = n > 0 ? p[0] : 0;

	if (n < 1 + len || n == 0)
		return 0;
	if (memchr(p + 1, '\0', len) != NULL)
		return -1;
	memcpy(dst, p + 1, len);
	dst[len] = '\0';
	return (ssize_t)(1 + len);
}

ssize_t
socks5_login_parse(const unsigned char *p, size_t n,
    char user[static SOCKS_WORD + 1], char pass[static SOCKS_WORD + 1])
{
	ssize_t a, b;

	if (n > 0 && p[0] != 1)
		return -1;
	if (n < 1 || (a = take_word(p + 1, n - 1, user)) == 0)
		return 0;
	if (a < 0)
		return -1;
	b = take_word(p + 1 + a, n - 1 - (size_t)a, pass);
	return b <= 0 ? b : 1 + a + b;
}

size_t
socks5_verdict(unsigned char dst[static SOCKS_MAX], bool good)
{
	return pair(dst, 1, good ? 0 : 1);
}

ssize_t
socks5_verdict_parse(const unsigned char *p, size_t n, bool *good)
{
	unsigned status = 1;
	ssize_t len = pair_parse(p, n, 1, &status);

	*good = status == 0;
	return len;
}

/* --- 5: where to? --- */

size_t
socks5_ask(unsigned char dst[static SOCKS_MAX], unsigned code,
    const struct socks_dest *d)
{
	size_t n = ASK_HEAD;

	dst[0] = 5;
	dst[1] = (unsigned char)code;
	dst[2] = 0;
	if (d->name[0] != '\0') {
		dst[3] = NAME;
		n += put_word(dst + n, d->name);
	} else if (addr_family(&d->addr) == AF_INET6) {
		dst[3] = V6;
		memcpy(dst + n, &d->addr.in6.sin6_addr, 16);
		n += 16;
	} else {		/* without one, 0.0.0.0 */
		dst[3] = V4;
		memset(dst + n, 0, 4);
		if (addr_family(&d->addr) == AF_INET)
			memcpy(dst + n, &d->addr.in.sin_addr, 4);
		n += 4;
	}
	return n + put_port(dst + n, d->port);
}

static void
take_addr(struct socks_dest *d, const unsigned char *p, bool v6)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };

	if (v6) {
		memcpy(&in6.sin6_addr, p, 16);
		addr_set(&d->addr, (struct sockaddr *)&in6, sizeof in6);
	} else {
		memcpy(&in.sin_addr, p, 4);
		addr_set(&d->addr, (struct sockaddr *)&in, sizeof in);
	}
	addr_set_port(&d->addr, d->port);
}

ssize_t
socks5_ask_parse(const unsigned char *p, size_t n, unsigned *code,
    struct socks_dest *d)
{
	size_t len;

	*d = (struct socks_dest){ .port = 0 };
	if ((n > 0 && p[0] != 5) || (n > 2 && p[2] != 0))
		return -1;
	if (n < ASK_HEAD + 1)
		return 0;
	*code = p[1];
	switch (p[3]) {
	case V4: len = ASK_HEAD + 4 + 2; break;
	case V6: len = ASK_HEAD + 16 + 2; break;
	case NAME: len = ASK_HEAD + 1 + (size_t)p[4] + 2; break;
	default: return (ssize_t)n;
	}
	if (n < len)
		return 0;
	d->port = port_at(p + len - 2);
	if (p[3] != NAME)
		take_addr(d, p + ASK_HEAD, p[3] == V6);
	else if (take_word(p + ASK_HEAD, n, d->name) < 0)
		return -1;
	return (ssize_t)len;
}

const char *
socks5_text(unsigned code)
{
	static const char *const words[] = {
		[SOCKS_GRANTED] = "granted",
		[SOCKS_FAILED] = "general failure",
		[SOCKS_NOT_ALLOWED] = "not allowed by its rules",
		[SOCKS_NO_NETWORK] = "network unreachable",
		[SOCKS_NO_HOST] = "host unreachable",
		[SOCKS_REFUSED] = "connection refused",
		[SOCKS_EXPIRED] = "TTL expired",
		[SOCKS_NO_COMMAND] = "command not supported",
		[SOCKS_NO_TYPE] = "address type not supported",
	};

	return code < NELEMS(words) ? words[code] : "a code nobody knows";
}
