/*
 * json - the sink for programs: one JSON object a line, schema 1.
 *
 * Keys come in this order: ev, n, t_ns, wall, conn, local, peer, errno, dir
 * (talk_has_dir()), crlf, detail and told (the event's .crlf, .wordy and
 * .told; only where true), the event's own fields in their order, why. What
 * was not measured is left out. Payload is "text" if the chunk is UTF-8
 * without NUL, otherwise "b64"; never both. (A port's "banner" likewise, or
 * "banner_b64".)
 *
 * Foreign text need not be UTF-8. Then its key has U+FFFD for each bad byte,
 * and KEY_b64 behind it, of the same shape, has the exact bytes:
 *	"reason":"caf\ufffd","reason_b64":"Y2Fm6Q=="
 *
 * Each event leaves in one write(2), as soon as it is told. An event above
 * TALK_JSON_MAX, or a descriptor that takes no more, loses the sink.
 */
#ifndef TALK_JSON_H
#define TALK_JSON_H

#include "talk/talk.h"

enum {
	TALK_JSON_SCHEMA = 1,		/* what goes into TF_SCHEMA */
	TALK_JSON_MAX = 16 * MIB,	/* bytes of a line */
};

enum talk_json_payload {
	TALK_JSON_AUTO,			/* "text" or "b64", as above */
	TALK_JSON_B64,			/* always "b64" */
	TALK_JSON_NONE,			/* how many bytes, no more */
};

/* fd is borrowed. NULL: no memory. */
struct talk_sink *talk_json_new(int fd, enum talk_json_payload) MUST_CHECK;
/* A file beside stdout: takes fd, and closes it; the name is borrowed. */
struct talk_sink *talk_json_file_new(int fd, const char *name,
	    enum talk_json_payload) MUST_CHECK;

#endif
