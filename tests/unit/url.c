/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "proto/url.h"

static const struct {
	const char	*text;
	enum url_err	 err;
	bool		 https;
	const char	*host;
	unsigned	 port;
	const char	*target, *field;	/* as sent: target, Host */
} urls[] = {
	/* whole addresses */
	{ "http://a.example/x", 0, false, "a.example", 80, "/x", "a.example" },
	{ "http://a.example", 0, false, "a.example", 80, "/", "a.example" },
	{ "http://a:80/", 0, false, "a", 80, "/", "a" },
	{ "http://a:8080/", 0, false, "a", 8080, "/", "a:8080" },
	{ "http://a:/", 0, false, "a", 80, "/", "a" },
	{ "https://[::1]:", 0, true, "::1", 443, "/", "[::1]" },
	{ "HTTP://A/", 0, false, "A", 80, "/", "A" },
	{ "https://a/", 0, true, "a", 443, "/", "a" },
	{ "https://a:443/", 0, true, "a", 443, "/", "a" },
	{ "https://a:80/", 0, true, "a", 80, "/", "a:80" },
	{ "http://a:443/", 0, false, "a", 443, "/", "a:443" },
	{ "http://a?q=1", 0, false, "a", 80, "/?q=1", "a" },
	{ "http://a/p?q=/&r=?", 0, false, "a", 80, "/p?q=/&r=?", "a" },
	{ "http://a/p#frag", 0, false, "a", 80, "/p", "a" },
	{ "http://a#frag", 0, false, "a", 80, "/", "a" },
	{ "http://a/p?q#f?x", 0, false, "a", 80, "/p?q", "a" },
	{ "http://a/http://b/", 0, false, "a", 80, "/http://b/", "a" },
	{ "http://a/u@b", 0, false, "a", 80, "/u@b", "a" },
	{ "http://[::1]/", 0, false, "::1", 80, "/", "[::1]" },
	{ "http://[::1]:81/", 0, false, "::1", 81, "/", "[::1]:81" },
	{ "http://[fe80::1%25lo]:81/", 0, false, "fe80::1%lo", 81, "/",
	    "[fe80::1]:81" },
	{ "http://[fe80::1%lo]", 0, false, "fe80::1%lo", 80, "/",
	    "[fe80::1]" },
	/* without a scheme */
	{ "localhost", 0, false, "localhost", 80, "/", "localhost" },
	{ "localhost:8080", 0, false, "localhost", 8080, "/",
	    "localhost:8080" },
	{ "localhost/x/y", 0, false, "localhost", 80, "/x/y", "localhost" },
	{ "localhost:81?q", 0, false, "localhost", 81, "/?q",
	    "localhost:81" },
	{ "[::1]:81/x", 0, false, "::1", 81, "/x", "[::1]:81" },
	{ "my_host", 0, false, "my_host", 80, "/", "my_host" },
	/* what is encoded */
	{ "http://a/b c", 0, false, "a", 80, "/b%20c", "a" },
	{ "http://a/caf\xc3\xa9", 0, false, "a", 80, "/caf%C3%A9", "a" },
	{ "http://a/x\r\nX: y", 0, false, "a", 80, "/x%0D%0AX:%20y", "a" },
	{ "http://a/\x7f\x01", 0, false, "a", 80, "/%7F%01", "a" },
	{ "http://a/<\"^`{|}\\>", 0, false, "a", 80,
	    "/%3C%22%5E%60%7B%7C%7D%5C%3E", "a" },
	{ "http://a/%41%zz%", 0, false, "a", 80, "/%41%zz%", "a" },
	{ "http://a/../b/./c//d", 0, false, "a", 80, "/../b/./c//d", "a" },
	{ "http://a/~!$&'()*+,;=:@[]", 0, false, "a", 80,
	    "/~!$&'()*+,;=:@[]", "a" },
	/* what is refused */
	{ "ftp://a/", URL_E_SCHEME, 0, 0, 0, 0, 0 },
	{ "httpx://a/", URL_E_SCHEME, 0, 0, 0, 0, 0 },
	{ "file:///etc/passwd", URL_E_SCHEME, 0, 0, 0, 0, 0 },
	{ "http://u@a/", URL_E_USERINFO, 0, 0, 0, 0, 0 },
	{ "http://u:p@a/", URL_E_USERINFO, 0, 0, 0, 0, 0 },
	{ "u@a", URL_E_USERINFO, 0, 0, 0, 0, 0 },
	{ "", URL_E_NO_HOST, 0, 0, 0, 0, 0 },
	{ "/path", URL_E_NO_HOST, 0, 0, 0, 0, 0 },
	{ "http:///x", URL_E_NO_HOST, 0, 0, 0, 0, 0 },
	{ "http://:80/", URL_E_NO_HOST, 0, 0, 0, 0, 0 },
	{ "http://[]/", URL_E_NO_HOST, 0, 0, 0, 0, 0 },
	{ "http://a b/", URL_E_HOST, 0, 0, 0, 0, 0 },
	{ "http://a\r\n/", URL_E_HOST, 0, 0, 0, 0, 0 },
	{ "http://caf\xc3\xa9/", URL_E_HOST, 0, 0, 0, 0, 0 },
	{ "http://a%20b/", URL_E_HOST, 0, 0, 0, 0, 0 },
	{ "http://a\\b/", URL_E_HOST, 0, 0, 0, 0, 0 },
	{ "http://[::1/", URL_E_BRACKET, 0, 0, 0, 0, 0 },
	{ "http://[::1]x/", URL_E_BRACKET, 0, 0, 0, 0, 0 },
	{ "http://[::1]80/", URL_E_BRACKET, 0, 0, 0, 0, 0 },
	{ "http://a:0/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "http://a:080/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "a:/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "http://a:65536/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "http://a:99999/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "http://a:+80/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "http://a:80x/", URL_E_PORT, 0, 0, 0, 0, 0 },
	{ "http://a:80:81/", URL_E_PORT, 0, 0, 0, 0, 0 },
};

static void
reads_addresses(void)
{
	for (size_t i = 0; i < NELEMS(urls); i++) {
		const char *text = urls[i].text;
		char target[256] = "", field[256] = "";
		enum url_err e;
		struct url u;

		e = url_parse(&u, text);
		CHECK(e == urls[i].err, "'%s': %s", text, url_err_text(e));
		if (e != URL_OK || urls[i].err != URL_OK)
			continue;
		CHECK(u.https == urls[i].https, "'%s': scheme", text);
		CHECK(strcmp(u.host, urls[i].host) == 0, "'%s': host '%s'",
		    text, u.host);
		CHECK(u.port == urls[i].port, "'%s': port %u", text, u.port);
		CHECK(url_target(u.target, u.target_len, target,
		    sizeof target) == (int)strlen(urls[i].target),
		    "'%s': target length", text);
		CHECK(strcmp(target, urls[i].target) == 0,
		    "'%s': target '%s'", text, target);
		CHECK(url_host(&u, field, sizeof field) > 0 &&
		    strcmp(field, urls[i].field) == 0, "'%s': Host '%s'",
		    text, field);
	}
}

static void
tells_a_scheme(void)
{
	CHECK(url_has_scheme("http://a"), "http");
	CHECK(url_has_scheme("a+b-c.1://x"), "odd");
	CHECK(!url_has_scheme("a:80"), "port");
	CHECK(!url_has_scheme("1http://a"), "digit first");
	CHECK(!url_has_scheme("://a"), "none");
	CHECK(!url_has_scheme(""), "empty");
}

static void
a_path_gets_its_slash_and_no_fragment(void)
{
	char to[16];

	CHECK(url_target("x", 1, to, sizeof to) == 2 &&
	    strcmp(to, "/x") == 0, "'%s'", to);
	CHECK(url_target("/x#y", 4, to, sizeof to) == 2 &&
	    strcmp(to, "/x") == 0, "'%s'", to);
	CHECK(url_target("", 0, to, sizeof to) == 1 &&
	    strcmp(to, "/") == 0, "'%s'", to);
}

static void
what_does_not_fit_is_said(void)
{
	static char long_host[URL_HOST_MAX + 2], long_url[URL_MAX + 2];
	char to[8];
	struct url u;

	CHECK(url_target("/1234567", 8, to, sizeof to) == -1, "target");
	CHECK(url_target("/", 1, to, 1) == -1, "no room at all");
	CHECK(url_parse(&u, "http://abc:8080") == URL_OK &&
	    url_host(&u, to, sizeof to) == -1, "host");
	memset(long_host, 'a', sizeof long_host - 1);
	CHECK(url_parse(&u, long_host) == URL_E_LONG, "long host");
	long_host[URL_HOST_MAX] = '\0';
	CHECK(url_parse(&u, long_host) == URL_OK, "host of 255");
	memset(long_url, 'a', sizeof long_url - 1);
	CHECK(url_parse(&u, long_url) == URL_E_LONG, "long address");
}

static void
every_error_has_words(void)
{
	for (unsigned e = 0; e < URL_ERRS; e++)
		CHECK(url_err_text(e) != NULL && *url_err_text(e), "%u", e);
	CHECK(strcmp(url_err_text(URL_ERRS), "unknown") == 0, "beyond");
}

int
main(void)
{
	RUN(reads_addresses);
	RUN(tells_a_scheme);
	RUN(a_path_gets_its_slash_and_no_fragment);
	RUN(what_does_not_fit_is_said);
	RUN(every_error_has_words);
	return unit_end();
}
