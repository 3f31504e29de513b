/*
 * json_read - json.h backwards: the event that a line of JSON tells.
 *
 * What json.h writes comes back as the event that it was, its number and
 * times included; keys that we do not know are left out, as schema 1 asks.
 * A line may come from anybody: each value is of its key's type and within
 * its range, or the line is an error. Its strings are foreign text, also
 * those that are our own words in an event of ours.
 *
 * The module "json" (jansson) does the reading.
 */
#ifndef TALK_JSON_READ_H
#define TALK_JSON_READ_H

#include "base/why.h"
#include "talk/talk.h"

struct json_engine;
struct talk_reader;

/* NULL: why has the cause, the module is not there. */
const struct json_engine *talk_reader_engine(struct why *) MUST_CHECK;
/* NULL: no memory. */
struct talk_reader *talk_reader_new(const struct json_engine *) MUST_CHECK;
void	talk_reader_free(struct talk_reader *);		/* NULL is fine */

/*
 * A line, without its end. 1: *e is the event, and lasts until the next call;
 * 0: its "ev" is none that we know; -1: why says what is wrong (WHY_PROTOCOL).
 */
int	talk_read(struct talk_reader *, const char *, size_t n,
	    struct talk_event *e, struct why *why) MUST_CHECK;

#endif
