/* SPDX-License-Identifier: MIT */
/*
 * sockt http-get - fetch a page over HTTP and show the conversation
 */
#include <errno.h>

#include "base/buf.h"
#include "base/vis.h"
#include "fetch/fetch.h"
#include "fetch/output.h"
#include "fetch/request.h"
#include "groups.h"
#include "net/conn.h"
#include "proto/http_field.h"
#include "proto/url.h"

enum {
	SHOWN = 160,		/* bytes of an address in a message */
	OPERANDS = 3,		/* HOST PORT PATH */
};

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
	struct addr_operand at;
	char		 name[SHOWN];	/* for messages; safe */
	char		 host[REQUEST_HOST];
	char		*target;
	struct buf	 head;
	struct output	 out;
	struct fetch	*fetch;
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

/* --- what is asked for --- */

static int
bad_address(const char *text, const char *bad, struct why *why)
{
	char safe[SHOWN];

	return why_set(why, WHY_USAGE, 0, "'%s': %s",
	    vis_str(safe, sizeof safe, text, strlen(text)), bad);
}

/* The request target; in the worst case every byte of it becomes %XX. */
static int
take_target(struct get *g, const char *path, size_t n, struct why *why)
{
	size_t size = 3 * n + sizeof "/%XX";

	if (n > URL_MAX)
		return bad_address(path, url_err_text(URL_E_LONG), why);
	g->target = malloc(size);
	if (g->target == NULL || url_target(path, n, g->target, size) < 0)
		return why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
	return 0;
}

/* "http://..." or "HOST[:PORT]/PATH". */
static int
from_url(struct get *g, const char *text, struct why *why)
{
	struct url u;
	enum url_err e = url_parse(&u, text);

	if (e != URL_OK)
		return bad_address(text, url_err_text(e), why);
	if (cfg.https && !u.https && url_has_scheme(text))
		return bad_address(text, "--tls is for https", why);
	if (cfg.https)
		url_secure(&u);
	cfg.tls.on = u.https;
	if (url_host(&u, g->host, sizeof g->host) < 0)
		return bad_address(text, url_err_text(URL_E_LONG), why);
	snprintf(g->at.host, sizeof g->at.host, "%s", u.host);
	snprintf(g->at.service, sizeof g->at.service, "%u", u.port);
	return take_target(g, u.target, u.target_len, why);
}

/* HOST [PORT [PATH]]: the port may be a service name. */
static int
from_operands(struct get *g, int argc, char **argv, struct why *why)
{
	const char *path = argc > 2 ? argv[2] : "/";
	struct url u = { .https = cfg.https };
	unsigned port;

	if (argc == 2 && *argv[1] == '/') {
		bad_address(argv[1], "a path, where the port is due", why);
		return why_hint(why, "HOST PORT PATH, or HOST/PATH");
	}
	if (resolve_operands(argv, argc > 1 ? 2 : 1, u.https ? "443" : "80",
	    &g->at, why) < 0 || resolve_port(&port, g->at.service, 1, why) < 0)
		return -1;
	u.port = (uint16_t)port;
	u.v6 = strchr(g->at.host, ':') != NULL;
	snprintf(u.host, sizeof u.host, "%s", g->at.host);
	if (url_host(&u, g->host, sizeof g->host) < 0 ||
	    !http_is_host(g->host, strlen(g->host)))
		return bad_address(g->at.host, url_err_text(URL_E_HOST), why);
	return take_target(g, path, strlen(path), why);
}

static int
prepare(struct get *g, int argc, char **argv)
{
	bool is_url = url_has_scheme(argv[0]) ||	/* or "HOST/PATH" */
	    (argc == 1 && argv[0][strcspn(argv[0], "/?#")] != '\0');
	char full[sizeof "https://" + REQUEST_HOST + SHOWN];

	if ((is_url ? from_url(g, argv[0], &g->why)
	    : from_operands(g, argc, argv, &g->why)) < 0)
		return -1;
	snprintf(full, sizeof full, "http%s://%s%.*s", cfg.tls.on ? "s" : "",
	    g->host, SHOWN, g->target);
	vis_str(g->name, sizeof g->name, full, strlen(full));
	cfg.request.method = cfg.head ? "HEAD" : "GET";
	cfg.request.target = g->target;
	cfg.request.host = g->host;
	buf_init(&g->head, REQUEST_MAX);
	return request_head(&g->head, &cfg.request, &g->why);
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
	why_set(&g->why, WHY_NO, 0, "%s: %03u%s%s", g->name, status,
	    reason[0] ? " " : "", reason);
	if (g->s->out == SESSION_VIEW || g->s->out == SESSION_JSON)
		g->why.what[0] = '\0';	/* it has been shown */
}

static void
on_done(void *arg, const struct why *why)
{
	struct get *g = arg;

	if (why->kind == WHY_NONE)
		judge(g);
	else
		g->why = *why;
	session_leave(g->s, NULL);
}

static void
on_dialed(void *arg, struct conn *c, const struct why *why)
{
	struct get *g = arg;
	struct fetch_opts o = {
		.method = cfg.request.method, .target = g->target,
		.request = buf_head(&g->head), .request_len = g->head.len,
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

/*
 * One address. g->why has what became of it; s->why has a cause only if
 * everything must end: a signal, a time limit, stdout lost.
 */
static void
get(struct session *s, struct get *g, int argc, char **argv)
{
	if (prepare(g, argc, argv) == 0 &&
	    output_init(&g->out, where(s), &g->why) == 0) {
		if (reach(s, &g->at, &cfg.reach, on_dialed, g) == 0)
			session_run(s);
		else {
			g->why = s->why;
			why_clear(&s->why);
		}
	}
	fetch_free(g->fetch);
	output_close(&g->out,
	    s->why.kind == WHY_NONE ? &g->why : &s->why);
	buf_free(&g->head);
	free(g->target);
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
			return bad_address(argv[i],
			    url_err_text(URL_E_SCHEME), why);
		if (prepare(&g, 1, argv + i) < 0)
			*why = g.why;
		buf_free(&g.head);
		free(g.target);
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
	if (argc == 1 || (argc <= OPERANDS && !url_has_scheme(argv[0])))
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
