/* SPDX-License-Identifier: MIT */
#include "net/sockopt.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/num.h"
#include "base/vis.h"
#include "net/conn.h"
#include "net/sockopt_row.h"
#include "proto/dscp.h"
#include "talk/talk.h"

enum {
	LIST = 160,		/* bytes of what there is instead */
	FAST_OPEN_QUEUE = 128,	/* callers with data, not yet confirmed */
};

/* clang-format off */
const struct sockopt_row sockopt_rows[SOCKOPT_N] = {
	[SOCKOPT_KEEPALIVE] = { "keepalive", SOCKOPT_TCP, SOL_SOCKET, SO_KEEPALIVE, 0 },
	[SOCKOPT_KEEPIDLE] = { "keepalive", SOCKOPT_TCP, IPPROTO_TCP, TCP_KEEPIDLE, 0 },
	[SOCKOPT_KEEPINTVL] = { "keepalive", SOCKOPT_TCP, IPPROTO_TCP, TCP_KEEPINTVL, 0 },
	[SOCKOPT_KEEPCNT] = { "keepalive", SOCKOPT_TCP, IPPROTO_TCP, TCP_KEEPCNT, 0 },
	[SOCKOPT_NAGLE] = { "nagle", SOCKOPT_TCP, IPPROTO_TCP, TCP_NODELAY, 0 },
	[SOCKOPT_DSCP] = { "dscp", SOCKOPT_TCP | SOCKOPT_UDP, IPPROTO_IP, IP_TOS, IPV6_TCLASS },
	[SOCKOPT_TTL] = { "ttl", SOCKOPT_TCP | SOCKOPT_UDP, IPPROTO_IP, IP_TTL, IPV6_UNICAST_HOPS },
	[SOCKOPT_MIN_TTL] = { "min-ttl", SOCKOPT_TCP, IPPROTO_IP, IP_MINTTL, IPV6_MINHOPCOUNT },
	[SOCKOPT_SNDBUF] = { "sndbuf", SOCKOPT_TCP | SOCKOPT_UDP | SOCKOPT_UNIX, SOL_SOCKET, SO_SNDBUF, 0 },
	[SOCKOPT_RCVBUF] = { "rcvbuf", SOCKOPT_TCP | SOCKOPT_UDP, SOL_SOCKET, SO_RCVBUF, 0 },
	[SOCKOPT_MSS] = { "mss", SOCKOPT_TCP, IPPROTO_TCP, TCP_MAXSEG, 0 },
	[SOCKOPT_USER_TIMEOUT] = { "user-timeout", SOCKOPT_TCP, IPPROTO_TCP, TCP_USER_TIMEOUT, 0 },
};
/* clang-format on */

/* --- as they are typed --- */

const char *
sockopt_set_dscp(const struct opt *o, const char *arg)
{
	struct sockopt *s = o->to;
	const char *bad = dscp_parse(arg, &s->n[SOCKOPT_DSCP]);

	s->n[SOCKOPT_DSCP] += bad == NULL;
	return bad;
}

const char *
sockopt_set_size(const struct opt *o, const char *arg)
{
	int *to = o->to;
	int64_t n;
	const char *bad = num_size(arg, 1, SOCKOPT_BUF_MAX, &n);

	if (bad == NULL)
		*to = (int)n;
	return bad;
}

/* TIME, up to a comma or the end; whole seconds, as the kernel counts. */
static const char *
seconds(const char *arg, size_t n, int *to)
{
	char text[16];
	int ms;

	if (n == 0 || n >= sizeof text)
		return "not of the form IDLE,INTERVAL,COUNT";
	snprintf(text, sizeof text, "%.*s", (int)n, arg);
	if (num_time(text, &ms) != NULL)
		return "not of the form IDLE,INTERVAL,COUNT: two times and a "
		    "number";
	if (ms == 0 || ms % 1000 != 0 || ms / 1000 > SOCKOPT_KEEP_S)
		return "not in whole seconds, 1 to 32767";
	*to = ms / 1000;
	return NULL;
}

const char *
sockopt_set_keepalive(const struct opt *o, const char *arg)
{
	struct sockopt *s = o->to;
	const char *second, *third, *bad;
	int idle = 0, interval = 0;
	int64_t count = 0;

	s->n[SOCKOPT_KEEPALIVE] = 1;
	if (arg == NULL)
		return NULL;
	second = arg + strcspn(arg, ",");
	if ((bad = seconds(arg, (size_t)(second - arg), &idle)) != NULL)
		return bad;
	second += *second == ',';
	third = second + strcspn(second, ",");
	if ((third > second || second[-1] == ',') && (bad = seconds(second,
	    (size_t)(third - second), &interval)) != NULL)
		return bad;
	if (*third == ',' && num_whole(third + 1, 1, SOCKOPT_KEEP_N, &count))
		return "wrong: its COUNT is a number from 1 to 127";
	s->n[SOCKOPT_KEEPIDLE] = idle;
	s->n[SOCKOPT_KEEPINTVL] = interval;
	s->n[SOCKOPT_KEEPCNT] = (int)count;
	return NULL;
}

/* --- on a socket --- */

static int
family_of(int fd)
{
	int family = AF_UNSPEC;
	socklen_t len = sizeof family;

	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &len);
	return family;
}

int
sockopt_value(const struct sockopt *o, enum sockopt_is i)
{
	if (i == SOCKOPT_DSCP)
		return (o->n[i] - 1) << 2;	/* beside it: ECN */
	return i == SOCKOPT_NAGLE ? 0 : o->n[i];
}

static int
set(int fd, int level, int opt, int v)
{
	return setsockopt(fd, level, opt, &v, sizeof v);
}

static int
apply_number(const struct sockopt *o, int fd, int family, enum sockopt_is i)
{
	const struct sockopt_row *r = &sockopt_rows[i];
	int v = sockopt_value(o, i);

	if (set(fd, r->level, r->opt, v) < 0 || (r->opt6 != 0 &&
	    family == AF_INET6 && set(fd, IPPROTO_IPV6, r->opt6, v) < 0))
		return -1;
	if (i == SOCKOPT_TTL) {	/* to a group, if that is where it goes */
		set(fd, IPPROTO_IP, IP_MULTICAST_TTL, v);
		if (family == AF_INET6)
			set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, v);
	}
	return 0;
}

int
sockopt_protocol(const struct sockopt *o, int family)
{
	return o != NULL && o->mptcp && (family == AF_INET ||
	    family == AF_INET6) ? IPPROTO_MPTCP : 0;
}

int
sockopt_apply(const struct sockopt *o, int fd, const char **name)
{
	const char *unused;
	int family;

	if (o == NULL)
		return 0;
	name = name != NULL ? name : &unused;
	*name = "interface";
	if (o->interface != NULL && setsockopt(fd, SOL_SOCKET,
	    SO_BINDTODEVICE, o->interface, strlen(o->interface)) < 0)
		return -1;
	*name = "congestion";
	if (o->congestion != NULL && setsockopt(fd, IPPROTO_TCP,
	    TCP_CONGESTION, o->congestion, strlen(o->congestion)) < 0)
		return -1;
	family = family_of(fd);
	for (int i = 0; i < SOCKOPT_N; i++) {
		*name = sockopt_rows[i].name;
		if (o->n[i] != 0 &&
		    apply_number(o, fd, family, (enum sockopt_is)i) < 0)
			return -1;
	}
	return 0;
}

void
sockopt_listening(const struct sockopt *o, int fd, struct talk *talk)
{
	char text[8] = "";
	FILE *f;
	int64_t n = 0;

	if (o == NULL || !o->fast_open)
		return;
	set(fd, IPPROTO_TCP, TCP_FASTOPEN, FAST_OPEN_QUEUE);
	if (talk == NULL)
		return;
	f = fopen("/proc/sys/net/ipv4/tcp_fastopen", "re");
	if (f != NULL && fgets(text, sizeof text, f) != NULL)
		text[strcspn(text, "\n")] = '\0';
	if (f != NULL)
		fclose(f);
	if (num_whole(text, 0, INT32_MAX, &n) == NULL && (n & 2) == 0)
		talk_warn(talk, 0, "fast-open", "this system gives its callers "
		    "no fast open; try: sudo sysctl net.ipv4.tcp_fastopen=3");
}

void
sockopt_settle(const struct sockopt *o, struct conn *c)
{
	if (o == NULL)
		return;
	if (o->n[SOCKOPT_NAGLE] != 0)
		set(c->wfd, IPPROTO_TCP, TCP_NODELAY, 0);
	if (o->congestion != NULL && setsockopt(c->wfd, IPPROTO_TCP,
	    TCP_CONGESTION, o->congestion, strlen(o->congestion)) == 0)
		c->reno = false;
}

/* --- can it be had? --- */

static void
add(char list[static LIST], const char *name, size_t n)
{
	size_t len = strlen(list);

	snprintf(list + len, LIST - len, "%s%.*s", len > 0 ? ", " : "",
	    (int)n, name);
}

static int
no_interface(const char *name, struct why *why)
{
	struct if_nameindex *all = if_nameindex();
	char safe[4 * IFNAMSIZ], list[LIST] = "";

	for (struct if_nameindex *i = all; i != NULL && i->if_name != NULL;
	    i++)
		add(list, i->if_name, strlen(i->if_name));
	if (all != NULL)
		if_freenameindex(all);
	vis_str(safe, sizeof safe, name, strnlen(name, IFNAMSIZ));
	return why_set(why, WHY_USAGE, 0, "--interface: this machine has no "
	    "'%s'; it has %s", safe, list);
}

/* Which there are (ENOENT), or which of them are for everybody (EPERM). */
static int
no_congestion(const char *name, int err, struct why *why)
{
	FILE *f = fopen(err == EPERM ?
	    "/proc/sys/net/ipv4/tcp_allowed_congestion_control" :
	    "/proc/sys/net/ipv4/tcp_available_congestion_control", "re");
	char line[LIST] = "", list[LIST] = "", safe[64];
	const char *p = line;

	if (f != NULL && fgets(line, sizeof line, f) == NULL)
		line[0] = '\0';
	if (f != NULL)
		fclose(f);
	for (size_t n; p += strspn(p, " \n"), (n = strcspn(p, " \n")) > 0;
	    p += n)
		add(list, p, n);
	vis_str(safe, sizeof safe, name, strnlen(name, 16));
	return why_set(why, WHY_USAGE, 0, "--congestion: %s '%s'; %s %s",
	    err == EPERM ? "only root may choose" : "this system has no", safe,
	    err == EPERM ? "others may choose" : "it has", list);
}

static int
no_mptcp(int err, struct why *why)
{
	why_sys(why, WHY_LOCAL, err, "--mptcp: not on this system");
	return err != ENOPROTOOPT ? -1 :
	    why_hint(why, "try: sudo sysctl net.mptcp.enabled=1");
}

static int
not_for(const char *name, enum sockopt_for what, struct why *why)
{
	return why_set(why, WHY_USAGE, 0, "--%s is not for %s", name,
	    what == SOCKOPT_UNIX ? "a Unix socket" :
	    what == SOCKOPT_VSOCK ? "a vsock" : "--udp");
}

/* Numbers that were given, in need of a socket of another kind. */
static int
check_kinds(const struct sockopt *o, enum sockopt_for what, struct why *why)
{
	if (o->fast_open && what != SOCKOPT_TCP)
		return not_for("fast-open", what, why);
	if (o->mptcp && what != SOCKOPT_TCP)
		return not_for("mptcp", what, why);
	if (o->interface != NULL && (what == SOCKOPT_UNIX ||
	    what == SOCKOPT_VSOCK))
		return not_for("interface", what, why);
	if (o->congestion != NULL && what != SOCKOPT_TCP)
		return not_for("congestion", what, why);
	for (int i = 0; i < SOCKOPT_N; i++)
		if (o->n[i] != 0 && (sockopt_rows[i].kinds & what) == 0)
			return not_for(sockopt_rows[i].name, what, why);
	return 0;
}

static int
try(const struct sockopt *o, enum sockopt_for what, struct why *why)
{
	int fd = socket(what == SOCKOPT_UNIX ? AF_UNIX : AF_INET,
	    (what == SOCKOPT_UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC,
	    sockopt_protocol(o, AF_INET)), err, r;
	const char *name = NULL;

	if (fd < 0)
		return o->mptcp ? no_mptcp(errno, why) : 0;
	r = sockopt_apply(o, fd, &name);
	err = errno;
	close(fd);
	if (r == 0)
		return 0;
	if (strcmp(name, "congestion") == 0 && (err == ENOENT || err == EPERM))
		return no_congestion(o->congestion, err, why);
	return why_sys(why, WHY_LOCAL, err, "--%s%s", name, o->mptcp ?
	    " with --mptcp" : "");
}

static bool
any(const struct sockopt *o)
{
	bool said = o->interface != NULL || o->congestion != NULL ||
	    o->mptcp || o->fast_open;

	for (int i = 0; i < SOCKOPT_N; i++)
		said |= o->n[i] != 0;
	return said;
}

int
sockopt_check(const struct sockopt *o, enum sockopt_for what, struct why *why)
{
	if (o == NULL || !any(o))
		return 0;
	if (check_kinds(o, what, why) < 0)
		return -1;
	if (o->interface != NULL && if_nametoindex(o->interface) == 0)
		return no_interface(o->interface, why);
	return try(o, what, why);
}
