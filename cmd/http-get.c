/* SPDX-License-Identifier: MIT */
/*
 * sockt http-get - fetch a page over HTTP and show the conversation
 */
#include <errno.h>

#include "base/vis.h"
#include "fetch/by_proxy.h"
#include "fetch/fetch.h"
#include "fetch/locator.h"
#include "fetch/output.h"
#include "fetch/request.h"
#include "groups.h"
#include "net/conn.h"
#include "proto/url.h"

static opt_fn add_field;

static struct {
	struct reach_opts reach;
	struct sockopt	 sockopt;
	struct tls_opts	 tls;
	int		 idle_ms, timeout_ms;
	const char	*output;
	bool		 include, head, https;
	struct request	 request;
} cfg = { .reach = { .timeout_ms = REACH_TIMEOUT_MS, .tls = &cfg.tls,
	  .sockopt = &cfg.sockopt }, .tls.alpn_default = "http/1.1" };

static const struct opt opts[] = {
	OPT_STR('o', "output", &cfg.output, "FILE",
	    "write the content to FILE, whole or not at all"),
	OPT_FLAG('i', "include", &cfg.include, "write the head as well"),
	OPT_FLAG('I', "head", &cfg.head, "ask for the head alone (HEAD)"),
	OPT_CUSTOM('H', "header", &cfg.request, "FIELD", add_field,
	    "send 'Name: value'; 'Name:' leaves one of ours out"),
	OPTS_REACH(&cfg.reach),
	OPT_IDLE_TIMEOUT(&cfg.idle_ms),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPTS_SOCKET(&cfg.sockopt),
	OPTS_TLS(&cfg.tls),
	OPTS_TALK,
	OPT_END
};

/* One address on the command line, and its conversation. */
struct get {
	struct session	*s;
	struct locator	 from;
	struct by_proxy	 by;
	struct output	 out;
	struct fetch	*fetch;
	bool		 unwanted;	/* the reply; not a fault */
	struct why	 why;
};

static const char *
add_field(const struct opt *o, const char *arg)
{
	struct request *r = o->to;
	const char *bad = request_field_bad(arg);

	if (bad == NULL && r->nfields == REQUEST_FIELDS)
		bad = "one too many";
	if (bad == NULL)
		r->fields[r->nfields++] = arg;
	return bad;
}

static int
prepare(struct get *g, int argc, char **argv)
{
	struct request *r = &cfg.request;

	if (locator_parse(&g->from, argc, argv, cfg.https, &g->why) < 0 ||
	    by_proxy_init(&g->by, &cfg.reach.proxy, g->from.https,
	    &g->why) < 0)
		return -1;
	cfg.tls.on = g->from.https;
	cfg.reach.plain = g->by.on;
	r->method = cfg.head ? "HEAD" : "GET";
	r->target = g->from.target;
	r->host = g->from.host;
	return by_proxy_head(&g->by, r, &g->why);
}

static void
get_free(struct get *g)
{
	by_proxy_free(&g->by);
	locator_free(&g->from);
}

/* --- the conversation --- */

static void
tell_file(struct get *g)
{
	if (g->out.path != NULL)
		talk_tell(&g->s->talk, &(struct talk_event){
		    .kind = TALK_FILE,
		    TALK_VALUES(TALK_S(TF_PATH, g->out.path),
		    TALK_I(TF_BYTES, g->out.bytes),
		    TALK_S(TF_MODE, "receive")) });
}

/* The reply is all there; whether it is the wanted one is another matter. */
static void
judge(struct get *g)
{
	unsigned status = fetch_status(g->fetch);
	char reason[64 * VIS_GROWTH];

	if (output_done(&g->out, &g->why) < 0)
		return;
	tell_file(g);
	if (status >= 100 && status < 400)
		return;
	vis_str(reason, sizeof reason, fetch_reason(g->fetch),
	    strlen(fetch_reason(g->fetch)));
	why_set(&g->why, WHY_NO, 0, "%s: %03u%s%s", g->from.name, status,
	    reason[0] ? " " : "", reason);
	if (g->s->out == SESSION_VIEW || g->s->out == SESSION_JSON)
		g->why.what[0] = '\0';	/* it has been shown */
}

static void
on_done(void *arg, const struct why *why)
{
	struct get *g = arg;

	if (why->kind != WHY_NONE)
		g->why = *why;
	else if (!g->unwanted)
		judge(g);
	session_leave(g->s, NULL);
}

static bool
on_reply(void *arg, const struct http_response *r)
{
	struct get *g = arg;

	return g->unwanted = by_proxy_unwanted(&g->by, r, g->from.name,
	    &g->why);
}

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct get *g = arg;
	struct fetch_opts o = {
		.method = cfg.request.method, .target = g->from.target,
		.request = buf_head(&g->by.head),
		.shown = by_proxy_shown(&g->by),
		.request_len = g->by.head.len, .unwanted = on_reply,
		.to_head = cfg.head, .include = cfg.include || cfg.head,
		.show = cfg.output == NULL, .idle_ms = cfg.idle_ms,
		.done = on_done, .arg = g,
	};

	if (c == NULL) {
		on_done(g, why);
		return;
	}
	say_doubt(g->s, c);
	g->fetch = fetch_new(g->s->loop, c, &g->out, &o);
	if (g->fetch != NULL)
		fetch_start(g->fetch);
	else {
		why_set(&g->why, WHY_LOCAL, ENOMEM, "out of memory");
		session_leave(g->s, NULL);
	}
}

/* stdout has the view, or the events, or the content. */
static const char *
where(const struct session *s)
{
	if (cfg.output != NULL && strcmp(cfg.output, "-") != 0)
		return cfg.output;
	return s->out == SESSION_BYTES ? "-" : NULL;
}

static void
once(struct session *s, struct get *g)
{
	g->unwanted = false;
	if (reach(s, &g->from.at, &cfg.reach, on_dialed, g) == 0)
		session_run(s);
	else {
		g->why = s->why;
		why_clear(&s->why);
	}
	fetch_free(g->fetch);
	g->fetch = NULL;
}

/*
 * One address. g->why has what became of it; s->why has a cause only if
 * everything must end: a signal, a time limit, stdout lost.
 */
static void
get(struct session *s, struct get *g, int argc, char **argv)
{
	if (prepare(g, argc, argv) == 0 &&
	    output_init(&g->out, where(s), &g->why) == 0)
		do
			once(s, g);
		while (g->by.again && g->why.kind == WHY_NONE &&
		    s->why.kind == WHY_NONE &&
		    by_proxy_head(&g->by, &cfg.request, &g->why) == 0);
	output_close(&g->out,
	    s->why.kind == WHY_NONE ? &g->why : &s->why);
	get_free(g);
}

/* All are looked at before the first is asked for. */
static int
check_all(int argc, char **argv, struct why *why)
{
	if (cfg.output != NULL)
		return why_set(why, WHY_USAGE, 0,
		    "--output is for one address, here are %d", argc);
	for (int i = 0; i < argc; i++) {
		struct get g = { 0 };

		if (!url_has_scheme(argv[i]))
			return locator_bad(argv[i],
			    url_err_text(URL_E_SCHEME), why);
		if (prepare(&g, 1, argv + i) < 0)
			*why = g.why;
		get_free(&g);
		if (why->kind != WHY_NONE)
			return -1;
	}
	return 0;
}

/* Each failure is told of at once; the first is the exit status. */
static void
get_all(struct session *s, int argc, char **argv)
{
	struct why first = { 0 };

	for (int i = 0; i < argc && s->why.kind == WHY_NONE; i++) {
		struct get g = { .s = s };

		get(s, &g, 1, argv + i);
		if (g.why.kind == WHY_SIGNAL) {	/* nobody reads on */
			s->why = g.why;
			return;
		}
		diag_why(&g.why);
		if (first.kind == WHY_NONE)
			first = g.why;
	}
	first.what[0] = '\0';
	if (s->why.kind == WHY_NONE)
		s->why = first;
}

static void
get_one(struct session *s, int argc, char **argv)
{
	struct get g = { .s = s };

	get(s, &g, argc, argv);
	if (s->why.kind == WHY_NONE)
		s->why = g.why;
}

static void
run(struct session *s, int argc, char **argv)
{
	cfg.https = cfg.tls.on;
	session_limit(s, cfg.timeout_ms);
	if (argc == 1 || (argc <= LOCATOR_OPERANDS && !url_has_scheme(argv[0])))
		get_one(s, argc, argv);
	else if (check_all(argc, argv, &s->why) == 0)
		get_all(s, argc, argv);
}

const struct cmd cmd_http_get = {
	.name = "http-get",
	.args = "HOST [PORT [PATH]] | URL...",
	.help = "fetch a page over HTTP and show the conversation",
	.examples =
	    "sockt http-get localhost 8080 /       see what is said\n"
	    "sockt http-get http://localhost:8080/ >page.html\n"
	    "sockt http-get -o page.html http://localhost:8080/\n",
	.opts = opts,
	.min = 1, .max = -1,
	.peer = "the server",
	.run = run,
};
