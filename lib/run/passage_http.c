/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/num.h"
#include "base/vis.h"
#include "proto/http_auth.h"
#include "proto/http_response.h"
#include "run/passage.h"

static void
refuse_with(struct passage *p, unsigned status, const char *text)
{
	char head[512];
	const char *login = status == 407 ?
	    "Proxy-Authenticate: Basic realm=\"sockt\"\r\n" : "";
	int n = snprintf(head, sizeof head, "HTTP/1.1 %u %s\r\n%s"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s\n", status,
	    http_status_name(status), login, strlen(text) + 1, text);

	passage_tell(p, true, "%u %s", status, http_status_name(status));
	passage_answer(p, head, (size_t)n);
}

/* "host:port", "[v6]:port": CONNECT has no default port (9.3.6). */
static bool
take_target(struct passage *p)
{
	struct addr_operand to;
	char text[ADDR_HOST + 16];
	int64_t port;

	if (p->req.target.n >= sizeof text)
		return false;
	memcpy(text, p->req.target.p, p->req.target.n);
	text[p->req.target.n] = '\0';
	if (addr_operand_parse(&to, text) != NULL ||
	    num_whole(to.service, 1, 65535, &port) != NULL)
		return false;
	snprintf(p->host, sizeof p->host, "%s", to.host);
	p->port = (unsigned)port;
	return true;
}

static enum passage_next
judge(struct passage *p)
{
	const struct proxy_login *l = passage_login(p);
	char safe[ADDR_HOST];

	passage_tell(p, false, "%.*s %s", (int)p->req.verb.n, p->req.verb.p,
	    vis_str(safe, sizeof safe, p->req.target.p, p->req.target.n));
	if (l->given && !http_auth_basic_is(http_field_value(&p->req.head,
	    "proxy-authorization"), l->user, l->pass)) {
		why_set(&p->why, WHY_UNREACHABLE, EACCES,
		    "a client gave no valid credentials");
		refuse_with(p, 407, "Who are you?");
	} else if (p->req.method != HTTP_CONNECT) {
		why_set(&p->why, WHY_PROTOCOL, 0,
		    "a client asked for something else than CONNECT");
		refuse_with(p, 501, "This proxy knows CONNECT alone.");
	} else if (!take_target(p)) {
		why_set(&p->why, WHY_PROTOCOL, 0, "a client named no host "
		    "and port");
		refuse_with(p, 400, "CONNECT is for HOST:PORT.");
	} else
		return PASSAGE_GO;
	return PASSAGE_REFUSE;
}

static ssize_t
parse(struct passage *p, enum passage_next *next)
{
	ssize_t n;

	if (p->req.head.limits == NULL)
		http_head_init(&p->req.head, p->field, &http_limits_server);
	n = http_request_parse(&p->req, &p->scan, buf_head(&p->in),
	    p->in.len);
	if (n > 0)
		*next = judge(p);
	else if (n < 0) {
		why_set(&p->why, WHY_PROTOCOL, 0, "a client's request: %s",
		    http_err_text(p->req.head.err));
		refuse_with(p, (unsigned)http_err_status(p->req.head.err),
		    http_err_text(p->req.head.err));
	}
	return n;
}

static void
granted(struct passage *p, const struct addr *from)
{
	static const char yes[] =
	    "HTTP/1.1 200 Connection established\r\n\r\n";

	(void)from;
	passage_tell(p, true, "200 Connection established");
	passage_answer(p, yes, sizeof yes - 1);
}

static void
refuse(struct passage *p, enum passage_fault f, const char *text)
{
	static const unsigned status[] = {
		[PASSAGE_DENIED] = 403, [PASSAGE_NO_NAME] = 502,
		[PASSAGE_REFUSED] = 502, [PASSAGE_TIMEOUT] = 504,
		[PASSAGE_UNREACHABLE] = 502, [PASSAGE_LOCAL] = 503,
	};

	refuse_with(p, status[f], text);
}

const struct passage_kind passage_http = { "http", parse, granted, refuse };
