/* SPDX-License-Identifier: MIT */
#include "run/sinks.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include "base/tty.h"
#include "base/vis.h"
#include "talk/json.h"
#include "talk/text.h"

enum session_out
sinks_out(const struct session_opts *o)
{
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

int
sinks_add(struct session *s, const struct session_opts *o,
    const struct session_for *f)
{
	bool view = !o->quiet && (s->out == SESSION_VIEW || o->verbose > 0 ||
	    o->explain);
	enum talk_json_payload json = (enum talk_json_payload)o->payload;
	bool payload = s->out == SESSION_VIEW || o->verbose > 1;

	if (o->hex != TALK_HEX_NONE && (!payload || s->out == SESSION_JSON))
		return why_set(&s->why, WHY_USAGE, 0, "--hex shows the "
		    "conversation, and here stdout takes %s: add --text",
		    s->out == SESSION_JSON ? "JSON" : "the bytes as they are");
	if (s->out == SESSION_JSON ?
	    add(s, talk_json_new(STDOUT_FILENO, json)) < 0 :
	    view && add(s, text_sink(s, o, f)) < 0)
		return -1;
	return o->json_file == NULL ? 0 :
	    add_json_file(s, o->json_file, json);
}
