/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "base/num.h"
#include "base/vis.h"
#include "proto/http_auth.h"
#include "proto/http_response.h"
#include "run/errand.h"
#include "run/passage.h"

const struct http_limits passage_limits = {
	.start = PASSAGE_LINE, .line = PASSAGE_LINE, .head = PROXY_ASK_MAX,
	.fields = PASSAGE_FIELDS,
};

size_t
passage_http_says(struct passage *p, char dst[static PASSAGE_SAYS],
    unsigned status, const char *text)
{
	const char *login = status == 407 ?
	    "Proxy-Authenticate: Basic realm=\"sockt\"\r\n" : "";
	bool head = p->req.method == HTTP_HEAD;
	int n = snprintf(dst, PASSAGE_SAYS, "HTTP/1.1 %u %s\r\n%s"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s%s", status,
	    http_status_name(status), login, strlen(text) + 1,
	    head ? "" : text, head ? "" : "\n");

	passage_tell(p, true, "%u %s", status, http_status_name(status));
	return (size_t)n;
}

static void
refuse_with(struct passage *p, unsigned status, const char *text)
{
	char says[PASSAGE_SAYS];

	passage_answer(p, says, passage_http_says(p, says, status, text));
}

/*
 * "host:port", "[v6]:port": CONNECT has no default port (RFC 9110 9.3.6);
 * http has 80, which stands for an empty one as well (RFC 9110 4.2.1).
 */
static bool
take_host(struct passage *p, const char *port)
{
	struct http_text at = p->req.host;
	struct addr_operand to;
	char text[ADDR_HOST + 16];
	int64_t number;

	if (port[0] != '\0' && at.n > 0 && at.p[at.n - 1] == ':')
		at.n--;
	if (at.n >= sizeof text)
		return false;
	memcpy(text, at.p, at.n);
	text[at.n] = '\0';
	if (addr_operand_parse(&to, text) != NULL || num_whole(
	    to.service[0] != '\0' ? to.service : port, 1, 65535,
	    &number) != NULL)
		return false;
	snprintf(p->host, sizeof p->host, "%s", to.host);
	p->port = (unsigned)number;
	return true;
}

/* A request that is not to be led on, but to be run. */
static enum passage_next
judge_plain(struct passage *p)
{
	if (p->req.form != HTTP_FORM_ABSOLUTE) {
		why_set(&p->why, WHY_PROTOCOL, 0, "a client asked us for a "
		    "page, as if this were no proxy");
		refuse_with(p, 400, "This is a proxy: ask it for "
		    "http://HOST/PATH, or to CONNECT.");
	} else if (!take_host(p, "80")) {
		why_set(&p->why, WHY_PROTOCOL, 0, "a client named no host, "
		    "or no port that there is");
		refuse_with(p, 400, "http://HOST/PATH has a host, and a port "
		    "of 1 to 65535 if any.");
	} else if ((p->errand = errand_new(p)) == NULL) {
		why_set(&p->why, WHY_LOCAL, ENOMEM, "out of memory");
		refuse_with(p, 503, "out of memory");
	} else
		return PASSAGE_GO;
	return PASSAGE_REFUSE;
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
		return judge_plain(p);
	} else if (!take_host(p, "")) {
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
		http_head_init(&p->req.head, p->field, &passage_limits);
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
	if (p->errand != NULL)
		return;		/* the server will say */
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
