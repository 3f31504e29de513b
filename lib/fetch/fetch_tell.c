/* SPDX-License-Identifier: MIT */
#include <stdarg.h>

#include "base/clock.h"
#include "fetch/fetch_state.h"
#include "talk/talk.h"

void
fetch_tell_sent(struct fetch *f, const char *p, size_t n)
{
	talk_tell(f->c->talk, &(struct talk_event){ .kind = TALK_SENT,
	    .conn = f->c->id, .out = true, .crlf = true,
	    TALK_VALUES(TALK_I(TF_BYTES, n), TALK_I(TF_OFF, f->sent),
	    TALK_B(TF_DATA, p, n), TALK_S(TF_SRC, f->c->src),
	    TALK_S(TF_PART, "head")) });
}

void
fetch_tell_part(struct fetch *f, const char *part, const char *p, size_t n)
{
	bool body = strcmp(part, "body") == 0;

	if (n == 0)
		return;
	talk_tell(f->c->talk, &(struct talk_event){ .kind = TALK_RECEIVED,
	    .conn = f->c->id, .crlf = !body,
	    TALK_VALUES(TALK_I(TF_BYTES, n), TALK_I(TF_OFF, f->told),
	    TALK_S(TF_PART, part),
	    TALK_B(TF_DATA, body && !f->o.show ? NULL : p, n)) });
	f->told += n;
}

/* Terminated; NULL if there is none, or no memory: then it is not told. */
static char *
copy(struct http_text t)
{
	return t.p == NULL ? NULL : strndup(t.p, t.n);
}

static struct talk_pair *
pairs(const struct http_head *h)
{
	struct talk_pair *v = calloc(h->nfields + 1, sizeof *v);

	for (unsigned i = 0; v != NULL && i < h->nfields; i++) {
		const struct http_field *f = &h->field[i];

		v[i] = (struct talk_pair){ .name = f->name.p,
			.name_len = f->name.n, .value = f->value.p,
			.value_len = f->value.n };
	}
	return v;
}

void
fetch_tell_request(struct fetch *f)
{
	talk_tell(f->c->talk, &(struct talk_event){ .kind = TALK_HTTP,
	    .conn = f->c->id, .out = true,
	    TALK_VALUES(TALK_S(TF_METHOD, f->o.method),
	    TALK_S(TF_TARGET, f->o.target),
	    TALK_S(TF_VERSION, "HTTP/1.1")) });
}

void
fetch_tell_reply(struct fetch *f)
{
	const struct http_head *h = &f->res.head;
	struct talk_pair *v;
	char *reason, *type;

	if (!talk_heard(f->c->talk))
		return;
	v = pairs(h);
	reason = copy(f->res.reason);
	type = copy(http_field_value(h, "content-type"));
	talk_tell(f->c->talk, &(struct talk_event){ .kind = TALK_HTTP,
	    .conn = f->c->id,
	    TALK_VALUES(TALK_S(TF_VERSION, http_head_version_text(h)),
	    TALK_I(TF_STATUS, f->res.status), TALK_S(TF_REASON, reason),
	    TALK_PS(TF_HEADERS, v, v != NULL ? h->nfields : 0),
	    TALK_I(TF_BODY_BYTES, f->body), TALK_S(TF_MEDIA_TYPE, type),
	    TALK_I(TF_KEEP_ALIVE, h->keep),
	    TALK_I(TF_DUR_US, (clock_ns() - f->asked_ns) / NS_PER_US)) });
	free(v);
	free(reason);
	free(type);
}

void
fetch_tell_notes(struct fetch *f)
{
	for (unsigned bit = 1; bit <= f->res.head.notes; bit <<= 1)
		if (f->res.head.notes & bit)
			talk_warn(f->c->talk, f->c->id, "http", "%s",
			    http_note_text(bit));
}

/* "got 5 of 10 bytes", "got 5 bytes and no end": of the content. */
static void
progress(const struct fetch *f, char *to, size_t size)
{
	unsigned long long body = f->body;

	if (f->state != FETCH_IN_BODY)
		snprintf(to, size, "the head is not complete");
	else if (f->res.head.body == HTTP_BODY_LENGTH)
		snprintf(to, size, "got %llu of %llu bytes", body,
		    (unsigned long long)f->res.head.length);
	else
		snprintf(to, size, "got %llu bytes%s", body,
		    f->res.head.body == HTTP_BODY_CHUNKED
		    ? ", but not the end of the chunks" : "");
}

void
fetch_got(const struct fetch *f, struct why *why)
{
	char text[128];

	progress(f, text, sizeof text);
	why_hint(why, "%s", text);
}

int
fetch_cut(struct fetch *f, struct why *why)
{
	char peer[ADDR_TEXT], got[128], text[192];

	progress(f, got, sizeof got);
	if (f->c->in == 0)
		snprintf(text, sizeof text,
		    "the connection ended without an answer");
	else
		snprintf(text, sizeof text,
		    "the connection ended too early: %s", got);
	talk_tell(f->c->talk, &(struct talk_event){ .kind = TALK_BROKEN,
	    .conn = f->c->id, .peer = &f->c->peer,
	    TALK_VALUES(TALK_S(TF_TEXT, text),
	    TALK_I(TF_BODY_BYTES, f->state == FETCH_IN_BODY ?
	    (int64_t)f->body : TALK_UNKNOWN),
	    TALK_I(TF_TOTAL, f->state == FETCH_IN_BODY &&
	    f->res.head.body == HTTP_BODY_LENGTH ?
	    (int64_t)f->res.head.length : TALK_UNKNOWN)) });
	return why_set(why, WHY_BROKEN, 0, "%s: %s",
	    addr_text(&f->c->peer, peer), text);
}

static int
protocol(struct fetch *f, struct why *why, const char *text, const char *try)
{
	char peer[ADDR_TEXT];

	talk_tell(f->c->talk, &(struct talk_event){ .kind = TALK_ERROR,
	    .conn = f->c->id, TALK_VALUES(TALK_S(TF_CODE, "http"),
	    TALK_S(TF_TEXT, text), TALK_S(TF_TRY, try)) });
	why_set(why, WHY_PROTOCOL, 0, "%s: %s", addr_text(&f->c->peer, peer),
	    text);
	if (try != NULL)
		why_hint(why, "%s", try);
	return -1;
}

int
fetch_bad(struct fetch *f, enum http_err e, struct why *why)
{
	char ip[ADDR_TEXT], try[128];

	if (e == HTTP_OK || e > HTTP_E_FOREIGN)
		return protocol(f, why, http_err_text(e), NULL);
	if (e == HTTP_E_TLS)
		return protocol(f, why, http_err_text(e),
		    "the server expects an https client here");
	snprintf(try, sizeof try, "'sockt connect %s %u' shows what it says",
	    addr_ip(&f->c->peer, ip), addr_port(&f->c->peer));
	return protocol(f, why, http_err_text(e), try);
}

int
fetch_limit(struct fetch *f, struct why *why, const char *fmt, ...)
{
	char text[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return protocol(f, why, text, NULL);
}
