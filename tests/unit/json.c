/* SPDX-License-Identifier: MIT */
#include "proto/json.h"

#include "base/buf.h"
#include "seen.h"

static struct seen seen;	/* the sink under test */

static const char *
text(struct buf *b)
{
	CHECK(buf_add(b, "", 1) == 0, "full");
	return buf_head(b);
}

static void
strings(void)
{
	static const struct {
		const char *in, *want;
	} t[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "a\"b\\c/", "\"a\\\"b\\\\c/\"" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01\x1b\x7f", "\"\\u0001\\u001b\\u007f\"" },
		{ "caf\xc3\xa9 \xf0\x9f\x98\x80",
		    "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"" },
		/* obeyed or misread by a terminal */
		{ "\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0",
		    "\"\\u0080\\u009b\\u009f\xc2\xa0\"" },
		{ "\xe2\x80\x8d\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\x90",
		    "\"\xe2\x80\x8d\\u200e\\u200f\xe2\x80\x90\"" },
		{ "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x80\xae",
		    "\"\\u2028\\u2029\\u202a\\u202e\"" },
		{ "\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9",
		    "\"\xe2\x80\xaf\xe2\x81\xa5\\u2066\\u2069\"" },
		/* no characters: each byte is U+FFFD */
		{ "\xff", "\"\\ufffd\"" },
		{ "\xc0\x80", "\"\\ufffd\\ufffd\"" },
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },
		{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x41", "\"\\ufffdA\"" },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		struct buf b = BUF_MAX(1000);
		struct json j;

		json_init(&j, &b);
		json_str(&j, t[i].in);
		CHECK(!j.failed, "%s", t[i].want);
		same(text(&b), t[i].want);
		buf_free(&b);
	}
}

static void
utf8(void)
{
	static const struct {
		const char *in;
		size_t n;
		bool utf8, text;
	} t[] = {
		{ "", 0, true, true },
		{ "abc", 3, true, true },
		{ "a\0b", 3, true, false },
		{ "\xc3\xa9", 2, true, true },
		{ "\xc3", 1, false, false },
		{ "\xc1\xbf", 2, false, false },
		{ "\xe0\x9f\xbf", 3, false, false },
		{ "\xe0\xa0\x80", 3, true, true },
		{ "\xed\x9f\xbf", 3, true, true },
		{ "\xed\xa0\x80", 3, false, false },
		{ "\xf0\x8f\xbf\xbf", 4, false, false },
		{ "\xf0\x90\x80\x80", 4, true, true },
		{ "\xf4\x8f\xbf\xbf", 4, true, true },
		{ "\xf5\x80\x80\x80", 4, false, false },
		{ "\x80", 1, false, false },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		CHECK(json_is_utf8(t[i].in, t[i].n) == t[i].utf8, "%zu", i);
		CHECK(json_is_text(t[i].in, t[i].n) == t[i].text, "%zu", i);
	}
}

/* RFC 4648 section 10 */
static void
base64(void)
{
	static const char *const t[][2] = {
		{ "", "\"\"" }, { "f", "\"Zg==\"" }, { "fo", "\"Zm8=\"" },
		{ "foo", "\"Zm9v\"" }, { "foob", "\"Zm9vYg==\"" },
		{ "fooba", "\"Zm9vYmE=\"" }, { "foobar", "\"Zm9vYmFy\"" },
		{ "\xff\xfe\xfb", "\"//77\"" },
	};

	for (size_t i = 0; i < NELEMS(t); i++) {
		struct buf b = BUF_MAX(1000);
		struct json j;

		json_init(&j, &b);
		json_base64(&j, t[i][0], strlen(t[i][0]));
		same(text(&b), t[i][1]);
		buf_free(&b);
	}
}

static void
nesting(void)
{
	struct buf b = BUF_MAX(1000);
	struct json j;

	json_init(&j, &b);
	json_open(&j, '{');
	json_key(&j, "a");
	json_int(&j, -9007199254740991);
	json_key(&j, "b");
	json_open(&j, '[');
	json_bool(&j, true);
	json_null(&j);
	json_open(&j, '{');
	json_close(&j, '}');
	json_open(&j, '[');
	json_close(&j, ']');
	json_close(&j, ']');
	json_key(&j, "c");
	json_str(&j, NULL);
	json_close(&j, '}');
	same(text(&b), "{\"a\":-9007199254740991,"
	    "\"b\":[true,null,{},[]],\"c\":null}");
	buf_free(&b);
}

static void
full(void)
{
	for (size_t max = 0; max < 20; max++) {
		struct buf b = BUF_MAX(max);
		struct json j;

		json_init(&j, &b);
		json_open(&j, '[');
		json_str(&j, "0123456789");
		json_base64(&j, "abc", 3);
		json_close(&j, ']');
		CHECK(j.failed, "fits into %zu", max);
		CHECK(b.len <= max, "%zu in %zu", b.len, max);
		buf_free(&b);
	}
}

#define WALL "\"wall\":\"2026-11-22T17:22:53."

static void
common_keys(void)
{
	struct addr us = at("127.0.0.1", 53124), peer = at("fe80::1%1", 80);

	open_json(&seen);
	tell(&seen, 0, (struct talk_event){ .kind = TALK_IDLE });
	tell(&seen, 3, (struct talk_event){ .kind = TALK_REFUSED, .conn = 7,
	    .local = &us, .peer = &peer, .err = ECONNREFUSED,
	    TALK_VALUES(TALK_S(TF_PHASE, "connect"),
	    TALK_I(TF_DUR_US, 48)) });
	tell(&seen, 3, (struct talk_event){ .kind = TALK_TELNET, .out = true,
	    TALK_VALUES(TALK_S(TF_CMD, "DO"), TALK_I(TF_OPT, 1),
	    TALK_S(TF_DIR, "out")) });
	close_seen(&seen);
	same(seen.text,
	    "{\"ev\":\"idle\",\"n\":1,\"t_ns\":0," WALL "354537Z\"}\n"
	    "{\"ev\":\"refused\",\"n\":1,\"t_ns\":300000," WALL "354837Z\","
	    "\"conn\":7,\"local\":{\"ip\":\"127.0.0.1\",\"port\":53124},"
	    "\"peer\":{\"ip\":\"fe80::1\",\"port\":80,\"scope\":1},"
	    "\"errno\":\"ECONNREFUSED\",\"phase\":\"connect\","
	    "\"dur_us\":48}\n"
	    "{\"ev\":\"telnet\",\"n\":1,\"t_ns\":300000," WALL "354837Z\","
	    "\"dir\":\"out\",\"cmd\":\"DO\",\"opt\":1}\n");
}

/* The event's own fields, behind the common keys. */
static void
fields_are(struct talk_event e, const char *want)
{
	const char *own;

	open_json(&seen);
	tell(&seen, 0, e);
	close_seen(&seen);
	own = strstr(seen.text, "354537Z\"");
	CHECK(own != NULL, "%s", seen.text);
	if (own != NULL)
		same(own + strlen("354537Z\""), want);
}

static void
fields(void)
{
	struct addr both[] = { at("::", 80), at("0.0.0.0", 0) };
	char a[] = "a", bc[] = "b c", *argv[] = { a, bc };
	const struct talk_pair pairs[] = {
		{ "Host", "x", 4, 1 }, { "Nul", "a\0b", 3, 3 },
	};

	fields_are(EVENT(TALK_START, TALK_I(TF_SCHEMA, 1),
	    TALK_S(TF_HOST, NULL), TALK_SS(TF_ARGV, argv, 2)),
	    ",\"schema\":1,\"argv\":[\"a\",\"b c\"]}\n");
	fields_are(EVENT(TALK_CLOSED, TALK_I(TF_RTT_US, TALK_UNKNOWN),
	    TALK_I(TF_SENT, 0), TALK_I(TF_KEEP_ALIVE, 1)),
	    ",\"sent\":0,\"keep_alive\":true}\n");
	fields_are(EVENT(TALK_LISTENING, TALK_AS(TF_LOCALS, both, 2)),
	    ",\"local\":[{\"ip\":\"::\",\"port\":80},"
	    "{\"ip\":\"0.0.0.0\"}]}\n");
	fields_are(EVENT(TALK_HTTP, TALK_PS(TF_HEADERS, pairs, 2)),
	    ",\"dir\":\"in\",\"headers\":[[\"Host\",\"x\"],"
	    "[\"Nul\",\"a\\u0000b\"]]}\n");
	fields_are(EVENT(TALK_ERROR, TALK_I(TF_ERRNO, EPIPE)),
	    ",\"errno\":\"EPIPE\"}\n");
	fields_are(EVENT(TALK_TELNET, TALK_B(TF_DATA_B64, "a", 1)),
	    ",\"dir\":\"in\",\"data_b64\":\"YQ==\"}\n");
}

static void
objects(void)
{
	fields_are(EVENT(TALK_BIND_FAILED, TALK_I(TF_OWNER_PID, 4242),
	    TALK_S(TF_OWNER_CMD, "python3"),
	    TALK_I(TF_OWNER_TIMER_S, TALK_UNKNOWN), TALK_I(TF_PORT, 80)),
	    ",\"owner\":{\"pid\":4242,\"cmd\":\"python3\"},\"port\":80}\n");
	fields_are(EVENT(TALK_BIND_FAILED,
	    TALK_S(TF_OWNER_STATE, "TIME_WAIT")),
	    ",\"owner\":{\"state\":\"TIME_WAIT\"}}\n");
	fields_are(EVENT(TALK_BIND_FAILED, TALK_S(TF_OWNER_CMD, NULL)),
	    "}\n");
}

static void
payload(void)
{
	fields_are(EVENT(TALK_RECEIVED, TALK_I(TF_BYTES, 3),
	    TALK_I(TF_OFF, 0), TALK_B(TF_DATA, "a\r\n", 3)),
	    ",\"bytes\":3,\"off\":0,\"text\":\"a\\r\\n\"}\n");
	fields_are(EVENT(TALK_RECEIVED, TALK_B(TF_DATA, "\0\1\xffhi", 5)),
	    ",\"b64\":\"AAH/aGk=\"}\n");
	fields_are(EVENT(TALK_PORT, TALK_B(TF_BANNER, "\xff", 1)),
	    ",\"banner_b64\":\"/w==\"}\n");
	fields_are(EVENT(TALK_RECEIVED, TALK_B(TF_DATA, "", 0)),
	    ",\"text\":\"\"}\n");
	fields_are(EVENT(TALK_RECEIVED, TALK_B(TF_DATA, NULL, 12)), "}\n");
}

static void
foreign_text_that_is_not_utf8(void)
{
	char cafe[] = "caf\xe9", b[] = "b", *argv[] = { cafe, b };
	const struct talk_pair pair = { "X", "\xff", 1, 1 };

	fields_are(EVENT(TALK_HTTP, TALK_S(TF_REASON, "caf\xe9"),
	    TALK_I(TF_STATUS, 200)), ",\"dir\":\"in\","
	    "\"reason\":\"caf\\ufffd\",\"reason_b64\":\"Y2Fm6Q==\","
	    "\"status\":200}\n");
	fields_are(EVENT(TALK_START, TALK_SS(TF_ARGV, argv, 2)),
	    ",\"argv\":[\"caf\\ufffd\",\"b\"],"
	    "\"argv_b64\":[\"Y2Fm6Q==\",\"Yg==\"]}\n");
	fields_are(EVENT(TALK_HTTP, TALK_PS(TF_HEADERS, &pair, 1)),
	    ",\"dir\":\"in\",\"headers\":[[\"X\",\"\\ufffd\"]],"
	    "\"headers_b64\":[[\"WA==\",\"/w==\"]]}\n");
	fields_are(EVENT(TALK_BIND_FAILED, TALK_S(TF_OWNER_CMD, "\xff")),
	    ",\"owner\":{\"cmd\":\"\\ufffd\",\"cmd_b64\":\"/w==\"}}\n");
}

static void
lost(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct talk_sink *s = talk_json_new(fd, TALK_JSON_AUTO);
	struct talk_event e = { .kind = TALK_IDLE };

	errno = 0;
	CHECK(s->tell(s, &e) == -1 && errno == ENOSPC, "%d", errno);
	s->end(s);
	close(fd);
}

int
main(void)
{
	RUN(strings);
	RUN(utf8);
	RUN(base64);
	RUN(nesting);
	RUN(full);
	RUN(common_keys);
	RUN(fields);
	RUN(objects);
	RUN(payload);
	RUN(foreign_text_that_is_not_utf8);
	RUN(lost);
	return unit_end();
}
