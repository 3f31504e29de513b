/*
 * schema - what a line of the JSON sink may look like, as a JSON Schema
 * (draft 2020-12), made from the tables of talk.h.
 *
 * It is the schema of this version: each kind of event has the keys it can
 * have today, and no others. A reader that must outlive it ignores keys that
 * it does not know.
 */
#ifndef TALK_SCHEMA_H
#define TALK_SCHEMA_H

#include "base/base.h"

struct buf;

enum { TALK_SCHEMA_MAX = 256 * KIB };	/* a buffer of this holds it */

/* One JSON text, on a line. -1: it did not fit. */
int	talk_schema(struct buf *) MUST_CHECK;

#endif
