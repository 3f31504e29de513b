/* SPDX-License-Identifier: MIT */
/*
 * sockt port-check - ask which ports of a host are open
 */
#include "port-check.h"

#include <errno.h>

#include "base/clock.h"
#include "run/retry.h"
#include "scan/local.h"

enum {
	LISTEN_MS = 300,	/* for what a server says first */
	SPARE_FDS = 64,		/* besides the ports in flight */
};

enum banner { BANNER_AUTO, BANNER_YES, BANNER_NO };

struct port_check_cfg pcfg = { .silence_ms = SCAN_TIMEOUT_MS };

static const struct opt opts[] = {
	OPTS_FAMILY(&pcfg.family),
	OPT_FLAG('a', "all", &pcfg.all, "list closed ports too, however many"),
	OPT_VALUE(0, "banner", &pcfg.banner, BANNER_YES,
	    "listen for what servers say first"),
	OPT_VALUE(0, "no-banner", &pcfg.banner, BANNER_NO, "do not"),
	OPT_TIME(0, "silence", &pcfg.silence_ms,
	    "call a port filtered after this long (1.2)"),
	OPTS_RETRY(&pcfg.patience.retry, &pcfg.patience.wait_ms),
	OPT_TIMEOUT(&pcfg.timeout_ms),
	OPTS_TALK,
	OPT_END
};

static void
on_result(const struct scan_result *r, void *arg)
{
	(void)arg;
	pcfg.answers++;
	pcfg.open += r->state == SCAN_OPEN;
	board_add(pcfg.board, r);
}

static size_t
lines(void)
{
	return pcfg.asked.hosts * pcfg.asked.ports.count;
}

/* All are open, or no more is asked for; or there is another one. */
static void
round_over(struct ev_loop *loop)
{
	int ms;

	pcfg.lines_open = board_open(pcfg.board);
	if (pcfg.lines_open == lines() || patience_over(&pcfg.patience)) {
		session_leave(pcfg.session, NULL);
		return;
	}
	ev_io_stop(loop, &pcfg.ready);
	ev_timer_stop(loop, &pcfg.due);
	ms = patience_pause_ms(&pcfg.patience, &pcfg.session->talk, true);
	ev_now_update(loop);
	ev_timer_set(&pcfg.pause, ms / 1000.0, 0);
	ev_timer_start(loop, &pcfg.pause);
}

static void
turn(struct ev_loop *loop)
{
	bool more = scan_turn(pcfg.scan);
	uint64_t now = clock_ns(), due = scan_due(pcfg.scan);

	if (fflush(stdout) != 0) {
		why_sys(&pcfg.session->why, WHY_LOCAL, errno, "stdout");
		session_leave(pcfg.session, NULL);
		return;
	}
	if (!more) {
		round_over(loop);
		return;
	}
	ev_timer_stop(loop, &pcfg.due);
	ev_timer_set(&pcfg.due, due > now ? (double)(due - now) / NS_PER_S : 0,
	    0);
	if (due != UINT64_MAX)
		ev_timer_start(loop, &pcfg.due);
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
	const struct patience *p = &pcfg.patience;

	(void)arg;
	if (p->tries > 1 || ev_is_active(&pcfg.pause))
		snprintf(dst, PROGRESS_MAX, "waiting: %zu of %zu open at try "
		    "%d, after %d s", pcfg.lines_open, lines(), p->tries,
		    patience_elapsed_ms(p) / 1000);
	else
		snprintf(dst, PROGRESS_MAX, "%zu of %zu answers, %u open",
		    pcfg.answers, pcfg.asked.addrs * pcfg.asked.ports.count,
		    pcfg.open);
}

static bool
listens(const struct session *s)
{
	if (pcfg.banner != BANNER_AUTO)
		return pcfg.banner == BANNER_YES;
	return s->out == SESSION_VIEW && lines() <= SCAN_FEW;
}

/*
 * A name that fails does not keep the others from being asked. One that may be
 * found later is waited for; of another, waiting is no use.
 */
static int
find(struct session *s)
{
	struct talk *names = s->out == SESSION_JSON || talk_cfg.verbose > 0 ?
	    &s->talk : NULL;
	struct why why = { 0 };

	why_clear(&pcfg.unnamed);
	if (asked_resolve(&pcfg.asked, names, pcfg.family, &why) == 0)
		return 0;
	if (patience_wanted(&pcfg.patience) && retry_helps(&why)) {
		pcfg.unnamed = why;
		return 0;
	}
	pcfg.patience.retry = pcfg.patience.wait_ms = 0;
	if (s->why.kind == WHY_NONE)
		s->why = why;
	return pcfg.asked.addrs == 0 && pcfg.asked.hosts == 1 ? -1 : 0;
}

/* What a round says is known only when it is the last one. */
static int
prepare(struct session *s)
{
	const struct scan_job job = {
		.addrs = pcfg.asked.addr, .naddrs = pcfg.asked.addrs,
		.ports = &pcfg.asked.ports, .timeout_ms =
		patience_limit_ms(&pcfg.patience, pcfg.silence_ms),
		.listen_ms = listens(s) ? LISTEN_MS : 0,
		.on_result = on_result, .talk = &s->talk,
	};

	pcfg.patience.tries++;
	pcfg.began_ns = clock_ns();
	pcfg.board = board_new(&pcfg.asked, patience_wanted(&pcfg.patience) ?
	    NULL : port_check_line, NULL);
	if (pcfg.board == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	pcfg.scan = scan_new(&job, &s->why);
	return pcfg.scan == NULL ? -1 : 0;
}

static void
begin(struct session *s)
{
	ev_io_init(&pcfg.ready, on_ready, scan_fd(pcfg.scan), EV_READ);
	ev_timer_init(&pcfg.due, on_due, 0, 0);
	ev_io_start(s->loop, &pcfg.ready);
	ev_timer_start(s->loop, &pcfg.due);
}

/* A resolver that is waited for must not keep ^C from ending us. */
static void
on_pause(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct session *s = pcfg.session;
	int found;

	(void)t, (void)revents;
	scan_free(pcfg.scan);
	board_free(pcfg.board);
	pcfg.scan = NULL;
	pcfg.board = NULL;
	session_signals(s, false);
	found = find(s);
	session_signals(s, true);
	ev_now_update(loop);
	if (found < 0 || prepare(s) < 0)
		session_leave(s, NULL);
	else
		begin(s);
}

static void
tell_asked(struct session *s)
{
	char *hosts[ASKED_HOSTS_MAX];

	for (size_t i = 0; i < pcfg.asked.hosts; i++)
		hosts[i] = pcfg.asked.host[i].name.host;
	talk_tell(&s->talk, &(struct talk_event){ .kind = TALK_SCAN,
	    TALK_VALUES(TALK_SS(TF_HOSTS, hosts, pcfg.asked.hosts),
	    TALK_I(TF_PORTS, pcfg.asked.ports.count),
	    TALK_I(TF_SILENCE_US, (int64_t)pcfg.silence_ms * 1000)) });
}

static void
ask(struct session *s)
{
	ev_init(&pcfg.pause, on_pause);
	begin(s);
	progress_start(&pcfg.progress, s, &talk_cfg, say_progress, NULL);
	session_limit(s, pcfg.timeout_ms);
	session_run(s);
	progress_stop(&pcfg.progress);
	if (pcfg.scan != NULL)
		scan_stop(pcfg.scan);
	if (pcfg.board != NULL) {
		board_show(pcfg.board, port_check_line, NULL);
		board_finish(pcfg.board);
	}
	if (s->why.kind == WHY_NONE)
		s->why = pcfg.unnamed;
}

/* Open, all of them, or the answer is no. */
static void
conclude(struct session *s)
{
	static const enum talk_field fields[SCAN_STATES] = {
		TF_OPEN, TF_CLOSED, TF_FILTERED, TF_UNREACHABLE, TF_ERRORS,
	};
	unsigned sum[SCAN_STATES] = { 0 };

	for (size_t i = 0; i < pcfg.asked.hosts; i++) {
		if (pcfg.count[i].told < pcfg.asked.ports.count)
			port_check_host(i);
		for (int k = 0; k < SCAN_STATES; k++)
			sum[k] += pcfg.count[i].of[k];
	}
	for (int k = 0; k < SCAN_STATES; k++)
		session_count(s, fields[k], sum[k]);
	if (sum[SCAN_OPEN] < lines())
		why_set(&s->why, WHY_NO, 0, "%s", "");
}

static void
run(struct session *s, int argc, char **argv)
{
	pcfg.session = s;
	pcfg.patience.began_ns = clock_ns();
	if (asked_parse(&pcfg.asked, argv, argc, &s->why) < 0)
		return;
	local_allow_fds(SCAN_WINDOW + SPARE_FDS);
	if (find(s) < 0)
		return;
	services_init(&pcfg.services);
	tell_asked(s);
	if (prepare(s) == 0) {
		ask(s);
		conclude(s);
	}
	scan_free(pcfg.scan);
	board_free(pcfg.board);
	services_free(&pcfg.services);
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
