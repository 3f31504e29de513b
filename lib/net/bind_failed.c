/* SPDX-License-Identifier: MIT */
#include "net/bind_failed.h"

#include <errno.h>

#include "base/vis.h"
#include "net/owner.h"
#include "talk/talk.h"

/* Below this, binding needs CAP_NET_BIND_SERVICE (ip(7)). */
static unsigned
first_free_for_all(void)
{
	FILE *f = fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "re");
	unsigned n = 1024;
	char line[16];

	if (f != NULL && fgets(line, sizeof line, f) != NULL)
		n = (unsigned)strtoul(line, NULL, 10);
	if (f != NULL)
		fclose(f);
	return n;
}

static void
in_use(char *text, size_t size, const struct owner *o)
{
	char cmd[4 * sizeof o->cmd], at[ADDR_TEXT];

	vis_str(cmd, sizeof cmd, o->cmd, strlen(o->cmd));
	if (o->pid != 0)
		snprintf(text, size, "in use by %s, pid %d, on %s", cmd,
		    o->pid, addr_text(&o->addr, at));
	else if (o->waiting > 0 && o->timer_s >= 0)
		snprintf(text, size, "in use: no program has it, but %d "
		    "finished connection%s in TIME_WAIT for %d s more",
		    o->waiting, o->waiting == 1 ? " is" : "s are",
		    o->timer_s);
	else
		snprintf(text, size, "in use by another program");
}

static void
hint(char *text, size_t size, int err, unsigned port)
{
	unsigned from = first_free_for_all();

	text[0] = '\0';
	if (err == EADDRINUSE)
		snprintf(text, size, "another port ('0' takes a free one), or "
		    "'sockt connect localhost %u' to talk to what is there",
		    port);
	else if (err == EACCES && port < from)
		snprintf(text, size, "a port from %u up, or: sudo sysctl "
		    "net.ipv4.ip_unprivileged_port_start=%u", from, port);
	else if (err == EADDRNOTAVAIL)
		snprintf(text, size, "'ip addr' to see this machine's "
		    "addresses");
}

int
bind_failed(struct talk *talk, const struct addr *a, int err, struct why *why)
{
	struct owner o = { .timer_s = -1 };
	char at[ADDR_TEXT], text[160], try[160];

	hint(try, sizeof try, err, addr_port(a));
	if (err == EADDRINUSE) {
		owner_of_port(&o, addr_port(a));
		in_use(text, sizeof text, &o);
	} else if (err == EACCES)
		snprintf(text, sizeof text, "permission denied: ports below "
		    "%u need privilege", first_free_for_all());
	else
		snprintf(text, sizeof text, "%s", errno_words(err));
	talk_tell(talk, &(struct talk_event){ .kind = TALK_BIND_FAILED,
	    .local = a, .err = err,
	    TALK_VALUES(TALK_AS(TF_ADDRS, &o.addr, o.pid != 0),
	    TALK_I(TF_OWNER_PID, o.pid ? o.pid : TALK_UNKNOWN),
	    TALK_S(TF_OWNER_CMD, o.pid ? o.cmd : NULL),
	    TALK_S(TF_OWNER_STATE, o.state),
	    TALK_I(TF_OWNER_TIMER_S,
	    o.timer_s < 0 ? TALK_UNKNOWN : o.timer_s),
	    TALK_S(TF_TEXT, text),
	    TALK_S(TF_TRY, try[0] ? try : NULL)) });
	why_set(why, WHY_LISTEN, err, "cannot listen on %s: %s (%s)",
	    addr_text(a, at), text, errno_symbol(err));
	return try[0] ? why_hint(why, "try %s", try) : -1;
}
