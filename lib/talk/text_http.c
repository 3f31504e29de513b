/* SPDX-License-Identifier: MIT */
#include <ctype.h>

#include "talk/text_sink.h"

enum {
	WHAT_WIDTH = 22,	/* "GET /style.css", "200 index.html" */
	BODY_WIDTH = 25,	/* "1.2 kB text/html" */
};

/* A server's summary stands for what was said; a client shows the heads. */
bool
text_http_told(const struct talk_event *e)
{
	bool response = talk_get(e, TF_STATUS) != NULL;

	return e->out == response;
}

/* Each is found before those that pretend to be it ("like Gecko"). */
static const char *const browsers[][2] = {
	{ "Firefox/", "Firefox" }, { "Edg/", "Edge" }, { "OPR/", "Opera" },
	{ "HeadlessChrome/", "Chrome" }, { "Chrome/", "Chrome" },
	{ "Version/", "Safari" },
};

/* "Firefox 128" of five dozen characters; "curl 7.88.1" as it says. */
static void
agent(struct text *t, const char *full)
{
	char name[64];

	for (size_t i = 0; i < NELEMS(browsers); i++) {
		const char *at = strstr(full, browsers[i][0]);

		if (at == NULL)
			continue;
		at += strlen(browsers[i][0]);
		text_put(t, "%s %.*s", browsers[i][1],
		    (int)strspn(at, "0123456789"), at);
		return;
	}
	snprintf(name, sizeof name, "%.*s", (int)strcspn(full, " "), full);
	name[strcspn(name, "/")] = name[strcspn(name, "/")] ? ' ' : '\0';
	text_str(t, name);
}

/* A browser is named in the first request of a connection. */
static bool
named(struct text *t, unsigned conn)
{
	unsigned *last = &t->agents[conn % TEXT_AGENTS];
	bool yes = conn != 0 && *last == conn;

	*last = conn;
	return yes;
}

static void
request(struct text *t, const struct talk_event *e)
{
	const char *method = talk_get_str(e, TF_METHOD);
	const char *who = talk_get_str(e, TF_AGENT);
	size_t from;

	text_begin(t, e, text_way(e), NULL);
	text_put(t, " ");
	from = text_at(t);
	if (method != NULL) {
		text_str(t, method);
		text_put(t, " ");
	}
	text_str(t, talk_get_str(e, TF_TARGET));
	if (who != NULL && *who != '\0' && !named(t, e->conn)) {
		text_pad(t, from, WHAT_WIDTH);
		agent(t, who);
	}
	text_end(t);
}

/* Our own reason phrases stand in a sentence, so they begin lower case. */
static void
reason(struct text *t, const struct talk_event *e)
{
	const char *s = talk_get_str(e, TF_MEANING);
	char lower[64];
	size_t i;

	if (s == NULL)
		s = talk_get_str(e, TF_REASON);
	if (s == NULL)
		return;
	text_put(t, " ");
	if (!e->out || talk_get_str(e, TF_MEANING) != NULL) {
		text_str(t, s);
		return;
	}
	for (i = 0; s[i] != '\0' && i < sizeof lower - 1; i++)
		lower[i] = (char)tolower((unsigned char)s[i]);
	lower[i] = '\0';
	text_str(t, lower);
}

/* "1.2 kB text/html         0.2 ms" */
static void
content(struct text *t, const struct talk_event *e)
{
	const char *type = talk_get_str(e, TF_MEDIA_TYPE);
	int64_t total = text_int(e, TF_TOTAL);
	int64_t us = text_int(e, TF_DUR_US);
	size_t from = text_at(t);

	text_size(t, talk_get_int(e, TF_BODY_BYTES, 0));
	if (total != TALK_UNKNOWN) {
		text_put(t, " of ");
		text_size(t, total);
	}
	if (type != NULL) {
		text_put(t, " ");
		text_str(t, type);
	}
	if (us != TALK_UNKNOWN) {
		text_pad(t, from, BODY_WIDTH);
		text_time(t, us);
	}
}

static void
response(struct text *t, const struct talk_event *e, int status)
{
	const char *path = talk_get_str(e, TF_PATH);
	size_t from;

	text_begin(t, e, status >= 400 ? MARK_TROUBLE : text_way(e), NULL);
	text_put(t, " ");
	from = text_at(t);
	text_put(t, "%d", status);
	if (status < 300 && path != NULL) {
		text_put(t, " ");
		text_str(t, path);
	} else
		reason(t, e);
	if (status >= 400 && path != NULL) {
		text_pad(t, from, WHAT_WIDTH);
		text_str(t, path);
	} else if (text_int(e, TF_BODY_BYTES) != TALK_UNKNOWN) {
		text_pad(t, from, WHAT_WIDTH);
		content(t, e);
	}
	text_end(t);
}

void
text_http(struct text *t, const struct talk_event *e)
{
	int64_t status = text_int(e, TF_STATUS);

	if (status == TALK_UNKNOWN)
		request(t, e);
	else
		response(t, e, (int)status);
}
