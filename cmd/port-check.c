/* SPDX-License-Identifier: MIT */
/*
 * sockt port-check - ask which ports of a host are open
 */
#include <errno.h>

#include "groups.h"
#include "base/clock.h"
#include "net/services.h"
#include "proto/service.h"
#include "run/progress.h"
#include "scan/board.h"
#include "scan/local.h"

enum {
	LISTEN_MS = 300,	/* for what a server says first */
	SPARE_FDS = 64,		/* besides the ports in flight */
};

enum banner { BANNER_AUTO, BANNER_YES, BANNER_NO };

struct count {			/* of a host */
	unsigned	 told, of[SCAN_STATES], hidden[SCAN_STATES];
	unsigned	 signs[SCAN_SIGNS];
};

static struct {
	int		 family, banner, silence_ms, timeout_ms;
	bool		 all;

	struct session	*session;
	struct asked	 asked;
	struct count	 count[ASKED_HOSTS_MAX];
	struct services	 services;
	struct board	*board;
	struct scan	*scan;
	uint64_t	 began_ns;
	size_t		 answers;
	unsigned	 open;
	struct progress	 progress;
	ev_io		 ready;
	ev_timer	 due;
} cfg = { .silence_ms = SCAN_TIMEOUT_MS };

static const struct opt opts[] = {
	OPTS_FAMILY(&cfg.family),
	OPT_FLAG('a', "all", &cfg.all, "list closed ports too, however many"),
	OPT_VALUE(0, "banner", &cfg.banner, BANNER_YES,
	    "listen for what servers say first"),
	OPT_VALUE(0, "no-banner", &cfg.banner, BANNER_NO, "do not"),
	OPT_TIME(0, "silence", &cfg.silence_ms,
	    "call a port filtered after this long (1.2)"),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPTS_TALK,
	OPT_END
};

static bool
has_rtt(const struct scan_result *r)
{
	return r->sign == SCAN_SYN_ACK || r->sign == SCAN_RST ||
	    r->sign == SCAN_ICMP;
}

/* host, port, state, service, rtt_ms: always five, none of them empty. */
static void
print_line(const char *host, const struct board_line *l)
{
	const char *service = services_name(&cfg.services, l->port);
	unsigned long long us = l->best->rtt_ns / NS_PER_US;

	printf("%s\t%u\t%s\t%s\t", host, l->port,
	    scan_state_name(l->best->state), service ? service : "-");
	if (has_rtt(l->best))
		printf("%llu.%03llu\n", us / 1000, us % 1000);
	else
		printf("-\n");
}

/* Among many ports, those that are as most are would hide the others. */
static bool
is_hidden(struct count *c, const struct scan_result *r)
{
	if (cfg.all || cfg.asked.ports.count <= SCAN_FEW ||
	    r->state == SCAN_OPEN || (r->state != SCAN_CLOSED &&
	    ++c->signs[r->sign] <= SCAN_FEW))
		return false;
	c->hidden[r->state]++;
	return true;
}

static void
tell_line(const char *host, const struct board_line *l, bool wordy)
{
	const struct scan_result *r = l->best;
	const struct service *s = service_by_port(l->port, SERVICE_TCP);
	bool waited = has_rtt(r) || r->sign == SCAN_SILENCE;
	struct addr peer = { 0 };
	char text[BOARD_HOW];

	if (l->addr != NULL) {
		peer = *l->addr;
		addr_set_port(&peer, l->port);
	}
	talk_tell(&cfg.session->talk, &(struct talk_event){
	    .kind = TALK_PORT, .err = r->err, .wordy = wordy,
	    .peer = l->addr != NULL ? &peer : NULL,
	    TALK_VALUES(TALK_S(TF_HOST, host), TALK_I(TF_PORT, l->port),
	    TALK_S(TF_STATE, scan_state_name(r->state)),
	    TALK_S(TF_SERVICE, services_name(&cfg.services, l->port)),
	    TALK_I(TF_RTT_US, waited ? (int64_t)(r->rtt_ns / NS_PER_US) :
	    TALK_UNKNOWN),
	    TALK_S(TF_HOW, scan_sign_name(r->sign)),
	    TALK_S(TF_TEXT, board_how(l, text)),
	    TALK_S(TF_MEANING, s != NULL ? s->note : NULL),
	    { .field = r->said != NULL ? TF_BANNER : TF_END,
	    .b = { r->said, r->said_len } }) });
}

/* "63 closed, 9 filtered ports not listed; --all"; or NULL. */
static const char *
note(const struct count *c, char *dst, size_t size)
{
	size_t n = 0;

	if (c->told < cfg.asked.ports.count)
		return "ended before the others were known";
	for (int i = 0; i < SCAN_STATES && talk_cfg.verbose == 0; i++)
		if (c->hidden[i] > 0)
			n += (size_t)snprintf(dst + n, size - n, "%s%u %s",
			    n > 0 ? ", " : "", c->hidden[i],
			    scan_state_name((enum scan_state)i));
	if (n == 0)
		return NULL;
	snprintf(dst + n, size - n, " ports not listed; --all");
	return dst;
}

static void
tell_host(size_t nth)
{
	const struct asked_host *h = &cfg.asked.host[nth];
	const struct addr *first = &cfg.asked.addr[h->first];
	const struct count *c = &cfg.count[nth];
	char text[160];

	progress_clear(&cfg.progress);
	talk_tell(&cfg.session->talk, &(struct talk_event){
	    .kind = TALK_SCANNED,
	    TALK_VALUES(TALK_S(TF_HOST, h->name.host),
	    TALK_AS(TF_ADDRS, first, h->naddrs),
	    TALK_I(TF_PORTS, cfg.asked.ports.count),
	    TALK_I(TF_OPEN, c->of[SCAN_OPEN]),
	    TALK_I(TF_CLOSED, c->of[SCAN_CLOSED]),
	    TALK_I(TF_FILTERED, c->of[SCAN_FILTERED]),
	    TALK_I(TF_UNREACHABLE, c->of[SCAN_UNREACHABLE]),
	    TALK_I(TF_ERRORS, c->of[SCAN_ERROR]),
	    TALK_I(TF_DUR_US, (clock_ns() - cfg.began_ns) / NS_PER_US),
	    TALK_S(TF_TEXT, note(c, text, sizeof text))) });
}

static void
on_line(const struct board_line *l, void *arg)
{
	const char *host = cfg.asked.host[l->host].name.host;
	struct count *c = &cfg.count[l->host];

	(void)arg;
	c->told++;
	c->of[l->best->state]++;
	progress_clear(&cfg.progress);
	if (cfg.session->out == SESSION_BYTES)
		print_line(host, l);
	if (talk_heard(&cfg.session->talk))
		tell_line(host, l, is_hidden(c, l->best));
	if (c->told == cfg.asked.ports.count)
		tell_host(l->host);
}

static void
on_result(const struct scan_result *r, void *arg)
{
	(void)arg;
	cfg.answers++;
	cfg.open += r->state == SCAN_OPEN;
	board_add(cfg.board, r);
}

static void
turn(struct ev_loop *loop)
{
	bool more = scan_turn(cfg.scan);
	uint64_t now = clock_ns(), due = scan_due(cfg.scan);

	if (fflush(stdout) != 0) {
		why_sys(&cfg.session->why, WHY_LOCAL, errno, "stdout");
		more = false;
	}
	if (!more) {
		session_leave(cfg.session, NULL);
		return;
	}
	ev_timer_stop(loop, &cfg.due);
	ev_timer_set(&cfg.due, due > now ? (double)(due - now) / NS_PER_S : 0,
	    0);
	if (due != UINT64_MAX)
		ev_timer_start(loop, &cfg.due);
}

static void
on_ready(struct ev_loop *loop, ev_io *w, int revents)
{
	(void)w, (void)revents;
	turn(loop);
}

static void
on_due(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)t, (void)revents;
	turn(loop);
}

static void
say_progress(void *arg, char dst[static PROGRESS_MAX])
{
	(void)arg;
	snprintf(dst, PROGRESS_MAX, "%zu of %zu answers, %u open",
	    cfg.answers, cfg.asked.addrs * cfg.asked.ports.count, cfg.open);
}

static bool
listens(const struct session *s)
{
	if (cfg.banner != BANNER_AUTO)
		return cfg.banner == BANNER_YES;
	return s->out == SESSION_VIEW &&
	    cfg.asked.hosts * cfg.asked.ports.count <= SCAN_FEW;
}

static int
prepare(struct session *s)
{
	const struct scan_job job = {
		.addrs = cfg.asked.addr, .naddrs = cfg.asked.addrs,
		.ports = &cfg.asked.ports, .timeout_ms = cfg.silence_ms,
		.listen_ms = listens(s) ? LISTEN_MS : 0,
		.on_result = on_result, .talk = &s->talk,
	};
	char *hosts[ASKED_HOSTS_MAX];

	for (size_t i = 0; i < cfg.asked.hosts; i++)
		hosts[i] = cfg.asked.host[i].name.host;
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_SCAN,
	    TALK_VALUES(TALK_SS(TF_HOSTS, hosts, cfg.asked.hosts),
	    TALK_I(TF_PORTS, cfg.asked.ports.count),
	    TALK_I(TF_SILENCE_US, (int64_t)cfg.silence_ms * 1000)) });
	services_init(&cfg.services);
	cfg.began_ns = clock_ns();
	cfg.board = board_new(&cfg.asked, on_line, NULL);
	if (cfg.board == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	cfg.scan = scan_new(&job, &s->why);
	return cfg.scan == NULL ? -1 : 0;
}

static void
ask(struct session *s)
{
	ev_io_init(&cfg.ready, on_ready, scan_fd(cfg.scan), EV_READ);
	ev_timer_init(&cfg.due, on_due, 0, 0);
	ev_io_start(s->loop, &cfg.ready);
	ev_timer_start(s->loop, &cfg.due);
	progress_start(&cfg.progress, s, &talk_cfg, say_progress, NULL);
	session_limit(s, cfg.timeout_ms);
	session_run(s);
	progress_stop(&cfg.progress);
	scan_stop(cfg.scan);
	board_finish(cfg.board);
}

/* Open, all of them, or the answer is no. */
static void
conclude(struct session *s)
{
	static const enum talk_field fields[SCAN_STATES] = {
		TF_OPEN, TF_CLOSED, TF_FILTERED, TF_UNREACHABLE, TF_ERRORS,
	};
	unsigned sum[SCAN_STATES] = { 0 };

	for (size_t i = 0; i < cfg.asked.hosts; i++) {
		if (cfg.count[i].told < cfg.asked.ports.count)
			tell_host(i);
		for (int k = 0; k < SCAN_STATES; k++)
			sum[k] += cfg.count[i].of[k];
	}
	for (int k = 0; k < SCAN_STATES; k++)
		session_count(s, fields[k], sum[k]);
	if (sum[SCAN_OPEN] < cfg.asked.hosts * cfg.asked.ports.count)
		why_set(&s->why, WHY_NO, 0, "%s", "");
}

static void
run(struct session *s, int argc, char **argv)
{
	struct talk *names = s->out == SESSION_JSON || talk_cfg.verbose > 0 ?
	    &s->talk : NULL;

	cfg.session = s;
	if (asked_parse(&cfg.asked, argv, argc, &s->why) < 0)
		return;
	local_allow_fds(SCAN_WINDOW + SPARE_FDS);
	/* A name that fails does not keep the others from being asked. */
	if (asked_resolve(&cfg.asked, names, cfg.family, &s->why) < 0 &&
	    cfg.asked.addrs == 0 && cfg.asked.hosts == 1)
		return;
	if (prepare(s) == 0) {
		ask(s);
		conclude(s);
	}
	scan_free(cfg.scan);
	board_free(cfg.board);
	services_free(&cfg.services);
}

const struct cmd cmd_port_check = {
	.name = "port-check",
	.args = "HOST[,HOST...] PORT...",
	.help = "ask which ports of a host are open",
	.examples =
	    "sockt port-check localhost 22 80      are both open?\n"
	    "sockt port-check localhost 1-65535    what listens here?\n"
	    "sockt port-check host,example.org http,8000-8010\n",
	.opts = opts,
	.min = 1, .max = -1,
	.run = run,
};
