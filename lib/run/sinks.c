/* SPDX-License-Identifier: MIT */
#include "run/sinks.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include "base/tty.h"
#include "base/vis.h"
#include "talk/json.h"
#include "talk/record.h"
#include "talk/text.h"

enum session_out
sinks_out(const struct session_opts *o)
{
	if (o->record != NULL && strcmp(o->record, "-") == 0)
		return SESSION_RECORD;
	switch (o->format) {
	case FORMAT_TEXT: return SESSION_VIEW;
	case FORMAT_RAW: return SESSION_BYTES;
	case FORMAT_JSON: return SESSION_JSON;
	default: return tty_is(STDOUT_FILENO) ? SESSION_VIEW : SESSION_BYTES;
	}
}

/* The view on stdout; or, beside exact bytes, the events on stderr. */
static struct talk_sink *
text_sink(struct session *s, const struct session_opts *o,
    const struct session_for *f)
{
	int fd = s->out == SESSION_VIEW ? STDOUT_FILENO : STDERR_FILENO;

	setlocale(LC_CTYPE, "");
	s->payload = s->out == SESSION_VIEW || o->verbose > 1;
	return talk_text_new(&(struct talk_text_opts){
	    .fd = fd,
	    .over = &s->over,
	    .payload = s->payload,
	    .utf8 = tty_utf8(),
	    .color = tty_color(fd, (enum tty_choice)o->color),
	    .tty = tty_is(fd),
	    .typed = s->typed && tty_is(fd),
	    .ends = o->ends,
	    .explain = o->explain,
	    .full = o->full,
	    .numbered = f->numbered,
	    .verbose = o->verbose,
	    .marks = (enum talk_marks)o->marks,
	    .time = (enum talk_time)o->time,
	    .hex = (enum talk_hex)o->hex,
	    .hex_width = (enum talk_hex_width)o->hex_width,
	    .peer_word = f->peer_word,
	    .later = f->replays ? NULL : session_later,
	    .arg = s,
	});
}

static int
add(struct session *s, struct talk_sink *sink)
{
	if (sink == NULL)
		return why_set(&s->why, WHY_LOCAL, ENOMEM, "out of memory");
	talk_add(&s->talk, sink);
	return 0;
}

static int
add_json_file(struct session *s, const char *path,
    enum talk_json_payload payload)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	char safe[128];

	if (fd < 0)
		return why_sys(&s->why, WHY_LOCAL, errno, "%s",
		    vis_str(safe, sizeof safe, path, strlen(path)));
	return add(s, talk_json_file_new(fd, path, payload));
}

static int
record_at_odds(const struct session_opts *o, struct why *why)
{
	static const char *const forms[] = { [FORMAT_TEXT] = "--text",
		[FORMAT_RAW] = "--raw", [FORMAT_JSON] = "--json" };

	if (o->record == NULL && (o->record_keys || o->record_plain))
		return why_set(why, WHY_USAGE, 0, "--record-%s is for "
		    "--record", o->record_keys ? "keys" : "plain");
	if (o->record == NULL)
		return 0;
	if (o->record_keys && o->record_plain)
		return why_set(why, WHY_USAGE, 0, "--record-keys is for "
		    "what is encrypted, --record-plain decrypts it");
	if (strcmp(o->record, "-") != 0)
		return 0;
	if (o->format != FORMAT_AUTO)
		return why_set(why, WHY_USAGE, 0, "--record - and %s both want "
		    "stdout", forms[o->format]);
	if (tty_is(STDOUT_FILENO)) {
		why_set(why, WHY_USAGE, 0, "--record - would write packets to "
		    "a terminal");
		return why_hint(why, "a pipe can take them: | tshark -r -");
	}
	return 0;
}

/* It may hold passwords, and keys: nobody else's to read. */
static int
add_record(struct session *s, const struct session_opts *o)
{
	struct talk_record_opts r = { .fd = STDOUT_FILENO,
		.secrets = o->record_keys,
		.plain = o->record_plain, .program = "sockt " VERSION };
	char safe[128];

	if (s->out != SESSION_RECORD) {
		r.file = o->record;
		r.fd = open(r.file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		    0600);
	}
	if (r.fd < 0)
		return why_sys(&s->why, WHY_LOCAL, errno, "%s",
		    vis_str(safe, sizeof safe, r.file, strlen(r.file)));
	return add(s, talk_record_new(&r));
}

int
sinks_add(struct session *s, const struct session_opts *o,
    const struct session_for *f)
{
	bool view = !o->quiet && (s->out == SESSION_VIEW || o->verbose > 0 ||
	    o->explain);
	enum talk_json_payload json = (enum talk_json_payload)o->payload;
	bool payload = s->out == SESSION_VIEW || o->verbose > 1;

	if (record_at_odds(o, &s->why) < 0)
		return -1;
	if (o->hex != TALK_HEX_NONE && (!payload || s->out == SESSION_JSON))
		return why_set(&s->why, WHY_USAGE, 0, "--hex shows the "
		    "conversation, and here stdout takes %s: add --text",
		    s->out == SESSION_JSON ? "JSON" : "the bytes as they are");
	if (s->out == SESSION_JSON ?
	    add(s, talk_json_new(STDOUT_FILENO, json)) < 0 :
	    view && add(s, text_sink(s, o, f)) < 0)
		return -1;
	if (o->json_file != NULL && add_json_file(s, o->json_file, json) < 0)
		return -1;
	return o->record == NULL ? 0 : add_record(s, o);
}
