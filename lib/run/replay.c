/* SPDX-License-Identifier: MIT */
#include "run/replay.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "proto/pcapng.h"
#include "talk/json.h"
#include "talk/json_read.h"
#include "talk/record_read.h"

enum {
	READ = 256 * KIB,
	HELD = TALK_JSON_MAX + READ,	/* bytes of a line or block, and more */
};

_Static_assert((int)PCAPNG_BLOCK_MAX <= (int)TALK_JSON_MAX, "a block fits");

/* What is held of the file, and who reads it. */
struct reading {
	struct replay	*of;
	struct why	*why;
	struct buf	 held;
	size_t		 looked;	/* no line ends in so many bytes */
	bool		 over;		/* the file has no more */
	bool		 begun;
	uint64_t	 line;		/* number of the last one */
	struct talk_reader *lines;
	struct record_reader *packets;
};

/* More of the file. -1: why; 0: there is no more. */
static int
more(struct reading *r)
{
	char *room = buf_room(&r->held, READ);
	ssize_t n;

	if (room == NULL)
		return why_set(r->why, WHY_PROTOCOL, 0, "%s, line %llu: more "
		    "than %d MiB", r->of->name, (unsigned long long)r->line + 1,
		    TALK_JSON_MAX / (int)MIB);
	do
		n = read(r->of->fd, room, READ);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return why_sys(r->why, WHY_LOCAL, errno, "%s", r->of->name);
	buf_added(&r->held, (size_t)n);
	r->over = n == 0;
	return n > 0;
}

static int
begin(struct reading *r, const struct talk_event *e)
{
	const char *command = e != NULL && e->kind == TALK_START ?
	    talk_get_str(e, TF_COMMAND) : NULL;

	if (r->begun)
		return 0;
	r->begun = true;
	return r->of->begin(r->of->arg, command);
}

static int
of_line(struct reading *r, const struct why *what)
{
	return why_set(r->why, what->kind, what->err, "%s, line %llu: %s",
	    r->of->name, (unsigned long long)r->line, what->what);
}

static int
tell_line(struct reading *r, const char *p, size_t n, bool whole)
{
	struct why what = { 0 };
	struct talk_event e;
	int known = talk_read(r->lines, p, n, &e, &what);

	if (known < 0 && !whole && what.kind == WHY_PROTOCOL) {
		what = (struct why){ 0 };
		why_set(&what, WHY_BROKEN, 0, "it ends in the middle");
	}
	if (known < 0)
		return of_line(r, &what);
	if (known == 0)
		r->of->unknown++;
	else if (begin(r, &e) < 0)
		return -1;
	else
		talk_retell(r->of->talk, &e);
	return 0;
}

/* A line that is held. > 0: it was told; 0: none is whole; -1: why. */
static int
next_line(struct reading *r)
{
	char *p = buf_head(&r->held), *end = NULL;
	size_t n = r->held.len;

	if (n > r->looked)
		end = memchr(p + r->looked, '\n', n - r->looked);
	if (end == NULL && (!r->over || n == 0)) {
		r->looked = n;
		return 0;
	}
	r->line++;
	n = end == NULL ? n : (size_t)(end - p);
	if (n > strspn(p, " \t\r") && tell_line(r, p, n, end != NULL) < 0)
		return -1;
	buf_drop(&r->held, n + (end != NULL));
	r->looked = 0;
	return 1;
}

static int
next_block(struct reading *r)
{
	struct why what = { 0 };
	ptrdiff_t n = record_read(r->packets, buf_head(&r->held), r->held.len,
	    &what);

	if (n < 0) {
		why_set(r->why, what.kind, what.err, "%s: %s", r->of->name,
		    what.what);
		return what.hint[0] != '\0' ? why_hint(r->why, "%s", what.hint)
		    : -1;
	}
	if (n == 0 && r->over && r->held.len > 0)
		return why_set(r->why, WHY_BROKEN, 0, "%s: it ends in the "
		    "middle of a packet", r->of->name);
	buf_drop(&r->held, (size_t)n);
	return n > 0;
}

static int
no_memory(struct reading *r)
{
	return why_set(r->why, WHY_LOCAL, ENOMEM, "out of memory");
}

/* By its first bytes: no line of JSON begins like a section of pcapng. */
static int
choose(struct reading *r)
{
	static const char section[] = { 0x0a, 0x0d, 0x0d, 0x0a };
	const struct json_engine *engine;
	int n = 1;

	while (n > 0 && r->held.len < sizeof section)
		n = more(r);
	if (n < 0)
		return -1;
	if (r->held.len == 0)
		return why_set(r->why, WHY_BROKEN, 0, "%s: it is empty",
		    r->of->name);
	if (r->held.len >= sizeof section && memcmp(buf_head(&r->held),
	    section, sizeof section) == 0) {
		r->packets = record_reader_new(r->of->talk, r->of->name);
		if (r->packets == NULL)
			return no_memory(r);
		return begin(r, NULL);
	}
	if ((engine = talk_reader_engine(r->why)) == NULL)
		return -1;
	r->lines = talk_reader_new(engine);
	return r->lines != NULL ? 0 : no_memory(r);
}

static int
run(struct reading *r)
{
	int n = choose(r) < 0 ? -1 : 1;

	while (n >= 0 && r->of->talk->lost == 0) {
		n = r->lines != NULL ? next_line(r) : next_block(r);
		if (n == 0 && r->over)
			break;
		if (n == 0)
			n = more(r) < 0 ? -1 : 0;
	}
	if (n == 0 && r->packets != NULL)
		record_read_end(r->packets);
	return n < 0 ? -1 : 0;
}

int
replay(struct replay *of, struct why *why)
{
	struct reading r = { .of = of, .why = why, .held = BUF_MAX(HELD) };
	int n = run(&r);

	talk_reader_free(r.lines);
	record_reader_free(r.packets);
	buf_free(&r.held);
	return n;
}
