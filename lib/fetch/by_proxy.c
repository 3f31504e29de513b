/* SPDX-License-Identifier: MIT */
#include "fetch/by_proxy.h"

#include <errno.h>

#include "base/vis.h"
#include "fetch/request.h"
#include "net/proxy.h"
#include "net/proxy_login.h"
#include "proto/http_response.h"

int
by_proxy_init(struct by_proxy *b, const struct proxy_url *via, bool https,
    struct why *why)
{
	*b = (struct by_proxy){ .via = *via, .head = BUF_MAX(REQUEST_MAX),
	    .shown = BUF_MAX(REQUEST_MAX),
	    .on = via->kind == PROXY_HTTP && !https };
	return proxy_login_from_env(&b->via, why);
}

void
by_proxy_free(struct by_proxy *b)
{
	if (b->answers > 0 && b->head.data != NULL)
		explicit_bzero(b->head.data, b->head.cap);
	buf_free(&b->head);
	buf_free(&b->shown);
	if (b->via.login.given)
		explicit_bzero(&b->via.login, sizeof b->via.login);
}

/* "Digest username=..." as "Digest ***...". */
static void
hide(char *value)
{
	for (char *p = value + strcspn(value, " "); *p != '\0'; p++)
		if (*p != ' ')
			*p = '*';
}

/* The target of a digest is the request's own (RFC 7616 3.4). */
static int
write_login(struct by_proxy *b, const struct request *r, char *value,
    struct why *why)
{
	char *url;
	int bad;

	if (asprintf(&url, "http://%s%s", r->host, r->target) < 0)
		return why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
	bad = proxy_login_write(value, &b->via.login, &(struct proxy_asked){
	    .method = r->method, .target = url,
	    .challenge = &b->challenge }, why);
	free(url);
	return bad;
}

int
by_proxy_head(struct by_proxy *b, struct request *r, struct why *why)
{
	char value[HTTP_AUTH_MAX];
	int bad;

	if (b->again && write_login(b, r, value, why) < 0)
		return -1;
	r->absolute = b->on;
	if (b->again) {
		r->login = value;
		b->answers++;
		b->again = false;
	}
	buf_clear(&b->head);
	buf_clear(&b->shown);
	bad = request_head(&b->head, r, why);
	if (r->login != NULL && bad == 0) {
		hide(value);
		bad = request_head(&b->shown, r, why);
	}
	r->login = NULL;
	return bad;
}

const char *
by_proxy_shown(const struct by_proxy *b)
{
	return buf_head(b->shown.len > 0 ? &b->shown : &b->head);
}

bool
by_proxy_unwanted(struct by_proxy *b, const struct http_response *r,
    const char *name, struct why *why)
{
	char words[64];
	const char *hint;

	if (!b->on || r->status != 407)
		return false;
	http_challenge_best(&b->challenge, &r->head, "proxy-authenticate");
	hint = proxy_login_hint(&b->via.login, &b->challenge,
	    b->answers > (b->challenge.stale ? 1 : 0));
	if (hint == NULL) {
		b->again = true;
		return true;
	}
	vis_str(words, sizeof words, r->reason.p, r->reason.n);
	why_set(why, WHY_UNREACHABLE, 0, "http proxy %.60s:%.10s: %.90s: "
	    "407%s%s", b->via.at.host, b->via.at.service, name,
	    words[0] != '\0' ? " " : "", words);
	why_hint(why, "%s", hint);
	return true;
}
