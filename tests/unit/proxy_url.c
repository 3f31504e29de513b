/* SPDX-License-Identifier: MIT */
#include "proto/proxy_url.h"

#include "unit.h"

static void
test_proxies_are_read(void)
{
	static const struct {
		const char *in;
		enum proxy_kind kind;
		const char *host, *service, *user, *pass;
	} rows[] = {
		{ "http://h:3128", PROXY_HTTP, "h", "3128", "", "" },
		{ "HTTP://h:http/", PROXY_HTTP, "h", "http", "", "" },
		{ "socks4://h", PROXY_SOCKS4, "h", "1080", "", "" },
		{ "socks4a://me@h", PROXY_SOCKS4A, "h", "1080", "me", "" },
		{ "socks5://[::1]:9", PROXY_SOCKS5, "::1", "9", "", "" },
		{ "socks5h://u:p@[::1]", PROXY_SOCKS5H, "::1", "1080", "u",
		    "p" },
		{ "http://u:a@b:c@h:1", PROXY_HTTP, "h", "1", "u", "a@b:c" },
		{ "http://u%3a:%41%2F@h:1", PROXY_HTTP, "h", "1", "u:", "A/" },
		{ "http://u:@h:1", PROXY_HTTP, "h", "1", "u", "" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct proxy_url u;
		const char *bad = proxy_url_parse(&u, rows[i].in);

		CHECK(bad == NULL, "%s: %s", rows[i].in, bad);
		CHECK(u.kind == rows[i].kind &&
		    strcmp(u.at.host, rows[i].host) == 0 &&
		    strcmp(u.at.service, rows[i].service) == 0, "%s: %s %s",
		    rows[i].in, u.at.host, u.at.service);
		CHECK(u.login.given == (rows[i].user[0] != '\0') &&
		    strcmp(u.login.user, rows[i].user) == 0 &&
		    strcmp(u.login.pass, rows[i].pass) == 0, "%s: '%s' '%s'",
		    rows[i].in, u.login.user, u.login.pass);
	}
}

static void
test_what_is_no_proxy_is_refused(void)
{
	static const char *const rows[] = {
		"", "h", "h:1080", "://h:1", "https://h:1", "socks://h",
		"socks6://h", "http://", "http://h", "http://:1", "socks5://",
		"http://@h:1", "http://:p@h:1", "http://u%4@h:1",
		"http://u%zz@h:1", "http://u%00@h:1", "http://u%0a:p@h:1",
		"http://h:1/x", "http://h:1?x", "http://h:1#x",
		"socks4://u:p@h", "socks4a://u:p@h",
	};
	char word[300], url[400];
	struct proxy_url u;

	for (size_t i = 0; i < NELEMS(rows); i++)
		CHECK(proxy_url_parse(&u, rows[i]) != NULL, "'%s'", rows[i]);
	memset(word, 'w', PROXY_WORD + 1);
	word[PROXY_WORD + 1] = '\0';
	snprintf(url, sizeof url, "socks5://u:%s@h", word);
	CHECK(proxy_url_parse(&u, url) != NULL, "256 bytes");
	snprintf(url, sizeof url, "socks5://u:%s@h", word + 1);
	CHECK(proxy_url_parse(&u, url) == NULL, "255 bytes");
}

static void
test_the_password_is_found(void)
{
	static const struct {
		const char *in, *secret;
	} rows[] = {
		{ "http://u:p@h:1", "p" }, { "http://u:a:b@c@h:1", "a:b@c" },
		{ "http://u@h:1", "" }, { "http://h:1", "" },
		{ "u:pw@h", "pw" }, { "what://u:pw@", "pw" }, { "", "" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct proxy_secret s = proxy_url_secret(rows[i].in);

		CHECK(s.n == strlen(rows[i].secret) &&
		    memcmp(rows[i].in + s.at, rows[i].secret, s.n) == 0,
		    "%s: %zu at %zu", rows[i].in, s.n, s.at);
	}
}

static void
test_logins_are_taken_as_they_are(void)
{
	struct proxy_login l;

	CHECK(proxy_login_parse(&l, "me:a:%41") == NULL &&
	    strcmp(l.user, "me") == 0 && strcmp(l.pass, "a:%41") == 0 &&
	    l.given, "as it is");
	CHECK(proxy_login_parse(&l, "me") != NULL, "no colon");
	CHECK(proxy_login_parse(&l, ":x") != NULL, "no user");
	CHECK(proxy_login_parse(&l, "a:\n") != NULL, "a control character");
}

int
main(void)
{
	RUN(test_proxies_are_read);
	RUN(test_what_is_no_proxy_is_refused);
	RUN(test_the_password_is_found);
	RUN(test_logins_are_taken_as_they_are);
	return unit_end();
}
