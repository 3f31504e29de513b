/*
 * seen - what a sink wrote, kept in a file in memory and compared.
 */
#ifndef SEEN_H
#define SEEN_H

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "proto/addr.h"
#include "talk/json.h"
#include "talk/text.h"
#include "unit.h"

struct seen {
	struct talk_sink *sink;
	int		  fd;
	char		  text[1 * MIB];
};

static inline void
open_text(struct seen *s, struct talk_text_opts o)
{
	s->fd = memfd_create("seen", 0);
	o.fd = s->fd;
	s->sink = talk_text_new(&o);
}

static inline void
open_json(struct seen *s)
{
	s->fd = memfd_create("seen", 0);
	s->sink = talk_json_new(s->fd, TALK_JSON_AUTO);
}

/* Tenths of a millisecond since the start, and the event. */
static inline void
tell(struct seen *s, unsigned tick, struct talk_event e)
{
	e.n = 1;
	e.t_ns = (uint64_t)tick * 100000;
	e.wall_ns = 1795368173354537000 + e.t_ns;
	CHECK(s->sink->tell(s->sink, &e) == 0, "told: %s", strerror(errno));
}

static inline void
close_seen(struct seen *s)
{
	ssize_t n;

	s->sink->end(s->sink);
	n = pread(s->fd, s->text, sizeof s->text - 1, 0);
	s->text[n < 0 ? 0 : n] = '\0';
	close(s->fd);
}

static inline void
same(const char *got, const char *want)
{
	CHECK(strcmp(got, want) == 0, "\nwant:\n%s\ngot:\n%s", want, got);
}

static inline struct addr
at(const char *host, unsigned port)
{
	struct addr a;

	CHECK(addr_literal(&a, host, port), "%s", host);
	return a;
}

#define EVENT(k, ...)							\
	((struct talk_event){ .kind = (k), TALK_VALUES(__VA_ARGS__) })

/* A sent or received event, and its payload at offset 0. */
static inline void
said(struct seen *s, unsigned tick, struct talk_event e, const char *text,
    size_t n)
{
	const struct talk_value values[] = { TALK_I(TF_BYTES, n),
		TALK_I(TF_OFF, 0), TALK_B(TF_DATA, text, n),
		{ .field = TF_END } };

	e.values = values;
	tell(s, tick, e);
}

#define SAID(s, tick, text, ...)					\
	said(s, tick, (struct talk_event){ __VA_ARGS__ },		\
	    text, sizeof text - 1)
/* By connection c; _CRLF: in a protocol with HTTP's line ends. */
#define GOT(s, tick, c, text) \
	SAID(s, tick, text, .kind = TALK_RECEIVED, .conn = c)
#define SENT(s, tick, c, text) \
	SAID(s, tick, text, .kind = TALK_SENT, .conn = c, .out = true)
#define GOT_CRLF(s, tick, c, text) \
	SAID(s, tick, text, .kind = TALK_RECEIVED, .conn = c, .crlf = true)
#define SENT_CRLF(s, tick, c, text) \
	SAID(s, tick, text, .kind = TALK_SENT, .conn = c, .out = true, \
	    .crlf = true)

static inline void
closed(struct seen *s, unsigned tick, unsigned c)
{
	struct talk_event e = EVENT(TALK_CLOSED, TALK_I(TF_SENT, 0));

	e.conn = c;
	tell(s, tick, e);
}

#endif
