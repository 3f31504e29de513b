/* SPDX-License-Identifier: MIT */
/* port-check_lines - what is known of each port, and of each host. */
#include "port-check.h"

#include "base/clock.h"
#include "proto/service.h"

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
	const char *service = services_name(&pcfg.services, l->port);
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
	if (pcfg.all || pcfg.asked.ports.count <= SCAN_FEW ||
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
	talk_tell(&pcfg.session->talk, &(struct talk_event){
	    .kind = TALK_PORT, .err = r->err, .wordy = wordy,
	    .peer = l->addr != NULL ? &peer : NULL,
	    TALK_VALUES(TALK_S(TF_HOST, host), TALK_I(TF_PORT, l->port),
	    TALK_S(TF_STATE, scan_state_name(r->state)),
	    TALK_S(TF_SERVICE, services_name(&pcfg.services, l->port)),
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

	if (c->told < pcfg.asked.ports.count)
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

void
port_check_host(size_t nth)
{
	const struct asked_host *h = &pcfg.asked.host[nth];
	const struct addr *first = &pcfg.asked.addr[h->first];
	const struct count *c = &pcfg.count[nth];
	char text[160];

	progress_clear(&pcfg.progress);
	talk_tell(&pcfg.session->talk, &(struct talk_event){
	    .kind = TALK_SCANNED,
	    TALK_VALUES(TALK_S(TF_HOST, h->name.host),
	    TALK_AS(TF_ADDRS, first, h->naddrs),
	    TALK_I(TF_PORTS, pcfg.asked.ports.count),
	    TALK_I(TF_OPEN, c->of[SCAN_OPEN]),
	    TALK_I(TF_CLOSED, c->of[SCAN_CLOSED]),
	    TALK_I(TF_FILTERED, c->of[SCAN_FILTERED]),
	    TALK_I(TF_UNREACHABLE, c->of[SCAN_UNREACHABLE]),
	    TALK_I(TF_ERRORS, c->of[SCAN_ERROR]),
	    TALK_I(TF_DUR_US, (clock_ns() - pcfg.began_ns) / NS_PER_US),
	    TALK_S(TF_TEXT, note(c, text, sizeof text))) });
}

void
port_check_line(const struct board_line *l, void *arg)
{
	const char *host = pcfg.asked.host[l->host].name.host;
	struct count *c = &pcfg.count[l->host];

	(void)arg;
	c->told++;
	c->of[l->best->state]++;
	progress_clear(&pcfg.progress);
	if (pcfg.session->out == SESSION_BYTES)
		print_line(host, l);
	if (talk_heard(&pcfg.session->talk))
		tell_line(host, l, is_hidden(c, l->best));
	if (c->told == pcfg.asked.ports.count)
		port_check_host(l->host);
}
