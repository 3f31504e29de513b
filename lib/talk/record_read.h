/*
 * record_read - record.h backwards: the events behind our packets.
 *
 * Only recordings of ours are read: their packets say which way they went,
 * and their comments, of which connection they are. What a recording does not
 * have is not told: nobody knows from it what a name resolved slowly, what was
 * typed, or what was agreed on under TLS. A Unix socket gets its path back if
 * a comment has it; datagrams of one have the addresses that were made up.
 */
#ifndef TALK_RECORD_READ_H
#define TALK_RECORD_READ_H

#include "base/why.h"
#include "talk/talk.h"

enum {
	RECORD_FLOWS = 100000,	/* open at the same time */
	RECORD_NAMES = 64,	/* addresses of a name; more are left out */
};

struct record_reader;

/*
 * Events go to the talk, which is borrowed, by talk_retell(); file is for the
 * start event. NULL: no memory.
 */
struct record_reader *record_reader_new(struct talk *, const char *file)
	    MUST_CHECK;
void	record_reader_free(struct record_reader *);	/* NULL is fine */

/*
 * Some of the file, from where the last call ended. Returns how many bytes
 * were used, whole blocks; 0: more are needed. -1: why has the cause.
 */
ptrdiff_t record_read(struct record_reader *, const void *, size_t n,
	    struct why *) MUST_CHECK;
/* The file is over: what still waits for an answer got none. */
void	record_read_end(struct record_reader *);

#endif
