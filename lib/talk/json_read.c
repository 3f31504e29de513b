/* SPDX-License-Identifier: MIT */
#include "talk/json_read.h"

#include <limits.h>

#include "base/clock.h"
#include "base/module.h"
#include "base/vis.h"
#include "talk/json.h"
#include "talk/json_value.h"

static const struct module module = { "json", "libjansson4",
	"libjansson-dev" };

static void
forget(struct talk_reader *r)
{
	struct kept *k;

	while ((k = r->kept) != NULL) {
		r->kept = k->next;
		free(k);
	}
	r->engine->free(r->text);
	r->text = NULL;
	r->nvalues = 0;
	r->local = r->peer = (struct addr){ 0 };
}

/* "why" is "why"; "why_b64" is "why", too. */
static bool
is_twin(const char *key, size_t n, const char *of)
{
	static const char twin[] = "_b64";
	size_t len = sizeof twin - 1;

	return n == strlen(of) + len && memcmp(key, of, n - len) == 0 &&
	    memcmp(key + n - len, twin, len) == 0;
}

/* The kind's field that has this key; TF_END: none. "own" of "own.pid". */
static enum talk_field
field_of(enum talk_kind kind, const char *object, const char *key, bool *b64)
{
	char full[64];
	int n = snprintf(full, sizeof full, "%s%s%s", object,
	    object[0] != '\0' ? "." : "", key);

	if (n >= (int)sizeof full)
		return TF_END;
	for (const unsigned char *f = talk_keys[kind]; *f != TF_END; f++) {
		const char *name = talk_fields[*f].key;

		*b64 = talk_fields[*f].type == TALK_BASE64;
		if (strcmp(full, name) == 0)
			return *f;
		*b64 = true;
		if (is_twin(full, (size_t)n, name) ||
		    (*f == TF_DATA && strcmp(full, "b64") == 0))
			return *f;
	}
	return TF_END;
}

/* A twin with the exact bytes comes behind its key, and takes its place. */
static int
add(struct talk_reader *r, enum talk_field f, const struct json_node *n,
    bool b64)
{
	struct talk_value *v = r->value;

	while (v < r->value + r->nvalues && v->field != f)
		v++;
	if (v == r->value + r->nvalues)
		r->nvalues++;
	*v = (struct talk_value){ .field = f };
	return json_get_value(r, n, b64, v);
}

static int
add_members(struct talk_reader *r, enum talk_kind kind, const char *object,
    const struct json_node *n)
{
	for (const struct json_node *m = n->first; m != NULL; m = m->next) {
		bool b64 = false;
		enum talk_field f = field_of(kind, object, m->key, &b64);

		if (f != TF_END && m->kind != JSON_IS_OTHER) {
			if (add(r, f, m, b64) < 0)
				return -1;
		} else if (m->kind == JSON_IS_OBJECT && object[0] == '\0' &&
		    add_members(r, kind, m->key, m) < 0)
			return -1;
	}
	return 0;
}

static int
errno_of(struct talk_reader *r, const struct json_node *n, int *err)
{
	*err = n->kind == JSON_IS_STRING ? errno_number(n->s, n->len) : 0;
	return *err != 0 ? 0 : json_bad(r, n, "an error's symbol");
}

static int
number(struct talk_reader *r, const struct json_node *n, int64_t max,
    uint64_t *to)
{
	int64_t i;

	if (json_get_int(r, n, 0, max, &i) < 0)
		return -1;
	*to = (uint64_t)i;
	return 0;
}

static int
text(struct talk_reader *r, const struct json_node *n, const char **to)
{
	return json_get_string(r, n, false, to);
}

static int
address(struct talk_reader *r, const struct json_node *n, struct addr *a,
    const struct addr **to)
{
	*to = a;
	return json_get_addr(r, n, a);
}

/* What every kind may have. */
static int
common(struct talk_reader *r, const struct json_node *n, struct talk_event *e)
{
	const char *key = n->key;
	const char *words = NULL;
	uint64_t conn;

	if (strcmp(key, "n") == 0)
		return number(r, n, INT64_MAX, &e->n);
	if (strcmp(key, "t_ns") == 0)
		return number(r, n, INT64_MAX, &e->t_ns);
	if (strcmp(key, "wall") == 0)
		return text(r, n, &words) < 0 ? -1 :
		    clock_parse(words, &e->wall_ns) ? 0 :
		    json_bad(r, n, "a time");
	if (strcmp(key, "conn") == 0) {
		if (number(r, n, UINT_MAX, &conn) < 0)
			return -1;
		e->conn = (unsigned)conn;
	} else if (strcmp(key, "local") == 0 && n->kind == JSON_IS_OBJECT)
		return address(r, n, &r->local, &e->local);
	else if (strcmp(key, "peer") == 0)
		return address(r, n, &r->peer, &e->peer);
	else if (strcmp(key, "errno") == 0)
		return errno_of(r, n, &e->err);
	else if (strcmp(key, "dir") == 0) {
		if (text(r, n, &words) < 0)
			return -1;
		e->out = strcmp(words, "out") == 0;
	} else if (strcmp(key, "crlf") == 0)
		return json_get_bool(r, n, &e->crlf);
	else if (strcmp(key, "detail") == 0)
		return json_get_bool(r, n, &e->wordy);
	else if (strcmp(key, "told") == 0)
		return json_get_bool(r, n, &e->told);
	else if (strcmp(key, "why") == 0)
		return text(r, n, &e->why);
	return 0;
}

static int
kind_of(struct talk_reader *r, const struct json_node *root,
    enum talk_kind *kind)
{
	const struct json_node *ev = json_member(root, "ev");

	if (root->kind != JSON_IS_OBJECT || ev == NULL ||
	    ev->kind != JSON_IS_STRING)
		return why_set(r->why, WHY_PROTOCOL, 0, "it is no event");
	for (int k = 0; k < TALK_KINDS; k++)
		if (strcmp(talk_kinds[k].ev, ev->s) == 0) {
			*kind = (enum talk_kind)k;
			return 1;
		}
	return 0;
}

/* Other numbers of it mean other things by the same keys. */
static int
check_schema(struct talk_reader *r, const struct talk_event *e)
{
	int64_t schema = talk_get_int(e, TF_SCHEMA, TALK_JSON_SCHEMA);

	return e->kind != TALK_START || schema == TALK_JSON_SCHEMA ? 0 :
	    why_set(r->why, WHY_PROTOCOL, 0, "it is of schema %lld, and %d is "
	    "all that is known here", (long long)schema, TALK_JSON_SCHEMA);
}

static int
event(struct talk_reader *r, const struct json_node *root,
    struct talk_event *e)
{
	int known = kind_of(r, root, &e->kind);

	if (known <= 0)
		return known;
	e->out = e->kind == TALK_SENT || e->kind == TALK_DATAGRAM_OUT;
	for (const struct json_node *m = root->first; m != NULL; m = m->next)
		if (m->kind != JSON_IS_OTHER && common(r, m, e) < 0)
			return -1;
	if (add_members(r, e->kind, "", root) < 0)
		return -1;
	r->value[r->nvalues] = (struct talk_value){ .field = TF_END };
	e->values = r->value;
	return check_schema(r, e) < 0 ? -1 : 1;
}

int
talk_read(struct talk_reader *r, const char *p, size_t n,
    struct talk_event *e, struct why *why)
{
	const struct json_node *root;
	char wrong[160], safe[200];

	forget(r);
	r->why = why;
	*e = (struct talk_event){ 0 };
	r->text = r->engine->parse(p, n, &root, wrong, sizeof wrong);
	if (r->text == NULL)
		return why_set(why, WHY_PROTOCOL, 0, "it is no JSON: %s",
		    vis_str(safe, sizeof safe, wrong, strlen(wrong)));
	return event(r, root, e);
}

const struct json_engine *
talk_reader_engine(struct why *why)
{
	const struct json_engine *e = module_load(&module, why);

	if (e == NULL || e->abi == JSON_ABI)
		return e;
	why_set(why, WHY_LOCAL, 0, "the module json is of another version of "
	    "sockt");
	return NULL;
}

struct talk_reader *
talk_reader_new(const struct json_engine *e)
{
	struct talk_reader *r = calloc(1, sizeof *r);

	if (r != NULL)
		r->engine = e;
	return r;
}

void
talk_reader_free(struct talk_reader *r)
{
	if (r != NULL)
		forget(r);
	free(r);
}
