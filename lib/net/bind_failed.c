/* SPDX-License-Identifier: MIT */
#include "net/bind_failed.h"

#include <errno.h>
#include <time.h>

#include "base/vis.h"
#include "net/facts.h"
#include "net/owner.h"
#include "talk/talk.h"

/* Below it, ports are for those with the privilege (vsock_bind: 1024). */
static unsigned
unprivileged(const struct addr *a)
{
	return addr_is_ip(a) ? facts_unprivileged() : 1024;
}

/* ", running since 17:40", with the date if that was another day; or "". */
static void
running_since(char *text, size_t size, time_t since)
{
	time_t now = time(NULL);
	struct tm then, today;

	text[0] = '\0';
	if (since == 0 || localtime_r(&since, &then) == NULL ||
	    localtime_r(&now, &today) == NULL)
		return;
	strftime(text, size, then.tm_yday == today.tm_yday &&
	    then.tm_year == today.tm_year ? ", running since %H:%M" :
	    ", running since %Y-%m-%d %H:%M", &then);
}

/* Who or what is in the way, or "". */
static void
detail(char *text, size_t size, int err, const struct owner *o,
    const struct addr *a)
{
	char cmd[4 * sizeof o->cmd], at[ADDR_TEXT], since[48];

	text[0] = '\0';
	vis_str(cmd, sizeof cmd, o->cmd, strlen(o->cmd));
	running_since(since, sizeof since, o->since);
	if (o->pid != 0)
		snprintf(text, size, "by %s, pid %d, %s%s%s", cmd, o->pid,
		    strcmp(o->state, "LISTEN") == 0 ? "listening on " : "on ",
		    addr_text(&o->addr, at), since);
	else if (o->waiting > 0 && o->timer_s >= 0)
		snprintf(text, size, "no program has it, but %d finished "
		    "connection%s in TIME_WAIT for %d s more", o->waiting,
		    o->waiting == 1 ? " is" : "s are", o->timer_s);
	else if (err == EACCES)
		snprintf(text, size, "ports below %u are for root or "
		    "CAP_NET_BIND_SERVICE on this machine",
		    unprivileged(a));
}

static void
hint(char *text, size_t size, int err, const struct owner *o,
    const struct addr *a)
{
	unsigned from = facts_unprivileged(), port = addr_port(a);

	text[0] = '\0';
	if (err == EACCES && !addr_is_ip(a))
		snprintf(text, size, "a port from %u up", unprivileged(a));
	else if (err == EADDRNOTAVAIL && !addr_is_ip(a))
		snprintf(text, size, "vsock:%u, which is every CID of this "
		    "machine", port);
	else if (err == EADDRINUSE && o->pid != 0)
		snprintf(text, size, "another port ('0' takes a free one), or "
		    "'sockt connect%s localhost %u' to talk to what is there",
		    o->udp ? " -u" : "", port);
	else if (err == EADDRINUSE)
		snprintf(text, size, "another port ('0' takes a free one)");
	else if (err == EACCES && port < from)
		snprintf(text, size, "a port from %u up, or: sudo sysctl "
		    "net.ipv4.ip_unprivileged_port_start=%u", from, port);
	else if (err == EADDRNOTAVAIL)
		snprintf(text, size, "'ip addr' to see this machine's "
		    "addresses");
}

static void
tell(struct talk *talk, const struct talk_event *what, const struct owner *o,
    const char *text, const char *try)
{
	bool known = o->pid != 0;

	talk_tell(talk, &(struct talk_event){ .kind = what->kind,
	    .local = what->local, .err = what->err,
	    TALK_VALUES(TALK_S(TF_PROTO, talk_get_str(what, TF_PROTO)),
	    TALK_AS(TF_ADDRS, &o->addr, known),
	    TALK_I(TF_OWNER_PID, known ? o->pid : TALK_UNKNOWN),
	    TALK_S(TF_OWNER_CMD, known ? o->cmd : NULL),
	    TALK_S(TF_OWNER_STATE, o->state),
	    TALK_I(TF_OWNER_TIMER_S,
	    o->timer_s < 0 ? TALK_UNKNOWN : o->timer_s),
	    TALK_I(TF_UNPRIVILEGED, what->err == EACCES ?
	    (int64_t)unprivileged(what->local) : TALK_UNKNOWN),
	    TALK_S(TF_TEXT, text[0] ? text : NULL),
	    TALK_S(TF_TRY, try[0] ? try : NULL)) });
}

int
bind_failed(struct talk *talk, const struct addr *a, bool udp, int err,
    struct why *why)
{
	struct owner o = { .timer_s = -1 };
	char at[ADDR_TEXT], text[256], try[160];

	if (err == EADDRINUSE && addr_is_ip(a))
		owner_of_port(&o, addr_port(a), udp);
	detail(text, sizeof text, err, &o, a);
	hint(try, sizeof try, err, &o, a);
	tell(talk, &(struct talk_event){ .kind = TALK_BIND_FAILED,
	    .local = a, .err = err,
	    TALK_VALUES(TALK_S(TF_PROTO, udp ? "udp" :
	    addr_is_ip(a) ? "tcp" : "vsock")) }, &o, text,
	    try);
	why_set(why, WHY_LISTEN, err, "cannot listen on %s%s: %s%s%s (%s)",
	    addr_text(a, at), udp ? "/udp" : "",
	    err == EADDRINUSE ? "in use" : errno_words(err),
	    o.pid != 0 ? " " : text[0] ? ": " : "", text, errno_symbol(err));
	return try[0] ? why_hint(why, "try %s", try) : -1;
}
