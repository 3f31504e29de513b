/* SPDX-License-Identifier: MIT */
#include "proto/socks.h"

#include "unit.h"

static struct socks_dest
dest(const char *host, unsigned port)
{
	struct socks_dest d = { .port = port };

	if (!addr_literal(&d.addr, host, port))
		snprintf(d.name, sizeof d.name, "%s", host);
	return d;
}

static void
test_questions_of_version_4_are_written(void)
{
	static const struct {
		const char *host, *user, *bytes;
		size_t n;
	} rows[] = {
		{ "127.0.0.1", "", "\4\1\0\120\177\0\0\1\0", 9 },
		{ "127.0.0.1", "me", "\4\1\0\120\177\0\0\1me\0", 11 },
		{ "a.b", "me", "\4\1\0\120\0\0\0\1me\0a.b\0", 15 },
	};
	unsigned char m[SOCKS_MAX];

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct socks_dest d = dest(rows[i].host, 80);
		size_t n = socks4_ask(m, &d, rows[i].user);

		CHECK(n == rows[i].n && memcmp(m, rows[i].bytes, n) == 0,
		    "row %zu: %zu bytes", i, n);
	}
}

static void
test_answers_of_version_4_are_read(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		ssize_t len;
		unsigned code;
	} rows[] = {
		{ "\0\132\0\0\0\0\0\0more", 12, 8, 90 },
		{ "\0\133\0\0\0\0\0\0", 8, 8, 91 },
		{ "\0\135\0\0\0\0\0\0", 8, 8, 93 },
		{ "\0\132\0\0\0\0\0", 7, 0, 0 },
		{ "", 0, 0, 0 },
		{ "\4", 1, -1, 0 },
		{ "\0\1", 2, -1, 0 },
		{ "\0\136", 2, -1, 0 },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		unsigned code = 0;
		ssize_t n = socks4_answer_parse(
		    (const unsigned char *)rows[i].bytes, rows[i].n, &code);

		CHECK(n == rows[i].len, "row %zu: %zd", i, n);
		CHECK(code == rows[i].code, "row %zu: code %u", i, code);
	}
}

/* What one side writes, the other reads, and not before it is complete. */
static void
test_both_sides_of_version_5_agree(void)
{
	static const char *const hosts[] = {
		"127.0.0.1", "::1", "2001:db8::7", "localhost", "x",
	};
	unsigned char m[SOCKS_MAX];

	for (size_t i = 0; i < NELEMS(hosts); i++) {
		struct socks_dest d = dest(hosts[i], 65535), got;
		size_t n = socks5_ask(m, SOCKS_CONNECT, &d);
		unsigned code = 0;

		for (size_t k = 0; k < n; k++)
			CHECK(socks5_ask_parse(m, k, &code, &got) == 0,
			    "%s: %zu bytes were enough", hosts[i], k);
		CHECK(socks5_ask_parse(m, n, &code, &got) == (ssize_t)n &&
		    code == SOCKS_CONNECT && got.port == 65535 &&
		    strcmp(got.name, d.name) == 0 &&
		    (d.name[0] != '\0' || addr_equal(&got.addr, &d.addr)),
		    "%s", hosts[i]);
	}
}

static void
test_the_longest_words_fit(void)
{
	char word[SOCKS_WORD + 1], user[SOCKS_WORD + 1], pass[SOCKS_WORD + 1];
	unsigned char m[SOCKS_MAX];
	struct socks_dest d = { .port = 1 };

	memset(word, 'w', SOCKS_WORD);
	word[SOCKS_WORD] = '\0';
	CHECK(socks5_login(m, word, word) == 513, "login");
	CHECK(socks5_login_parse(m, 513, user, pass) == 513, "login read");
	CHECK(strcmp(user, word) == 0 && strcmp(pass, word) == 0, "words");
	memcpy(d.name, word, sizeof word);
	CHECK(socks4_ask(m, &d, word) == SOCKS_MAX, "4a");
	CHECK(socks5_ask(m, SOCKS_CONNECT, &d) == 262, "5");
}

static void
test_logins_and_verdicts_are_read(void)
{
	char user[SOCKS_WORD + 1], pass[SOCKS_WORD + 1];
	unsigned char m[SOCKS_MAX];
	size_t n = socks5_login(m, "me", "secret");
	bool good;

	for (size_t k = 0; k < n; k++)
		CHECK(socks5_login_parse(m, k, user, pass) == 0, "%zu", k);
	CHECK(socks5_login_parse(m, n, user, pass) == (ssize_t)n &&
	    strcmp(user, "me") == 0 && strcmp(pass, "secret") == 0, "login");
	m[3] = '\0';
	CHECK(socks5_login_parse(m, n, user, pass) == -1, "a NUL");
	m[0] = 5;
	CHECK(socks5_login_parse(m, n, user, pass) == -1, "version");
	CHECK(socks5_verdict_parse(m, socks5_verdict(m, true), &good) == 2 &&
	    good, "good");
	CHECK(socks5_verdict_parse(m, socks5_verdict(m, false), &good) == 2 &&
	    !good, "bad");
}

static void
test_methods_are_offered_and_chosen(void)
{
	unsigned char m[SOCKS_MAX];
	bool open, login;
	unsigned method;

	CHECK(socks5_hello_parse(m, socks5_hello(m, false), &open,
	    &login) == 3 && open && !login, "open");
	CHECK(socks5_hello_parse(m, socks5_hello(m, true), &open,
	    &login) == 4 && open && login, "both");
	CHECK(socks5_hello_parse(m, 3, &open, &login) == 0, "too short");
	CHECK(socks5_choice_parse(m, socks5_choice(m, SOCKS_NO_METHOD),
	    &method) == 2 && method == SOCKS_NO_METHOD, "none");
	m[0] = 4;
	CHECK(socks5_choice_parse(m, 1, &method) == -1, "version");
	CHECK(socks5_hello_parse(m, 1, &open, &login) == -1, "version");
}

static void
test_odd_questions_are_told_apart(void)
{
	static const struct {
		const char *bytes;
		size_t n;
		ssize_t len;
	} rows[] = {
		{ "\5\1\0\2\0\0\0", 7, 7 },	/* a kind nobody knows */
		{ "\5\1\1\1", 4, -1 },	/* the reserved byte */
		{ "\4\1", 2, -1 },
		{ "\5\1\0\3\0\0\1", 7, 7 },	/* a name without letters */
		{ "\5\1\0\3\2a\0\0\1", 9, -1 },	/* with a NUL */
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct socks_dest d;
		unsigned code;
		ssize_t n = socks5_ask_parse(
		    (const unsigned char *)rows[i].bytes, rows[i].n, &code,
		    &d);

		CHECK(n == rows[i].len, "row %zu: %zd", i, n);
		CHECK(d.name[0] == '\0' || n < 0, "row %zu: a name", i);
	}
}

int
main(void)
{
	RUN(test_questions_of_version_4_are_written);
	RUN(test_answers_of_version_4_are_read);
	RUN(test_both_sides_of_version_5_agree);
	RUN(test_the_longest_words_fit);
	RUN(test_logins_and_verdicts_are_read);
	RUN(test_methods_are_offered_and_chosen);
	RUN(test_odd_questions_are_told_apart);
	return unit_end();
}
