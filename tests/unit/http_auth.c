/* SPDX-License-Identifier: MIT */
#include "proto/http_auth.h"

#include "proto/base64.h"
#include "proto/http_response.h"
#include "unit.h"

static void
test_base64_is_read_strictly(void)
{
	static const struct {
		const char *in, *out;	/* NULL: refused */
	} rows[] = {
		{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" },
		{ "Zm9v", "foo" }, { "Zm9vYg==", "foob" },
		{ "Zg", NULL }, { "Zg=", NULL }, { "Zh==", NULL },
		{ "Zm9=", NULL }, { "Z===", NULL }, { "====", NULL },
		{ "Zm9v\n", NULL }, { "Zm 9", NULL }, { "Zg==Zg==", NULL },
		{ "Zm-v", NULL },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		char out[32] = "";
		ssize_t n = base64_decode(out, rows[i].in,
		    strlen(rows[i].in));

		CHECK(rows[i].out == NULL ? n == -1 :
		    n == (ssize_t)strlen(rows[i].out) &&
		    memcmp(out, rows[i].out, (size_t)n) == 0, "'%s': %zd",
		    rows[i].in, n);
	}
}

static void
read_challenge(struct http_challenge *c, const char *fields)
{
	char head[1024];
	struct http_field field[1000];
	struct http_response r;
	struct http_scan scan = { 0 };

	snprintf(head, sizeof head, "HTTP/1.1 407 x\r\n%s\r\n", fields);
	http_head_init(&r.head, field, &http_limits_client);
	CHECK(http_response_parse(&r, &scan, head, strlen(head), false) > 0,
	    "not a head: %s", fields);
	http_challenge_best(c, &r.head, "proxy-authenticate");
}

#define PA "Proxy-Authenticate: "

static void
test_the_best_challenge_is_chosen(void)
{
	static const struct {
		const char *fields, *realm;
		enum http_auth how;
		bool qop;
	} rows[] = {
		{ "", "", HTTP_AUTH_NONE, false },
		{ PA "Basic realm=\"a, b\"\r\n", "a, b", HTTP_AUTH_BASIC,
		    false },
		{ PA "basic\r\n", "", HTTP_AUTH_BASIC, false },
		{ PA "Digest realm=x, nonce=\"n\"\r\n", "x", HTTP_AUTH_MD5,
		    false },
		{ PA "Digest nonce=\"n\" , realm = \"x\",qop=\"auth-int,"
		    "auth\"\r\n", "x", HTTP_AUTH_MD5, true },
		{ PA "Basic realm=\"b\", Digest realm=\"d\", nonce=\"n\"\r\n",
		    "d", HTTP_AUTH_MD5, false },
		{ PA "Digest realm=\"5\", nonce=\"n\"\r\n" PA "Digest "
		    "realm=\"2\", nonce=\"n\", algorithm=SHA-256\r\n", "2",
		    HTTP_AUTH_SHA256, false },
		{ PA "Negotiate abc==, Basic realm=\"b\"\r\n", "b",
		    HTTP_AUTH_BASIC, false },
		{ PA "Digest realm=\"d\"\r\n", "", HTTP_AUTH_NONE, false },
		{ PA "Digest nonce=\"n\", qop=\"auth-int\"\r\n", "",
		    HTTP_AUTH_NONE, false },
		{ PA "Digest nonce=\"n\", algorithm=SHA-512-256\r\n", "",
		    HTTP_AUTH_NONE, false },
		{ PA "Digest nonce=\"n\", realm=\"folded\r\n away\"\r\n", "",
		    HTTP_AUTH_NONE, false },
		{ "WWW-Authenticate: Basic realm=\"w\"\r\n", "",
		    HTTP_AUTH_NONE, false },
	};

	for (size_t i = 0; i < NELEMS(rows); i++) {
		struct http_challenge c;

		read_challenge(&c, rows[i].fields);
		CHECK(c.how == rows[i].how, "%s: %d", rows[i].fields,
		    (int)c.how);
		CHECK(strcmp(c.realm, rows[i].realm) == 0, "%s: '%s'",
		    rows[i].fields, c.realm);
		CHECK(c.qop == rows[i].qop, "%s: qop", rows[i].fields);
	}
}

static void
test_what_is_too_long_is_unknown(void)
{
	char field[HTTP_AUTH_PARAM + 64], nonce[HTTP_AUTH_PARAM + 1];
	struct http_challenge c;

	memset(nonce, 'n', HTTP_AUTH_PARAM);
	nonce[HTTP_AUTH_PARAM] = '\0';
	snprintf(field, sizeof field, PA "Digest nonce=\"%s\"\r\n", nonce);
	read_challenge(&c, field);
	CHECK(c.how == HTTP_AUTH_NONE, "512 bytes");
	snprintf(field, sizeof field, PA "Digest nonce=\"%s\"\r\n", nonce + 1);
	read_challenge(&c, field);
	CHECK(c.how == HTTP_AUTH_MD5, "511 bytes");
}

/* Notes what is hashed; the digest is its number. */
struct notes {
	char	 text[3][256];
	int	 n;
	bool	 sha256;
};

static int
note(void *arg, bool sha256, const void *p, size_t n, unsigned char *to)
{
	struct notes *t = arg;

	t->sha256 = sha256;
	snprintf(t->text[t->n], sizeof t->text[0], "%.*s", (int)n,
	    (const char *)p);
	memset(to, ++t->n, HTTP_AUTH_HASH);
	return 0;
}

#define ONE "01010101010101010101010101010101"
#define TWO "02020202020202020202020202020202"
#define THREE "03030303030303030303030303030303"

/* RFC 7616 3.4 */
static void
test_the_digest_is_of_the_right_bytes(void)
{
	struct notes notes = { .n = 0 };
	struct http_credentials c = { "M\"fasa", "Circle of Life", "CONNECT",
		"a:80", "c0", note, &notes };
	struct http_challenge ch = { .how = HTTP_AUTH_SHA256, .qop = true,
		.algorithm = true, .realm = "a\\\"b", .nonce = "7yp",
		.opaque = "op" };
	char out[HTTP_AUTH_MAX];

	CHECK(http_auth_write(out, sizeof out, &ch, &c) > 0, "written");
	CHECK(notes.sha256, "SHA-256");
	CHECK(strcmp(notes.text[0], "M\"fasa:a\"b:Circle of Life") == 0, "%s",
	    notes.text[0]);
	CHECK(strcmp(notes.text[1], "CONNECT:a:80") == 0, "%s",
	    notes.text[1]);
	CHECK(strcmp(notes.text[2], ONE ONE ":7yp:00000001:c0:auth:"
	    TWO TWO) == 0, "%s", notes.text[2]);
	CHECK(strcmp(out, "Digest username=\"M\\\"fasa\", realm=\"a\\\"b\", "
	    "nonce=\"7yp\", uri=\"a:80\", response=\"" THREE THREE
	    "\", qop=auth, nc=00000001, cnonce=\"c0\", algorithm=SHA-256, "
	    "opaque=\"op\"") == 0, "%s", out);
	notes.n = 0;
	ch = (struct http_challenge){ .how = HTTP_AUTH_MD5, .nonce = "7yp" };
	CHECK(http_auth_write(out, sizeof out, &ch, &c) > 0, "written");
	CHECK(strcmp(notes.text[2], ONE ":7yp:" TWO) == 0, "%s",
	    notes.text[2]);
	notes.n = 0;
	CHECK(http_auth_write(out, 40, &ch, &c) == -1, "no room");
}

static void
test_basic_is_written_and_known_again(void)
{
	struct http_credentials c = { .user = "Aladdin",
		.pass = "open sesame" };
	struct http_challenge ch = { .how = HTTP_AUTH_BASIC };
	char out[HTTP_AUTH_MAX];
	struct http_text v = { out, 0 };

	/* RFC 7617 2 */
	CHECK(http_auth_write(out, sizeof out, &ch, &c) > 0 && strcmp(out,
	    "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == 0, "%s", out);
	v.n = strlen(out);
	CHECK(http_auth_basic_is(v, "Aladdin", "open sesame"), "good");
	CHECK(!http_auth_basic_is(v, "Aladdin", "open sesam"), "shorter");
	CHECK(!http_auth_basic_is(v, "Aladdin", "open sesame1"), "longer");
	CHECK(!http_auth_basic_is(v, "", ""), "empty");
	v.n--;
	CHECK(!http_auth_basic_is(v, "Aladdin", "open sesame"), "cut");
	c.user = "a:b";
	CHECK(http_auth_write(out, sizeof out, &ch, &c) == -1, "colon");
	CHECK(!http_auth_basic_is((struct http_text){ "Basic", 5 }, "", "x"),
	    "none");
}

int
main(void)
{
	RUN(test_base64_is_read_strictly);
	RUN(test_the_best_challenge_is_chosen);
	RUN(test_what_is_too_long_is_unknown);
	RUN(test_the_digest_is_of_the_right_bytes);
	RUN(test_basic_is_written_and_known_again);
	return unit_end();
}
