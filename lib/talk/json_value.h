/*
 * json_value - what the parts of the reader share: json_read.c finds events,
 * json_value.c the values of their fields.
 */
#ifndef TALK_JSON_VALUE_H
#define TALK_JSON_VALUE_H

#include "base/why.h"
#include "proto/addr.h"
#include "talk/json_engine.h"
#include "talk/talk.h"

/* Memory of an event, beside the text's own. */
struct kept {
	struct kept	*next;
	max_align_t	 bytes[];
};

struct talk_reader {
	const struct json_engine *engine;
	struct json_text *text;		/* of the last line */
	struct kept	*kept;
	struct addr	 local, peer;
	struct talk_value value[TF_FIELDS + 1];	/* each once, and the end */
	size_t		 nvalues;
	struct why	*why;
};

/* -1, always: a value is not what it should be: "a string". */
int	json_bad(struct talk_reader *, const struct json_node *,
	    const char *what);

/* NULL: the object has no such member. */
const struct json_node *json_member(const struct json_node *,
	    const char *key);

/* All of them: -1, r->why says why. */
int	json_get_int(struct talk_reader *, const struct json_node *,
	    int64_t min, int64_t max, int64_t *to) MUST_CHECK;
int	json_get_bool(struct talk_reader *, const struct json_node *, bool *to)
	    MUST_CHECK;
/* b64: it is base64 of what is meant. */
int	json_get_string(struct talk_reader *, const struct json_node *,
	    bool b64, const char **to) MUST_CHECK;
/* The name of a Unix socket is borrowed from the node. */
int	json_get_addr(struct talk_reader *, const struct json_node *,
	    struct addr *to) MUST_CHECK;
/* What belongs to v->field. */
int	json_get_value(struct talk_reader *, const struct json_node *, bool b64,
	    struct talk_value *v) MUST_CHECK;

#endif
