/* SPDX-License-Identifier: MIT */
#include "base/vis.h"
#include "net/conn.h"
#include "net/proxy_login.h"
#include "net/proxy_state.h"

static const struct http_limits limits = {
	.start = PROXY_LINE, .line = PROXY_LINE, .head = PROXY_HEAD,
	.fields = PROXY_FIELDS,
};

static const struct proxy_step answer;

static int
ask(struct proxy *p, struct why *why)
{
	bool login = p->challenge.how != HTTP_AUTH_NONE;
	char value[HTTP_AUTH_MAX] = "";
	int bad = 0;

	if (login && proxy_login_write(value, &p->ask.via.login,
	    &(struct proxy_asked){ .method = "CONNECT", .target = p->to,
	    .challenge = &p->challenge }, why) < 0)
		return -1;
	p->answers += login;
	proxy_tell(p, true, false, "CONNECT %s%s%s", p->to,
	    login ? ", with credentials: " : "",
	    login ? http_auth_name(p->challenge.how) : "");
	bad = buf_printf(&p->out, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n"
	    "User-Agent: sockt/" VERSION "\r\n%s%s%s\r\n", p->to, p->to,
	    login ? "Proxy-Authorization: " : "", value, login ? "\r\n" : "");
	explicit_bzero(value, sizeof value);
	if (bad < 0)
		return why_set(why, WHY_LOCAL, 0, "out of memory");
	http_head_init(&p->res.head, p->field, &limits);
	p->scan = (struct http_scan){ 0 };
	p->step = &answer;
	return 0;
}

static enum proxy_next
ask_or_fail(struct proxy *p)
{
	struct why why = { 0 };

	return ask(p, &why) < 0 ? proxy_fail(p, &why) : PROXY_ON;
}

enum proxy_next
proxy_http_begin(struct proxy *p)
{
	const char *host = p->ask.host;
	bool v6 = strchr(host, ':') != NULL;

	snprintf(p->to, sizeof p->to, v6 ? "[%s]:%u" : "%s:%u", host,
	    p->ask.port);
	return ask_or_fail(p);
}

static ssize_t
parse(struct proxy *p, struct why *why)
{
	ssize_t n = http_response_parse(&p->res, &p->scan, buf_head(&p->in),
	    p->in.len, false);

	return n < 0 ? proxy_garbled(p, why, "%s",
	    http_err_text(p->res.head.err)) : n;
}

/* --- a page that nobody reads stands before the next reply --- */

static ssize_t
parse_page(struct proxy *p, struct why *why)
{
	(void)why;
	return (ssize_t)(p->skip < p->in.len ? p->skip : p->in.len);
}

static enum proxy_next	then_page(struct proxy *);
static const struct proxy_step page = { parse_page, then_page };

static enum proxy_next
ask_again(struct proxy *p)
{
	p->kept = true;
	return ask_or_fail(p);
}

static enum proxy_next
then_page(struct proxy *p)
{
	p->skip -= p->skip < p->in.len ? p->skip : p->in.len;
	return p->skip > 0 ? PROXY_ON : ask_again(p);
}

/* --- the reply --- */

static bool
keeps(const struct http_head *h)
{
	return h->keep && !http_list_has(h, "proxy-connection", "close") &&
	    (h->body == HTTP_BODY_NONE || (h->body == HTTP_BODY_LENGTH &&
	    h->length <= PROXY_SKIP));
}

static enum proxy_next
answer_challenge(struct proxy *p)
{
	if (!keeps(&p->res.head))
		return proxy_again(p);
	p->skip = p->res.head.body == HTTP_BODY_LENGTH ?
	    p->res.head.length : 0;
	if (p->skip == 0)
		return ask_again(p);
	p->step = &page;
	return PROXY_ON;
}

static const char *
in_its_words(const struct proxy *p, char *dst, size_t size)
{
	const struct http_text *r = &p->res.reason;
	int n = snprintf(dst, size, "%03u ", p->res.status);

	vis_str(dst + n, size - (size_t)n, r->p, r->n);
	if (r->n == 0)
		dst[n - 1] = '\0';
	return dst;
}

static enum proxy_next
wants_login(struct proxy *p, const char *words)
{
	const char *hint;

	http_challenge_best(&p->challenge, &p->res.head,
	    "proxy-authenticate");
	hint = proxy_login_hint(&p->ask.via.login, &p->challenge,
	    p->answers > (p->challenge.stale ? 1 : 0));
	if (hint != NULL)
		return proxy_refuse(p, WHY_UNREACHABLE, 407, words, hint);
	proxy_tell(p, false, false, "%s; it takes %s", words,
	    http_auth_name(p->challenge.how));
	return answer_challenge(p);
}

static enum proxy_next
then(struct proxy *p)
{
	unsigned status = p->res.status;
	char words[128];

	in_its_words(p, words, sizeof words);
	if (status / 100 == 1) {	/* RFC 9110 15.2: there is more */
		p->scan = (struct http_scan){ 0 };
		return PROXY_ON;
	}
	if (status / 100 == 2) {
		proxy_tell(p, false, false, "%s", words);
		return proxy_through(p);
	}
	if (status == 407)
		return wants_login(p, words);
	return proxy_refuse(p, status == 504 ? WHY_TIMEOUT : WHY_UNREACHABLE,
	    status, words, NULL);
}

static const struct proxy_step answer = { parse, then };
