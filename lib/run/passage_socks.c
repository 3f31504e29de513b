/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/vis.h"
#include "run/passage.h"

static const unsigned char *
heard(const struct passage *p)
{
	return (const unsigned char *)buf_head(&p->in);
}

static enum passage_next
refuse_code(struct passage *p, unsigned code, const char *text)
{
	unsigned char m[SOCKS_MAX];
	const struct socks_dest none = { .port = 0 };

	why_set(&p->why, WHY_UNREACHABLE, EACCES, "%s", text);
	passage_tell(p, true, "%s (%u)", socks5_text(code), code);
	passage_answer(p, m, socks5_ask(m, code, &none));
	return PASSAGE_REFUSE;
}

static ssize_t
parse_hello(struct passage *p, enum passage_next *next)
{
	bool open = false, login = false, want = passage_login(p)->given;
	unsigned char m[SOCKS_MAX];
	ssize_t n = socks5_hello_parse(heard(p), p->in.len, &open, &login);

	if (n <= 0)
		return n;
	if (want ? login : open) {
		p->chosen = true;
		p->known = !want;
		passage_answer(p, m, socks5_choice(m, want ? SOCKS_LOGIN :
		    SOCKS_OPEN));
		*next = PASSAGE_READ;
		return n;
	}
	why_set(&p->why, WHY_UNREACHABLE, EACCES,
	    "a client offered no method that we accept");
	passage_tell(p, true, "no acceptable method");
	passage_answer(p, m, socks5_choice(m, SOCKS_NO_METHOD));
	*next = PASSAGE_REFUSE;
	return n;
}

static ssize_t
parse_login(struct passage *p, enum passage_next *next)
{
	struct proxy_login guess = { .given = true };
	unsigned char m[SOCKS_MAX];
	ssize_t n = socks5_login_parse(heard(p), p->in.len, guess.user,
	    guess.pass);

	if (n <= 0)
		return n;
	p->known = proxy_login_is(passage_login(p), &guess);
	if (!p->known) {
		why_set(&p->why, WHY_UNREACHABLE, EACCES,
		    "a client gave no valid credentials");
		passage_tell(p, true, "wrong user or password");
	}
	passage_answer(p, m, socks5_verdict(m, p->known));
	*next = p->known ? PASSAGE_READ : PASSAGE_REFUSE;
	return n;
}

static enum passage_next
judge(struct passage *p, unsigned command, const struct socks_dest *d)
{
	char text[ADDR_TEXT], safe[ADDR_HOST];
	bool named = d->name[0] != '\0';

	if (named)
		snprintf(p->host, sizeof p->host, "%s", d->name);
	else
		snprintf(p->host, sizeof p->host, "%.*s", ADDR_HOST - 1,
		    addr_ip(&d->addr, text));
	p->port = d->port;
	passage_tell(p, false, "%s %s:%u", command == SOCKS_CONNECT ?
	    "connect to" : command == SOCKS_BIND ? "bind for" :
	    command == SOCKS_UDP ? "UDP for" : "unknown command for",
	    vis_str(safe, sizeof safe, p->host, strlen(p->host)), p->port);
	if (command != SOCKS_CONNECT)
		return refuse_code(p, SOCKS_NO_COMMAND,
		    "a client wanted something else than CONNECT");
	if (!named && d->addr.len == 0)
		return refuse_code(p, SOCKS_NO_TYPE, "a client named neither "
		    "an address nor a name");
	return PASSAGE_GO;
}

static ssize_t
parse(struct passage *p, enum passage_next *next)
{
	struct socks_dest d;
	unsigned command = 0;
	ssize_t n;

	if (!p->chosen)
		n = parse_hello(p, next);
	else if (!p->known)
		n = parse_login(p, next);
	else if ((n = socks5_ask_parse(heard(p), p->in.len, &command,
	    &d)) > 0)
		*next = judge(p, command, &d);
	if (n < 0)
		why_set(&p->why, WHY_PROTOCOL, 0, "what a client said is not "
		    "SOCKS 5");
	return n;
}

static void
granted(struct passage *p, const struct addr *from)
{
	struct socks_dest d = { .addr = *from, .port = addr_port(from) };
	unsigned char m[SOCKS_MAX];

	passage_tell(p, true, "granted");
	passage_answer(p, m, socks5_ask(m, SOCKS_GRANTED, &d));
}

static void
refuse(struct passage *p, enum passage_fault f, const char *text)
{
	static const unsigned codes[] = {
		[PASSAGE_DENIED] = SOCKS_NOT_ALLOWED,
		[PASSAGE_NO_NAME] = SOCKS_NO_HOST,
		[PASSAGE_REFUSED] = SOCKS_REFUSED,
		[PASSAGE_TIMEOUT] = SOCKS_EXPIRED,
		[PASSAGE_UNREACHABLE] = SOCKS_NO_HOST,
		[PASSAGE_LOCAL] = SOCKS_FAILED,
	};

	refuse_code(p, codes[f], text);
}

const struct passage_kind passage_socks5 = {
	"socks5", parse, granted, refuse
};
