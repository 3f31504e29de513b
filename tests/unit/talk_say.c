/* SPDX-License-Identifier: MIT */
#include "talk/text.h"

#include <locale.h>

#include "seen.h"

static struct seen seen;	/* the sink under test */

static void
begin(bool numbered, int verbose)
{
	open_text(&seen, (struct talk_text_opts){ .payload = true,
	    .utf8 = true, .numbered = numbered, .verbose = verbose });
}

static void
ends(const char *want)
{
	close_seen(&seen);
	same(seen.text, want);
}

/* The text of one event, without its time. */
static void
says(struct talk_event e, const char *want)
{
	open_text(&seen, (struct talk_text_opts){ .utf8 = true,
	    .time = TALK_TIME_NONE, .verbose = 1 });
	tell(&seen, 0, e);
	close_seen(&seen);
	same(seen.text, want);
}

static struct talk_event
on(unsigned conn, struct talk_event e)
{
	e.conn = conn;
	return e;
}

static void
two_clients(void)
{
	struct addr any[] = { at("::", 8080), at("0.0.0.0", 8080) };
	struct addr me = at("127.0.0.1", 8080), net = at("192.0.2.17", 8080);
	struct addr one = at("127.0.0.1", 40112), two = one;

	addr_set_port(&two, 40114);
	begin(true, 0);
	tell(&seen, 0, EVENT(TALK_LISTENING, TALK_AS(TF_LOCALS, any, 2),
	    TALK_S(TF_REACH, "network"), TALK_AS(TF_ADDRS, &net, 1)));
	tell(&seen, 32141, (struct talk_event){ .kind = TALK_ACCEPTED,
	    .conn = 1, .local = &me, .peer = &one });
	GOT(&seen, 32143, 1, "hello from one\n");
	tell(&seen, 50020, (struct talk_event){ .kind = TALK_ACCEPTED,
	    .conn = 2, .local = &me, .peer = &two });
	GOT(&seen, 50981, 2, "hello from two\n");
	SENT(&seen, 67710, 2, "hi two\n");
	tell(&seen, 74000, on(1, EVENT(TALK_HALF_CLOSED,
	    TALK_S(TF_WHO, "peer"))));
	tell(&seen, 74001, on(1, EVENT(TALK_CLOSED,
	    TALK_S(TF_WHO_FIRST, "peer"), TALK_I(TF_SENT, 0),
	    TALK_I(TF_RECEIVED, 15), TALK_I(TF_DUR_US, 4200000),
	    TALK_I(TF_RETRANS, 0))));
	tell(&seen, 90017, EVENT(TALK_SIGNAL, TALK_S(TF_NAME, "SIGINT"),
	    TALK_I(TF_OPEN, 1)));
	tell(&seen, 90018, on(2, EVENT(TALK_CLOSED,
	    TALK_S(TF_WHO_FIRST, "us"), TALK_I(TF_SENT, 7),
	    TALK_I(TF_RECEIVED, 15), TALK_I(TF_DUR_US, 4000000))));
	tell(&seen, 90019, EVENT(TALK_SUMMARY, TALK_I(TF_CLIENTS, 2),
	    TALK_I(TF_RECEIVED, 30), TALK_I(TF_SENT, 7)));
	ends(
"  0.0000 * listen    [::]:8080 and 0.0.0.0:8080, any address of this "
    "machine; stop with Ctrl-C\n"
"                     reach it as: localhost:8080, 192.0.2.17:8080\n"
"  3.2141 #1 * accept 127.0.0.1:40112 → 127.0.0.1:8080\n"
"  3.2143 #1 ← hello from one\n"
"  5.0020 #2 * accept 127.0.0.1:40114 → 127.0.0.1:8080\n"
"  5.0981 #2 ← hello from two\n"
"  6.7710 #2 → hi two\n"
"  7.4000 #1 * half   peer finished sending (FIN); we may still send\n"
"  7.4001 #1 * closed by the peer first; sent 0 B, received 15 B, 4.2 s\n"
"  9.0017 * signal    SIGINT; 1 connection still open is closed\n"
"  9.0018 #2 * closed by us first; sent 7 B, received 15 B, 4.0 s\n"
"  9.0019 * summary   2 clients, received 30 B, sent 7 B\n");
}

static void
telnet(void)
{
	struct talk_event will = EVENT(TALK_TELNET, TALK_S(TF_CMD, "WILL"),
	    TALK_I(TF_OPT, 1), TALK_S(TF_OPT_NAME, "ECHO"),
	    TALK_S(TF_MEANING, "server offers: it will echo"));
	struct talk_event sga = EVENT(TALK_TELNET, TALK_S(TF_CMD, "DO"),
	    TALK_I(TF_OPT, 3), TALK_S(TF_OPT_NAME, "SUPPRESS-GO-AHEAD"),
	    TALK_S(TF_MEANING, "agreed"));

	sga.out = true;
	begin(false, 1);
	tell(&seen, 104, will);
	tell(&seen, 105, sga);
	GOT(&seen, 110, 1, "login: ");
	tell(&seen, 110, EVENT(TALK_MODE, TALK_S(TF_MODE, "character"),
	    TALK_S(TF_MEANING, "Ctrl-] for commands")));
	ends(
"  0.0104 ← * telnet  WILL ECHO          server offers: it will echo\n"
"  0.0105 → * telnet  DO SUPPRESS-GO-AHEAD   agreed\n"
"  0.0110 ← login: \\\n"
"         * mode      character mode; Ctrl-] for commands\n");

	begin(false, 0);
	tell(&seen, 104, will);
	ends("");
}

static void
site(void)
{
	struct addr me = at("127.0.0.1", 8000), peer = at("127.0.0.1", 5187);
	struct talk_event get = EVENT(TALK_HTTP, TALK_S(TF_METHOD, "GET"),
	    TALK_S(TF_TARGET, "/"), TALK_S(TF_AGENT, "Mozilla/5.0 (X11; "
	    "Linux; rv:128.0) Gecko/20100101 Firefox/128.0"));
	struct talk_event ok = EVENT(TALK_HTTP, TALK_I(TF_STATUS, 200),
	    TALK_S(TF_REASON, "OK"), TALK_S(TF_PATH, "index.html"),
	    TALK_S(TF_MEDIA_TYPE, "text/html"), TALK_I(TF_BODY_BYTES, 1201),
	    TALK_I(TF_DUR_US, 210));
	struct talk_event not = EVENT(TALK_HTTP, TALK_I(TF_STATUS, 304),
	    TALK_S(TF_REASON, "Not Modified"), TALK_I(TF_BODY_BYTES, 0),
	    TALK_I(TF_DUR_US, 100));
	struct talk_event no = EVENT(TALK_HTTP, TALK_I(TF_STATUS, 404),
	    TALK_S(TF_REASON, "Not Found"), TALK_S(TF_MEANING,
	    "no such file"), TALK_S(TF_PATH, "./public/favicon.ico"));

	ok.out = not.out = no.out = true;
	begin(true, 0);
	tell(&seen, 0, EVENT(TALK_LISTENING, TALK_AS(TF_LOCALS, &me, 1),
	    TALK_S(TF_URL, "http://localhost:8000/"),
	    TALK_S(TF_SERVING, "./public")));
	tell(&seen, 1, (struct talk_event){ .kind = TALK_ACCEPTED, .conn = 1,
	    .local = &me, .peer = &peer });
	tell(&seen, 2, on(1, get));
	tell(&seen, 3, on(1, ok));
	tell(&seen, 4, on(1, get));
	tell(&seen, 5, on(1, not));
	tell(&seen, 6, on(1, no));
	tell(&seen, 7, on(1, EVENT(TALK_IDLE, TALK_I(TF_SECONDS, 5),
	    TALK_S(TF_MEANING, "without a request: closed by us"))));
	ends(
"  0.0000 * listen    http://localhost:8000/  serving ./public, read only; "
    "this machine only (--public: every address)\n"
"  0.0001 #1 * accept 127.0.0.1:5187\n"
"  0.0002 #1 ← GET /                 Firefox 128\n"
"  0.0003 #1 → 200 index.html        1.2 kB text/html         0.2 ms\n"
"  0.0004 #1 ← GET /\n"
"  0.0005 #1 → 304 not modified      0 B                      0.1 ms\n"
"  0.0006 #1 ! 404 no such file      ./public/favicon.ico\n"
"  0.0007 #1 * idle   5 s without a request: closed by us\n");
}

static void
agents(void)
{
	static const char *const t[][2] = {
		{ "curl/7.88.1", "curl 7.88.1" },
		{ "Wget", "Wget" },
		{ "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) "
		    "HeadlessChrome/120.0.0.0 Safari/537.36", "Chrome 120" },
		{ "Mozilla/5.0 (X11) AppleWebKit/537.36 (KHTML, like Gecko) "
		    "Chrome/120.0.0.0 Safari/537.36 Edg/121.0", "Edge 121" },
		{ "Mozilla/5.0 (Mac) Version/17.1 Safari/605", "Safari 17" },
		{ "x\033]0;y\007/1 z", "x\\e]0;y\\x07 1" },
	};
	char want[80];

	for (size_t i = 0; i < NELEMS(t); i++) {
		snprintf(want, sizeof want, "← GET /                 %s\n",
		    t[i][1]);
		says(on(1, EVENT(TALK_HTTP, TALK_S(TF_METHOD, "GET"),
		    TALK_S(TF_TARGET, "/"), TALK_S(TF_AGENT, t[i][0]))),
		    want);
	}
}

static void
http_client(void)
{
	struct talk_event get = EVENT(TALK_HTTP, TALK_S(TF_METHOD, "GET"),
	    TALK_S(TF_TARGET, "/\033[2J"));
	struct talk_event no = EVENT(TALK_HTTP, TALK_I(TF_STATUS, 500),
	    TALK_S(TF_REASON, "Sad\r\n\xc2\x9b"));

	get.out = true;		/* the heads are shown, that is enough */
	says(get, "");
	says(no, "");
}

static void
cannot_listen(void)
{
	struct addr a = at("0.0.0.0", 8080);
	struct talk_event e = EVENT(TALK_BIND_FAILED, TALK_S(TF_TEXT,
	    "by evil\\e[2J, pid 4242, listening on 127.0.0.1:8080"),
	    TALK_S(TF_OWNER_CMD, "evil\033[2J"),
	    TALK_S(TF_TRY, "another port"));
	struct talk_event w = EVENT(TALK_BIND_FAILED, TALK_S(TF_TEXT,
	    "no program has it, but 1 finished connection is in "
	    "TIME_WAIT for 47 s more"));
	struct talk_event p = EVENT(TALK_BIND_FAILED, TALK_S(TF_TEXT,
	    "ports below 1024 are for root"));
	struct talk_event n = { .kind = TALK_BIND_FAILED };

	e.local = w.local = p.local = n.local = &a;
	e.err = w.err = EADDRINUSE;
	p.err = EACCES;
	n.err = EADDRNOTAVAIL;
	says(e, "! listen    0.0.0.0:8080 is in use (EADDRINUSE) by "
	    "evil\\e[2J, pid 4242, listening on 127.0.0.1:8080\n"
	    "try: another port\n");
	says(w, "! listen    0.0.0.0:8080 is in use (EADDRINUSE): no program "
	    "has it, but 1 finished connection is in TIME_WAIT for 47 s "
	    "more\n");
	says(p, "! listen    0.0.0.0:8080 needs privilege (EACCES): ports "
	    "below 1024 are for root\n");
	says(n, "! listen    0.0.0.0:8080 is not an address of this machine "
	    "(EADDRNOTAVAIL)\n");
}

static void
cannot_connect(void)
{
	struct addr a = at("192.0.2.1", 80);
	struct talk_event e = EVENT(TALK_UNREACHABLE,
	    TALK_S(TF_PHASE, "connect"), TALK_I(TF_DUR_US, 3000000),
	    TALK_I(TF_ATTEMPT, 1), TALK_I(TF_OF, 2));

	e.peer = &a;
	e.err = EHOSTUNREACH;
	says(e, "! connect   192.0.2.1:80 unreachable (EHOSTUNREACH, 3.0 s); "
	    "trying the next address\n");
	e.kind = TALK_DENIED;
	e.err = EACCES;
	says(e, "! connect   192.0.2.1:80 denied by this machine "
	    "(EACCES, 3.0 s); trying the next address\n");
	e.kind = TALK_TIMEOUT;
	says(e, "! timeout   192.0.2.1:80: no answer (3.0 s); "
	    "trying the next address\n");
	e.kind = TALK_ERROR;
	e.err = EMFILE;
	says(e, "! error     192.0.2.1:80: too many open files (EMFILE)\n");
	e.kind = TALK_ATTEMPT;
	says(e, "* connect   trying 192.0.2.1:80, address 1 of 2; no answer "
	    "yet, 3.0 s\n");
	says(EVENT(TALK_RESOLVE_FAILED, TALK_S(TF_HOST, "a\033b"),
	    TALK_S(TF_EAI, "EAI_NONAME"), TALK_I(TF_DUR_US, 2000)),
	    "! resolve   a\\eb: not resolved (EAI_NONAME, 2.0 ms)\n");
	says(EVENT(TALK_RESOLVE, TALK_S(TF_HOST, "127.0.0.1"),
	    TALK_S(TF_SOURCE, "literal")), "");
}

static void
the_rest(void)
{
	char cat[] = "cat", dash[] = "-\033", *argv[] = { cat, dash };

	says(EVENT(TALK_SPAWN, TALK_SS(TF_ARGV, argv, 2),
	    TALK_I(TF_PID, 7)), "* spawn     cat -\\e, pid 7\n");
	says(EVENT(TALK_EXIT, TALK_I(TF_PID, 7), TALK_I(TF_EXIT_STATUS, 1)),
	    "* exit      pid 7, status 1\n");
	says(EVENT(TALK_EXIT, TALK_I(TF_PID, 7),
	    TALK_S(TF_SIGNAL, "SIGTERM")),
	    "* exit      pid 7, ended by SIGTERM\n");
	says(EVENT(TALK_FILE, TALK_S(TF_PATH, "a.iso"),
	    TALK_I(TF_BYTES, 12400000), TALK_I(TF_TOTAL, 80000000),
	    TALK_S(TF_MODE, "receive")),
	    "* file      a.iso, 12.4 MB of 80 MB received\n");
	says(EVENT(TALK_RESET, TALK_S(TF_WHO, "peer"),
	    TALK_S(TF_DURING, "read"), TALK_I(TF_UNACKED, 12)),
	    "! reset     by the peer (RST), seen on read; "
	    "12 B not acknowledged\n");
	says((struct talk_event){ .kind = TALK_BROKEN, .err = EPIPE,
	    TALK_VALUES(TALK_I(TF_LOST, 120)) },
	    "! broken    the other side is gone (EPIPE); lost: 120 B\n");
	says(EVENT(TALK_WARNING, TALK_S(TF_TEXT, "a\\e and a\033")),
	    "! warning   a\\e and a\\e\n");
	says(EVENT(TALK_TIMEOUT, TALK_S(TF_PHASE, "run"),
	    TALK_I(TF_DUR_US, 5000000)),
	    "! timeout   not done in the time allowed (5.0 s)\n");
	says(EVENT(TALK_NOTE, TALK_S(TF_TEXT, "to #2")), "* note      to #2\n");
	says(EVENT(TALK_SUMMARY, TALK_I(TF_EXIT, 0), TALK_I(TF_SENT, 1)),
	    "");
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	RUN(two_clients);
	RUN(telnet);
	RUN(site);
	RUN(agents);
	RUN(http_client);
	RUN(cannot_listen);
	RUN(cannot_connect);
	RUN(the_rest);
	return unit_end();
}
