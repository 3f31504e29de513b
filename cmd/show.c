/* SPDX-License-Identifier: MIT */
/* sockt show - show a recording again */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/vis.h"
#include "cmd.h"
#include "groups.h"
#include "run/replay.h"
#include "run/sinks.h"

static const struct opt opts[] = {
	OPTS_TALK,
	OPT_END
};

/* --raw: what was received, as it was. */
static int
pass_on(struct talk_sink *sink, const struct talk_event *e)
{
	const struct talk_value *v = talk_get(e, TF_DATA);

	(void)sink;
	if ((e->kind != TALK_RECEIVED && e->kind != TALK_DATAGRAM_IN) ||
	    v == NULL || v->b.data == NULL)
		return 0;
	return talk_out(STDOUT_FILENO, v->b.data, v->b.len);
}

static void
end(struct talk_sink *sink)
{
	(void)sink;
}

static struct talk_sink bytes = { .wants_bytes = true, .tell = pass_on,
	.end = end };

/* The view is as it was in that command's run. */
static int
begin(void *arg, const char *command)
{
	struct session *s = arg;
	struct session_for f = { .command = "show", .numbered = true,
		.replays = true };

	for (const struct cmd *const *c = cmds; command != NULL && *c != NULL;
	    c++)
		if (strcmp((*c)->name, command) == 0) {
			f.peer_word = (*c)->peer;
			f.numbered = (*c)->numbered;
		}
	if (s->out == SESSION_BYTES)
		talk_add(&s->talk, &bytes);
	return sinks_add(s, &talk_cfg, &f);
}

static int
open_file(const char *path, const char *safe, struct why *why)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO :
	    open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? why_sys(why, WHY_LOCAL, errno, "%s", safe) : fd;
}

static void
run(struct session *s, int argc, char **argv)
{
	char safe[128];
	struct replay r = { .talk = &s->talk, .begin = begin, .arg = s,
		.name = strcmp(argv[0], "-") == 0 ? "stdin" :
		vis_str(safe, sizeof safe, argv[0], strlen(argv[0])) };

	(void)argc;
	if (talk_cfg.record != NULL) {
		why_set(&s->why, WHY_USAGE, 0, "show has no packets that could "
		    "be recorded");
		return;
	}
	if (talk_cfg.format == FORMAT_AUTO)
		s->out = SESSION_VIEW;
	if ((r.fd = open_file(argv[0], r.name, &s->why)) < 0)
		return;
	if (replay(&r, &s->why) == 0 && s->talk.lost != 0 &&
	    s->out == SESSION_BYTES)
		why_sys(&s->why, WHY_LOCAL, s->talk.lost, "stdout");
	if (r.unknown > 0)
		diag("%s: %llu event%s of a kind that is not known here",
		    r.name, (unsigned long long)r.unknown,
		    r.unknown == 1 ? " is" : "s are");
	if (r.fd != STDIN_FILENO)
		close(r.fd);
}

const struct cmd cmd_show = {
	.name = "show",
	.args = "FILE",
	.help = "show a recording again",
	.examples =
	    "sockt show talk.ndjson                   by --json-file\n"
	    "sockt show --explain talk.ndjson\n"
	    "sockt show --raw talk.pcapng >received   by --record\n",
	.opts = opts,
	.min = 1, .max = 1,
	.replays = true,
	.run = run,
};
