/* SPDX-License-Identifier: MIT */
#include "talk/text.h"

#include <locale.h>

#include "seen.h"

/* A whole conversation of http-get, in any dress. */
static void
http_get(struct seen *s)
{
	struct addr v6 = at("::1", 80), v4 = at("127.0.0.1", 80);
	struct addr us = at("127.0.0.1", 53124), both[] = { v6, v4 };

	tell(s, 0, EVENT(TALK_START, TALK_I(TF_SCHEMA, 1),
	    TALK_S(TF_COMMAND, "http-get")));
	tell(s, 0, EVENT(TALK_RESOLVE, TALK_S(TF_HOST, "localhost"),
	    TALK_AS(TF_ADDRS, both, 2), TALK_S(TF_SOURCE, "files"),
	    TALK_I(TF_DUR_US, 100)));
	tell(s, 3, (struct talk_event){ .kind = TALK_REFUSED, .peer = &v6,
	    .err = ECONNREFUSED, TALK_VALUES(TALK_S(TF_PHASE, "connect"),
	    TALK_I(TF_DUR_US, 48), TALK_I(TF_ATTEMPT, 1),
	    TALK_I(TF_OF, 2)) });
	tell(s, 4, (struct talk_event){ .kind = TALK_CONNECTED, .conn = 1,
	    .local = &us, .peer = &v4, TALK_VALUES(TALK_I(TF_DUR_US, 100),
	    TALK_I(TF_ATTEMPT, 2), TALK_I(TF_OF, 2)) });
	SENT_CRLF(s, 5, 1, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	GOT_CRLF(s, 19, 1, "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n");
	GOT(s, 19, 1, "<h1>hello</h1>\n");
	tell(s, 21, (struct talk_event){ .kind = TALK_CLOSED, .conn = 1,
	    .local = &us, .peer = &v4,
	    TALK_VALUES(TALK_S(TF_WHO_FIRST, "peer"), TALK_I(TF_SENT, 72),
	    TALK_I(TF_RECEIVED, 98), TALK_I(TF_DUR_US, 1700),
	    TALK_I(TF_RTT_US, TALK_UNKNOWN), TALK_I(TF_RETRANS, 0),
	    TALK_I(TF_UNSENT, 0)) });
	tell(s, 22, EVENT(TALK_SUMMARY, TALK_I(TF_EXIT, 0)));
}

static void
arrows(void)
{
	static struct seen s;

	open_text(&s, (struct talk_text_opts){ .payload = true, .utf8 = true,
	    .peer_word = "the server" });
	http_get(&s);
	close_seen(&s);
	same(s.text,
"  0.0000 * resolve   localhost is ::1 and 127.0.0.1 (/etc/hosts, 0.1 ms)\n"
"  0.0003 ! connect   [::1]:80 refused: nothing listens there; "
    "trying the next address\n"
"  0.0004 * connect   127.0.0.1:80, from 127.0.0.1:53124 (0.1 ms)\n"
"  0.0005 → GET / HTTP/1.1\n"
"         → Host: localhost\n"
"         →\n"
"  0.0019 ← HTTP/1.1 200 OK\n"
"         ← Server: x\n"
"         ←\n"
"         ← <h1>hello</h1>\n"
"  0.0021 * closed    by the server first; sent 72 B, received 98 B, 1.7 ms, "
    "no retransmits\n");
}

static void
ascii_marks(void)
{
	static struct seen s;

	open_text(&s, (struct talk_text_opts){ .payload = true,
	    .time = TALK_TIME_NONE });
	http_get(&s);
	close_seen(&s);
	same(s.text,
"* resolve   localhost is ::1 and 127.0.0.1 (/etc/hosts, 0.1 ms)\n"
"! connect   [::1]:80 refused: nothing listens there; "
    "trying the next address\n"
"* connect   127.0.0.1:80, from 127.0.0.1:53124 (0.1 ms)\n"
"> GET / HTTP/1.1\n"
"> Host: localhost\n"
">\n"
"< HTTP/1.1 200 OK\n"
"< Server: x\n"
"<\n"
"< <h1>hello</h1>\n"
"* closed    by the peer first; sent 72 B, received 98 B, 1.7 ms, "
    "no retransmits\n");
}

static void
words(void)
{
	static struct seen s;

	open_text(&s, (struct talk_text_opts){ .payload = true, .utf8 = true,
	    .marks = TALK_MARKS_WORDS });
	http_get(&s);
	close_seen(&s);
	same(s.text,
"  0.0000 info: resolve localhost is ::1 and 127.0.0.1 "
    "(/etc/hosts, 0.1 ms)\n"
"  0.0003 error: connect [::1]:80 refused: nothing listens there; "
    "trying the next address\n"
"  0.0004 info: connect 127.0.0.1:80, from 127.0.0.1:53124 (0.1 ms)\n"
"  0.0005 sent: GET / HTTP/1.1\n"
"         sent: Host: localhost\n"
"         sent:\n"
"  0.0019 received: HTTP/1.1 200 OK\n"
"         received: Server: x\n"
"         received:\n"
"         received: <h1>hello</h1>\n"
"  0.0021 info: closed by the peer first; sent 72 B, received 98 B, 1.7 ms, "
    "no retransmits\n");
}

static void
colors(void)
{
	static struct seen s;
	struct addr a = at("127.0.0.1", 8081);

	open_text(&s, (struct talk_text_opts){ .payload = true, .utf8 = true,
	    .color = true });
	tell(&s, 1, (struct talk_event){ .kind = TALK_REFUSED, .peer = &a,
	    .err = ECONNREFUSED, TALK_VALUES(TALK_I(TF_DUR_US, 50),
	    TALK_S(TF_TRY, "start a server")) });
	SENT(&s, 2, 1, "hi\n");
	GOT(&s, 3, 1, "a\033[6nb");
	GOT(&s, 4, 1, "c\n");
	close_seen(&s);
	same(s.text,
"  0.0001 \033[1;31m! connect   127.0.0.1:8081 refused "
    "(ECONNREFUSED, 0.05 ms)\033[m\n"
"         try: start a server\n"
"  0.0002 \033[36m→ hi\033[m\n"
"  0.0003 \033[33m← a\033[7m\\e\033[27m[6nb\033[m\033[33mc\033[m\n");
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	RUN(arrows);
	RUN(ascii_marks);
	RUN(words);
	RUN(colors);
	return unit_end();
}
