/* SPDX-License-Identifier: MIT */
#include "site/exchange.h"

#include "base/clock.h"
#include "net/conn.h"
#include "site/log.h"
#include "site/reply.h"
#include "talk/talk.h"

enum { TEXTS = 6 };

/* Every slice that may outlive the bytes it lies in. */
static void
slices(struct exchange *x, struct http_text *to[TEXTS])
{
	to[0] = &x->line;
	to[1] = &x->verb;
	to[2] = &x->target;
	to[3] = &x->referer;
	to[4] = &x->agent;
	to[5] = &x->path;
}

int
exchange_keep(struct exchange *x)
{
	struct http_text *text[TEXTS];
	size_t total = 1;
	char *to;

	slices(x, text);
	for (int i = 0; i < TEXTS; i++)
		total += text[i]->n;
	if ((to = malloc(total)) == NULL)
		return -1;
	x->kept = to;
	for (int i = 0; i < TEXTS; i++) {
		if (text[i]->p == NULL)
			continue;
		memcpy(to, text[i]->p, text[i]->n);
		text[i]->p = to;
		to += text[i]->n;
	}
	return 0;
}

void
exchange_free(struct exchange *x)
{
	free(x->kept);
	*x = (struct exchange){ 0 };
}

/* A string of its own; NULL if there is none, or no memory. */
static char *
string(struct http_text t)
{
	return t.p == NULL ? NULL : strndup(t.p, t.n);
}

/* What could not be read as a request is shown as it came. */
void
exchange_tell_in(const struct exchange *x, struct conn *c)
{
	char *verb, *target, *agent;

	if (!talk_heard(c->talk))
		return;
	verb = string(x->verb);
	target = string(x->target.p != NULL ? x->target : x->line);
	agent = string(x->agent);
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_HTTP,
	    .conn = c->id, TALK_VALUES(TALK_S(TF_METHOD, verb),
	    TALK_S(TF_TARGET, target), TALK_S(TF_VERSION, x->version),
	    TALK_S(TF_AGENT, agent)) });
	free(verb);
	free(target);
	free(agent);
}

/* Where it was looked for, if it was not found; otherwise what it is. */
static char *
shown_path(const struct exchange *x)
{
	char *text = NULL;

	if (x->path.p == NULL)
		return NULL;
	if (x->status < 400)
		return string(x->path);
	if (asprintf(&text, "%s/%.*s", x->root, (int)x->path.n,
	    x->path.p) < 0)
		return NULL;
	return text;
}

static void
tell(const struct exchange *x, struct conn *c)
{
	char *path = shown_path(x);
	char type[64] = "";

	if (x->type != NULL)
		snprintf(type, sizeof type, "%.*s",
		    (int)strcspn(x->type, ";"), x->type);
	talk_tell(c->talk, &(struct talk_event){ .kind = TALK_HTTP,
	    .conn = c->id, .out = true,
	    TALK_VALUES(TALK_S(TF_VERSION, "HTTP/1.1"),
	    TALK_I(TF_STATUS, x->status),
	    TALK_S(TF_REASON, reply_reason(x->status)),
	    TALK_S(TF_MEANING, x->note), TALK_S(TF_PATH, path),
	    TALK_S(TF_MEDIA_TYPE, *type ? type : NULL),
	    TALK_I(TF_BODY_BYTES, x->sent),
	    TALK_I(TF_TOTAL, x->sent < x->length ? (int64_t)x->length :
	    TALK_UNKNOWN),
	    TALK_I(TF_DUR_US, (clock_ns() - x->began_ns) / NS_PER_US),
	    TALK_I(TF_KEEP_ALIVE, x->keep)) });
	free(path);
}

void
exchange_tell_out(const struct exchange *x, struct conn *c,
    struct site_log *log, const char *date)
{
	if (log != NULL)
		site_log_add(log, x, &c->peer, date);
	if (talk_heard(c->talk))
		tell(x, c);
}
