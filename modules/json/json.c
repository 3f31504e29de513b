/* SPDX-License-Identifier: MIT */
/* json - the module: jansson reads; its values become plain nodes. */
#include "talk/json_engine.h"

#include <jansson.h>

struct json_text {
	json_t		*value;		/* keeps keys and strings */
	size_t		 used;
	struct json_node node[];
};

static size_t
count(json_t *v)
{
	const char *key;
	json_t *member;
	size_t n = 1, i;

	json_object_foreach(v, key, member)
		n += count(member);
	json_array_foreach(v, i, member)
		n += count(member);
	return n;
}

static enum json_kind
kind(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_TRUE:
	case JSON_FALSE: return JSON_IS_BOOL;
	case JSON_INTEGER: return JSON_IS_INT;
	case JSON_STRING: return JSON_IS_STRING;
	case JSON_ARRAY: return JSON_IS_ARRAY;
	case JSON_OBJECT: return JSON_IS_OBJECT;
	default: return JSON_IS_OTHER;
	}
}

static struct json_node *
put(struct json_text *t, json_t *v, const char *key)
{
	struct json_node *n = &t->node[t->used++], *last;
	const struct json_node **at = &n->first;
	const char *name;
	json_t *member;
	size_t i;

	n->key = key;
	n->kind = kind(v);
	n->i = json_is_true(v) ? 1 : (int64_t)json_integer_value(v);
	n->s = json_string_value(v);
	n->len = json_string_length(v);
	json_object_foreach(v, name, member) {
		*at = last = put(t, member, name);
		at = &last->next;
	}
	json_array_foreach(v, i, member) {
		*at = last = put(t, member, NULL);
		at = &last->next;
	}
	return n;
}

static void
forget(struct json_text *t)
{
	if (t != NULL)
		json_decref(t->value);
	free(t);
}

static struct json_text *
parse(const char *p, size_t n, const struct json_node **root, char *why,
    size_t size)
{
	json_error_t wrong;
	json_t *v = json_loadb(p, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL |
	    JSON_DECODE_ANY, &wrong);
	struct json_text *t;

	if (v == NULL) {
		snprintf(why, size, "%s", wrong.text);
		return NULL;
	}
	t = calloc(1, sizeof *t + count(v) * sizeof *t->node);
	if (t == NULL) {
		json_decref(v);
		snprintf(why, size, "out of memory");
		return NULL;
	}
	t->value = v;
	*root = put(t, v, NULL);
	return t;
}

extern const struct json_engine sockt_json;
__attribute__((visibility("default")))
const struct json_engine sockt_json = { JSON_ABI, parse, forget };
