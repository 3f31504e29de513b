/* SPDX-License-Identifier: MIT */
#include <stdarg.h>

#include "base/clock.h"
#include "base/vis.h"
#include "net/conn.h"
#include "net/proxy_state.h"
#include "proto/http_field.h"
#include "talk/talk.h"

const char *
proxy_name(const struct proxy *p, char dst[static ADDR_TEXT + 32])
{
	char at[ADDR_TEXT];

	snprintf(dst, ADDR_TEXT + 32, "%s proxy %s",
	    proxy_kind_name(p->ask.via.kind),
	    addr_text(&p->conn->peer, at));
	return dst;
}

void
proxy_tell(struct proxy *p, bool out, bool wordy, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	talk_tell(p->conn->talk, &(struct talk_event){ .kind = TALK_PROXY,
	    .conn = p->conn->id, .out = out, .wordy = wordy,
	    .peer = &p->conn->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, proxy_kind_name(p->ask.via.kind)),
	    TALK_S(TF_TARGET, p->to), TALK_S(TF_TEXT, text),
	    TALK_I(TF_DUR_US, out ? TALK_UNKNOWN :
	    (int64_t)((clock_ns() - p->since_ns) / NS_PER_US))) });
}

static void
tell_failed(struct proxy *p, int64_t code, const char *text)
{
	talk_tell(p->conn->talk, &(struct talk_event){
	    .kind = TALK_PROXY_FAILED, .conn = p->conn->id,
	    .peer = &p->conn->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, proxy_kind_name(p->ask.via.kind)),
	    TALK_S(TF_TARGET, p->to), TALK_I(TF_STATUS, code),
	    TALK_S(TF_TEXT, text), TALK_I(TF_DUR_US,
	    (clock_ns() - p->since_ns) / NS_PER_US)) });
}

enum proxy_next
proxy_refuse(struct proxy *p, enum why_kind kind, unsigned code,
    const char *text, const char *hint)
{
	struct why why = { 0 };
	char name[ADDR_TEXT + 32], full[256];

	snprintf(full, sizeof full, "%.90s: %.120s", p->to, text);
	tell_failed(p, code, full);
	why_set(&why, kind, 0, "%.60s: %.90s: %.90s", proxy_name(p, name),
	    p->to, text);
	if (hint != NULL)
		why_hint(&why, "%s", hint);
	return proxy_fail(p, &why);
}

int
proxy_garbled(struct proxy *p, struct why *why, const char *fmt, ...)
{
	char name[ADDR_TEXT + 32], text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	tell_failed(p, TALK_UNKNOWN, text);
	return why_set(why, WHY_PROTOCOL, 0, "%.60s: %.190s",
	    proxy_name(p, name), text);
}

int
proxy_login_from_env(struct proxy_url *u, struct why *why)
{
	const char *env = getenv("SOCKT_PROXY_AUTH"), *bad;

	if (u->kind == PROXY_NONE || u->login.given || env == NULL ||
	    *env == '\0')
		return 0;
	bad = proxy_login_parse(&u->login, env);
	return bad == NULL ? 0 : why_set(why, WHY_USAGE, 0,
	    "SOCKT_PROXY_AUTH is %s", bad);
}

int
proxy_check(const struct proxy_ask *a, struct why *why)
{
	enum proxy_kind k = a->via.kind;
	char safe[ADDR_HOST];
	struct addr literal;
	bool ip = addr_literal(&literal, a->host, a->port);

	vis_str(safe, sizeof safe, a->host, strlen(a->host));
	if (k == PROXY_HTTP && !ip && !http_is_host(a->host, strlen(a->host)))
		return why_set(why, WHY_USAGE, 0, "'%.150s' is not a name "
		    "that an HTTP proxy can be asked for", safe);
	if ((k == PROXY_SOCKS4 || k == PROXY_SOCKS4A) && ip &&
	    addr_family(&literal) == AF_INET6)
		return why_set(why, WHY_USAGE, 0, "SOCKS 4 has no IPv6: "
		    "'%.150s' needs another proxy", safe);
	if ((k == PROXY_SOCKS5 || k == PROXY_SOCKS5H) && a->via.login.given &&
	    a->via.login.pass[0] == '\0')
		return why_set(why, WHY_USAGE, 0, "a login of SOCKS 5 has a "
		    "password of 1 to 255 bytes (RFC 1929 2)");
	if (k == PROXY_HTTP && strchr(a->via.login.user, ':') != NULL)
		return why_set(why, WHY_USAGE, 0, "a user of an HTTP proxy "
		    "has no colon in the name (RFC 7617 2)");
	return 0;
}
