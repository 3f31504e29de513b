/* SPDX-License-Identifier: MIT */
#include "scan/scan.h"

#include <errno.h>

#include "scan/icmp.h"

const char *
scan_state_name(enum scan_state state)
{
	static const char *const names[SCAN_STATES] = {
		[SCAN_OPEN] = "open",
		[SCAN_CLOSED] = "closed",
		[SCAN_FILTERED] = "filtered",
		[SCAN_UNREACHABLE] = "unreachable",
		[SCAN_ERROR] = "error",
	};

	return names[state];
}

const char *
scan_sign_name(enum scan_sign sign)
{
	static const char *const names[SCAN_SIGNS] = {
		[SCAN_SYN_ACK] = "syn-ack",
		[SCAN_RST] = "rst",
		[SCAN_ICMP] = "icmp",
		[SCAN_SILENCE] = "timeout",
		[SCAN_LOCAL] = "local",
		[SCAN_UNNAMED] = "name",
	};

	return names[sign];
}

static void
how_icmp(const struct scan_result *r, char *dst)
{
	const char *words = icmp_words(addr_family(&r->icmp_from),
	    r->icmp_type, r->icmp_code);
	char from[ADDR_TEXT];

	snprintf(dst, SCAN_HOW, "%s%s says \"%s\" (ICMP %u/%u)",
	    r->state == SCAN_FILTERED ? "firewall at " : "",
	    addr_ip(&r->icmp_from, from), words ? words : "unreachable",
	    r->icmp_type, r->icmp_code);
}

/* A full queue drops SYNs as a firewall does (seen from here, the same). */
static void
how_silence(const struct scan_result *r, char *dst)
{
	snprintf(dst, SCAN_HOW, "no answer to %u SYN%s%s", r->syns,
	    r->syns == 1 ? "" : "s",
	    r->local ? " (dropped or busy)" : "");
}

static void
how_local(const struct scan_result *r, char *dst)
{
	const char *what = r->state == SCAN_ERROR ?
	    "could not ask" : "nothing was sent";

	switch (r->err) {
	case EACCES:
	case EPERM:
		snprintf(dst, SCAN_HOW, "%s: this machine forbids it (%s)",
		    what, errno_symbol(r->err));
		break;
	case EINVAL:
		snprintf(dst, SCAN_HOW, "%s: the route is a black hole (%s)",
		    what, errno_symbol(r->err));
		break;
	case ENETUNREACH:
		snprintf(dst, SCAN_HOW, "%s: no route to there (%s)", what,
		    errno_symbol(r->err));
		break;
	case EADDRNOTAVAIL:
	case EADDRINUSE:
	case 0:
		snprintf(dst, SCAN_HOW, "%s: no free port on this side", what);
		break;
	default:
		snprintf(dst, SCAN_HOW, "%s: %s (%s)", what,
		    errno_words(r->err), errno_symbol(r->err));
	}
}

const char *
scan_how(const struct scan_result *r, char dst[static SCAN_HOW])
{
	switch (r->sign) {
	case SCAN_SYN_ACK:
		snprintf(dst, SCAN_HOW, r->err ? "SYN-ACK, then %s" :
		    "SYN-ACK%s", r->err ? "RST" : "");
		break;
	case SCAN_RST:
		snprintf(dst, SCAN_HOW, "RST");
		break;
	case SCAN_ICMP:
		how_icmp(r, dst);
		break;
	case SCAN_SILENCE:
		how_silence(r, dst);
		break;
	case SCAN_LOCAL:
		how_local(r, dst);
		break;
	default:
		snprintf(dst, SCAN_HOW, "the name has no address");
	}
	return dst;
}
