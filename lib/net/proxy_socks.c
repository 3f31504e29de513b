/* SPDX-License-Identifier: MIT */
#include "base/vis.h"
#include "net/conn.h"
#include "net/proxy_state.h"

static const unsigned char *
heard(const struct proxy *p)
{
	return (const unsigned char *)buf_head(&p->in);
}

static const struct proxy_step socks4_answer, socks5_choice_step,
    socks5_verdict_step, socks5_answer;

static bool
is_4(const struct proxy *p)
{
	return p->ask.via.kind == PROXY_SOCKS4 ||
	    p->ask.via.kind == PROXY_SOCKS4A;
}

/* A literal goes as an address, whoever looks up names. */
static void
choose_dest(struct proxy *p)
{
	const struct proxy_ask *a = &p->ask;
	struct socks_dest *d = &p->dest;

	char text[ADDR_TEXT];

	*d = (struct socks_dest){ .port = a->port };
	if (a->at.n > 0)
		d->addr = a->at.addr[p->addr];
	else if (!addr_literal(&d->addr, a->host, a->port))
		snprintf(d->name, sizeof d->name, "%.*s", SOCKS_WORD, a->host);
	if (d->name[0] == '\0')
		snprintf(p->to, sizeof p->to, "%.*s", PROXY_TEXT - 1,
		    addr_text(&d->addr, text));
	else
		snprintf(p->to, sizeof p->to, "%.*s:%u", ADDR_HOST,
		    vis_str(text, ADDR_HOST, d->name, strlen(d->name)),
		    a->port);
}

/* Another address of the same name may do better. */
static enum proxy_next
refused(struct proxy *p, enum why_kind kind, const char *text)
{
	char full[128];

	if (p->addr + 1 < p->ask.at.n) {
		proxy_tell(p, false, false, "%s: %s; trying the next address",
		    p->to, text);
		p->addr++;
		return proxy_again(p);
	}
	snprintf(full, sizeof full, "%s (%u)", text, p->code);
	return proxy_refuse(p, kind, p->code, full, NULL);
}

static void
ask5(struct proxy *p)
{
	unsigned char m[SOCKS_MAX];

	proxy_tell(p, true, false, "socks5: connect to %s", p->to);
	proxy_put(p, m, socks5_ask(m, SOCKS_CONNECT, &p->dest));
	p->step = &socks5_answer;
}

static void
ask4(struct proxy *p)
{
	unsigned char m[SOCKS_MAX];
	const char *user = p->ask.via.login.user;
	char safe[64];

	vis_str(safe, sizeof safe, user, strlen(user));
	proxy_tell(p, true, false, "%s: connect to %s%s%s",
	    proxy_kind_name(p->ask.via.kind), p->to,
	    *user != '\0' ? ", as user " : "", safe);
	proxy_put(p, m, socks4_ask(m, &p->dest, user));
	p->step = &socks4_answer;
}

enum proxy_next
proxy_socks_begin(struct proxy *p)
{
	bool login = p->ask.via.login.given;
	unsigned char m[SOCKS_MAX];

	choose_dest(p);
	if (is_4(p)) {
		ask4(p);
		return PROXY_ON;
	}
	proxy_tell(p, true, true, "socks5: methods are none%s",
	    login ? ", and user and password" : "");
	proxy_put(p, m, socks5_hello(m, login));
	p->step = &socks5_choice_step;
	return PROXY_ON;
}

/* --- what is answered --- */

static ssize_t
parse4(struct proxy *p, struct why *why)
{
	ssize_t n = socks4_answer_parse(heard(p), p->in.len, &p->code);

	return n < 0 ? proxy_garbled(p, why,
	    "what it answers is not SOCKS 4") : n;
}

static enum proxy_next
then4(struct proxy *p)
{
	if (p->code != SOCKS4_GRANTED)
		return refused(p, WHY_UNREACHABLE, socks4_text(p->code));
	proxy_tell(p, false, false, "granted");
	return proxy_through(p);
}

static const struct proxy_step socks4_answer = { parse4, then4 };

static ssize_t
parse_choice(struct proxy *p, struct why *why)
{
	ssize_t n = socks5_choice_parse(heard(p), p->in.len, &p->code);

	return n < 0 ? proxy_garbled(p, why,
	    "what it answers is not SOCKS 5") : n;
}

static enum proxy_next
chosen(struct proxy *p)
{
	const struct proxy_login *l = &p->ask.via.login;
	unsigned char m[SOCKS_MAX];
	char safe[64];

	if (p->code == SOCKS_OPEN) {
		ask5(p);
		return PROXY_ON;
	}
	if (p->code == SOCKS_LOGIN && l->given) {
		proxy_tell(p, true, true, "socks5: user %s and password",
		    vis_str(safe, sizeof safe, l->user, strlen(l->user)));
		proxy_put(p, m, socks5_login(m, l->user, l->pass));
		explicit_bzero(m, sizeof m);
		p->step = &socks5_verdict_step;
		return PROXY_ON;
	}
	if (p->code == SOCKS_NO_METHOD && !l->given)
		return proxy_refuse(p, WHY_UNREACHABLE, p->code, "it wants to "
		    "know who you are", "give --proxy socks5://USER:PASSWORD@"
		    "HOST:PORT, or SOCKT_PROXY_AUTH in the environment");
	return proxy_refuse(p, WHY_UNREACHABLE, p->code, "it wants a method "
	    "of saying who we are that we do not have", NULL);
}

static const struct proxy_step socks5_choice_step = { parse_choice, chosen };

static ssize_t
parse_verdict(struct proxy *p, struct why *why)
{
	ssize_t n = socks5_verdict_parse(heard(p), p->in.len, &p->good);

	return n < 0 ? proxy_garbled(p, why, "what it answers to a login is "
	    "not of RFC 1929") : n;
}

static enum proxy_next
judged(struct proxy *p)
{
	if (!p->good)
		return proxy_refuse(p, WHY_UNREACHABLE, 1, "it does not accept "
		    "this user and password", NULL);
	ask5(p);
	return PROXY_ON;
}

static const struct proxy_step socks5_verdict_step = {
	parse_verdict, judged
};

static ssize_t
parse5(struct proxy *p, struct why *why)
{
	ssize_t n = socks5_ask_parse(heard(p), p->in.len, &p->code, &p->dest);

	if (n < 0)
		return proxy_garbled(p, why, "what it answers is not SOCKS 5");
	if (n > 0 && p->code == SOCKS_GRANTED && p->dest.port == 0 &&
	    p->dest.name[0] == '\0' && p->dest.addr.len == 0)
		return proxy_garbled(p, why, "it answers with a kind of "
		    "address that SOCKS 5 does not have");
	return n;
}

static enum why_kind
kind_of(unsigned code)
{
	switch (code) {
	case SOCKS_REFUSED: return WHY_REFUSED;
	case SOCKS_EXPIRED: return WHY_TIMEOUT;
	default: return code <= SOCKS_NO_TYPE ? WHY_UNREACHABLE :
	    WHY_PROTOCOL;
	}
}

static enum proxy_next
then5(struct proxy *p)
{
	char at[ADDR_TEXT];

	if (p->code != SOCKS_GRANTED)
		return refused(p, kind_of(p->code), socks5_text(p->code));
	if (p->dest.addr.len != 0 && !addr_is_any(&p->dest.addr))
		proxy_tell(p, false, false, "granted, from %s",
		    addr_text(&p->dest.addr, at));
	else
		proxy_tell(p, false, false, "granted");
	return proxy_through(p);
}

static const struct proxy_step socks5_answer = { parse5, then5 };
