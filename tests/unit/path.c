/* SPDX-License-Identifier: MIT */
#include "proto/path.h"

#include "unit.h"

static void
a_target_becomes_a_name(void)
{
	static const struct {
		const char *target, *text;
		bool folder, hidden;
	} rows[] = {
		{ "/", "", true, false },
		{ "//", "", true, false },
		{ "/a", "a", false, false },
		{ "/a/", "a", true, false },
		{ "/a/b.txt", "a/b.txt", false, false },
		{ "//a///b//", "a/b", true, false },
		{ "/a?b=/../c", "a", false, false },
		{ "/?x", "", true, false },
		{ "/a+b", "a+b", false, false },
		{ "/a%20b", "a b", false, false },
		{ "/%31k%2etxt", "1k.txt", false, false },
		{ "/100%25", "100%", false, false },
		{ "/%252e%252e", "%2e%2e", false, false },
		{ "/q%3Fx", "q?x", false, false },
		{ "/h%23x", "h#x", false, false },
		{ "/caf%C3%a9", "caf\xc3\xa9", false, false },
		{ "/caf\xc3\xa9", "caf\xc3\xa9", false, false },
		{ "/nl%0Aname", "nl\nname", false, false },
		{ "/.", "", true, false },
		{ "/./", "", true, false },
		{ "/a/.", "a", true, false },
		{ "/a/./b", "a/b", false, false },
		{ "/a/..", "", true, false },
		{ "/a/../b", "b", false, false },
		{ "/a/b/../../c/", "c", true, false },
		{ "/a/b/%2E%2e/c", "a/c", false, false },
		{ "/a//../b", "b", false, false },
		{ "/.git/config", ".git/config", false, true },
		{ "/a/.b", "a/.b", false, true },
		{ "/a/%2eb", "a/.b", false, true },
		{ "/...", "...", false, true },
		{ "/..a", "..a", false, true },
		{ "/..;/x", "..;/x", false, true },
		{ "/..\\x", "..\\x", false, true },
		{ "/..%5cx", "..\\x", false, true },
		{ "/.git/../a", "a", false, false },
		{ "/a.b", "a.b", false, false },
		{ "/%c0%ae%c0%ae/x", "\xc0\xae\xc0\xae/x", false, false },
		{ "/C:/x", "C:/x", false, false },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *s = rows[i].target;
		struct path p;
		enum path_bad bad = path_parse(&p, s, strlen(s));

		CHECK(bad == PATH_OK, "%s: %s", s, path_bad_words(bad));
		if (bad != PATH_OK)
			continue;
		CHECK(strcmp(p.text, rows[i].text) == 0, "%s: '%s'", s, p.text);
		CHECK(p.len == strlen(p.text), "%s: len %zu", s, p.len);
		CHECK(p.folder == rows[i].folder, "%s: folder", s);
		CHECK(p.hidden == rows[i].hidden, "%s: hidden", s);
		CHECK(p.used == strcspn(s, "?"), "%s: used %zu", s, p.used);
	}
}

static void
a_bad_target_is_refused(void)
{
	static const struct {
		const char *target;
		enum path_bad bad;
	} rows[] = {
		{ "", PATH_ROOTLESS },
		{ "?", PATH_ROOTLESS },
		{ "a", PATH_ROOTLESS },
		{ "../a", PATH_ROOTLESS },
		{ "*", PATH_ROOTLESS },
		{ "/..", PATH_ABOVE },
		{ "/../", PATH_ABOVE },
		{ "/../a", PATH_ABOVE },
		{ "/%2e%2e/a", PATH_ABOVE },
		{ "/.%2E/a", PATH_ABOVE },
		{ "/a/../../b", PATH_ABOVE },
		{ "/a/%2e%2e/%2e%2e/b", PATH_ABOVE },
		{ "//..", PATH_ABOVE },
		{ "/./..", PATH_ABOVE },
		{ "/..?a", PATH_ABOVE },
		{ "/..%2fa", PATH_SLASH },
		{ "/a%2Fb", PATH_SLASH },
		{ "/a%00.html", PATH_NUL },
		{ "/.%00./a", PATH_NUL },
		{ "/%", PATH_ESCAPE },
		{ "/%4", PATH_ESCAPE },
		{ "/%4?1", PATH_ESCAPE },
		{ "/%zz", PATH_ESCAPE },
		{ "/%4g", PATH_ESCAPE },
		{ "/%u002e", PATH_ESCAPE },
		{ "/%-1", PATH_ESCAPE },
		{ "/a b", PATH_BYTE },
		{ "/a\tb", PATH_BYTE },
		{ "/a\x7f", PATH_BYTE },
		{ "/a#b", PATH_BYTE },
	};
	struct path p;

	for (size_t i = 0; i < NELEMS(rows); i++) {
		const char *s = rows[i].target;
		enum path_bad bad = path_parse(&p, s, strlen(s));

		CHECK(bad == rows[i].bad, "'%s': %s", s, path_bad_words(bad));
	}
	CHECK(path_parse(&p, "/a\0b", 4) == PATH_BYTE, "a NUL, not escaped");
}

static void
the_longest_path_fits_and_no_longer(void)
{
	char s[PATH_TEXT_MAX + 2];
	struct path p;

	memset(s, 'a', sizeof s);
	s[0] = '/';
	/* The slash that closes a segment needs its byte too. */
	CHECK(path_parse(&p, s, PATH_TEXT_MAX) == PATH_OK, "longest");
	CHECK(p.len == PATH_TEXT_MAX - 1, "len %zu", p.len);
	CHECK(path_parse(&p, s, sizeof s) == PATH_LONG, "one more");
}

static void
a_name_becomes_a_reference(void)
{
	static const struct {
		const char *name, *href, *all;
	} rows[] = {
		{ "", "", "" },
		{ "a.txt", "a.txt", "a.txt" },
		{ "A-z_0~9", "A-z_0~9", "A-z_0~9" },
		{ "a b", "a%20b", "a%20b" },
		{ "100%", "100%25", "100%25" },
		{ "%41", "%2541", "%2541" },
		{ "nl\nx", "nl%0Ax", "nl%0Ax" },
		{ "<\">'&", "%3C%22%3E%27%26", "%3C%22%3E%27%26" },
		{ "javascript:alert(1)", "javascript%3Aalert%281%29",
		  "javascript%3Aalert%281%29" },
		{ "\xff\x1b", "%FF%1B", "%FF%1B" },
		{ "a/b c", "a%2Fb%20c", "a/b%20c" },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct buf b = BUF_MAX(256), all = BUF_MAX(256);
		const char *s = rows[i].name;

		CHECK(path_href(&b, s, strlen(s)) == 0 && b.len ==
		    strlen(rows[i].href) && (b.len == 0 ||
		    memcmp(buf_head(&b), rows[i].href, b.len) == 0),
		    "%s: '%.*s'", s, (int)b.len, buf_head(&b));
		CHECK(path_href_all(&all, s, strlen(s)) == 0 && all.len ==
		    strlen(rows[i].all) && (all.len == 0 ||
		    memcmp(buf_head(&all), rows[i].all, all.len) == 0),
		    "%s: '%.*s'", s, (int)all.len, buf_head(&all));
		buf_free(&b);
		buf_free(&all);
	}
}

static void
a_query_keeps_what_it_may_hold(void)
{
	static const char query[] = "a=%20&b[]=/?\"\xff#\0";
	static const char want[] = "a=%20&b%5B%5D=/?%22%FF%23%00";
	struct buf b = BUF_MAX(64);

	CHECK(path_href_query(&b, query, sizeof query - 1) == 0 &&
	    b.len == sizeof want - 1 &&
	    memcmp(buf_head(&b), want, b.len) == 0, "a query");
	buf_free(&b);
}

static void
a_reference_stops_at_the_ceiling(void)
{
	struct buf b = BUF_MAX(8);

	CHECK(path_href(&b, "abc", 3) < 0 && b.len == 0, "nine bytes in 8");
	CHECK(path_href(&b, "ab", 2) == 0 && b.len == 2, "two");
	buf_free(&b);
}

int
main(void)
{
	RUN(a_target_becomes_a_name);
	RUN(a_bad_target_is_refused);
	RUN(the_longest_path_fits_and_no_longer);
	RUN(a_name_becomes_a_reference);
	RUN(a_query_keeps_what_it_may_hold);
	RUN(a_reference_stops_at_the_ceiling);
	return unit_end();
}
