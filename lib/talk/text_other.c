/* SPDX-License-Identifier: MIT */
#include "base/why.h"
#include "talk/text_sink.h"

enum { OPTION_WIDTH = 19 };	/* "WILL ECHO", and what it means */

void
text_telnet(struct text *t, const struct talk_event *e)
{
	const char *opt = talk_get_str(e, TF_OPT_NAME);
	const char *meaning = talk_get_str(e, TF_MEANING);
	const char *answer = talk_get_str(e, TF_ANSWER);
	int64_t number = text_int(e, TF_OPT);
	size_t from = text_at(t);

	text_str(t, talk_get_str(e, TF_CMD));
	if (opt != NULL) {
		text_put(t, " ");
		text_str(t, opt);
	} else if (number != TALK_UNKNOWN)
		text_put(t, " %d", (int)number);
	if (answer != NULL) {
		text_put(t, " %s %s (", t->o.marks == TALK_MARKS_WORDS ?
		    "answered" : text_sign(t, MARK_SENT), answer);
		text_str(t, meaning);
		text_put(t, ")");
	} else if (meaning != NULL && strncmp(meaning, "SB ", 3) == 0) {
		text_put(t, ", ");	/* left together with the first */
		text_str(t, meaning);
	} else if (meaning != NULL) {
		text_pad(t, from, OPTION_WIDTH);
		text_str(t, meaning);
	}
}

void
text_mode(struct text *t, const struct talk_event *e)
{
	const char *meaning = talk_get_str(e, TF_MEANING);

	text_str(t, talk_get_str(e, TF_MODE));
	text_put(t, " mode");
	if (meaning != NULL) {
		text_put(t, "; ");
		text_str(t, meaning);
	}
}

/* "out.iso, 12.4 MB of 80 MB received" */
void
text_file(struct text *t, const struct talk_event *e)
{
	const char *mode = talk_get_str(e, TF_MODE);
	int64_t bytes = text_int(e, TF_BYTES), total = text_int(e, TF_TOTAL);

	text_str(t, talk_get_str(e, TF_PATH));
	if (bytes != TALK_UNKNOWN) {
		text_put(t, ", ");
		text_size(t, bytes);
	}
	if (total != TALK_UNKNOWN && total != bytes) {
		text_put(t, " of ");
		text_size(t, total);
	}
	if (mode != NULL)
		text_put(t, "%s", strcmp(mode, "send") == 0 ? " sent" :
		    " received");
}

void
text_spawn(struct text *t, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_ARGV);
	int64_t pid = text_int(e, TF_PID), tid = text_int(e, TF_TID);

	for (size_t i = 0; v != NULL && i < v->strings.n; i++) {
		text_put(t, "%s", i == 0 ? "" : " ");
		text_str(t, v->strings.v[i]);
	}
	if (pid != TALK_UNKNOWN)
		text_put(t, ", pid %d", (int)pid);
	if (tid != TALK_UNKNOWN)
		text_put(t, ", thread %d", (int)tid);
}

void
text_exit(struct text *t, const struct talk_event *e)
{
	const char *signal = talk_get_str(e, TF_SIGNAL);
	int64_t pid = text_int(e, TF_PID), cpu = text_int(e, TF_CPU_US);
	int64_t tid = text_int(e, TF_TID);

	if (tid != TALK_UNKNOWN)
		text_put(t, "thread %d, ", (int)tid);
	if (pid != TALK_UNKNOWN)
		text_put(t, "pid %d, ", (int)pid);
	if (signal != NULL) {
		text_put(t, "ended by ");
		text_own(t, signal);
	} else
		text_put(t, "status %d",
		    (int)talk_get_int(e, TF_EXIT_STATUS, 0));
	if (cpu != TALK_UNKNOWN) {
		text_put(t, ", ");
		text_time(t, cpu);
		text_put(t, " of processor time");
	}
}

/* "'220' came after 1.2 ms" */
void
text_expected(struct text *t, const struct talk_event *e)
{
	text_put(t, "'");
	text_str(t, talk_get_str(e, TF_AWAITED));
	text_put(t, "' came after ");
	text_time(t, talk_get_int(e, TF_DUR_US, 0));
}

void
text_unmet(struct text *t, const struct talk_event *e)
{
	text_put(t, "'");
	text_str(t, talk_get_str(e, TF_AWAITED));
	text_put(t, "' did not come: ");
	text_str(t, talk_get_str(e, TF_TEXT));
}

void
text_idle(struct text *t, const struct talk_event *e)
{
	const char *meaning = talk_get_str(e, TF_MEANING);

	text_put(t, "%d s ", (int)talk_get_int(e, TF_SECONDS, 0));
	text_str(t, meaning != NULL ? meaning :
	    "without a byte: closed by us");
}

void
text_signal(struct text *t, const struct talk_event *e)
{
	int64_t open = text_int(e, TF_OPEN);

	text_str(t, talk_get_str(e, TF_NAME));
	if (open > 0)
		text_put(t, "; %d connection%s still open %s closed",
		    (int)open, open == 1 ? "" : "s", open == 1 ? "is" : "are");
}

/* A warning or an error: what it says, or what the system said. */
void
text_message(struct text *t, const struct talk_event *e)
{
	const char *text = talk_get_str(e, TF_TEXT);

	if (text != NULL) {
		text_own(t, text);
		return;
	}
	if (e->peer != NULL) {
		text_addr(t, e->peer);
		text_put(t, ": ");
	}
	text_put(t, "%s (%s)", errno_words(e->err), errno_symbol(e->err));
}

static void
count(struct text *t, const struct talk_event *e, enum talk_field f,
    const char *one, const char *many)
{
	int64_t n = text_int(e, f);

	if (n == TALK_UNKNOWN)
		return;
	text_put(t, "%s%lld %s", t->bare ? "" : ", ", (long long)n,
	    n == 1 ? one : many);
	t->bare = false;
}

static void
amount(struct text *t, const struct talk_event *e, enum talk_field f,
    const char *word)
{
	int64_t n = text_int(e, f);

	if (n == TALK_UNKNOWN)
		return;
	text_put(t, "%s%s ", t->bare ? "" : ", ", word);
	text_size(t, n);
	t->bare = false;
}

void
text_summary(struct text *t, const struct talk_event *e)
{
	t->bare = true;
	count(t, e, TF_CLIENTS, "client", "clients");
	count(t, e, TF_REQUESTS, "request", "requests");
	count(t, e, TF_OPEN, "open", "open");
	count(t, e, TF_CLOSED, "closed", "closed");
	count(t, e, TF_FILTERED, "filtered", "filtered");
	count(t, e, TF_UNREACHABLE, "unreachable", "unreachable");
	amount(t, e, TF_RECEIVED, "received");
	amount(t, e, TF_SENT, "sent");
}
