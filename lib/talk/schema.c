/* SPDX-License-Identifier: MIT */
#include "talk/schema.h"

#include "base/buf.h"
#include "proto/json.h"
#include "talk/json.h"
#include "talk/talk.h"

/* What several places refer to; written by hand, as the rest cannot be. */
static const char defs[] = "{"
    "\"address\":{\"oneOf\":["
	"{\"type\":\"object\",\"required\":[\"ip\"],"
	"\"properties\":{\"ip\":{\"type\":\"string\","
	    "\"pattern\":\"^[0-9.]+$|^[0-9a-f:.]+$\"},"
	    "\"port\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":65535},"
	    "\"scope\":{\"type\":\"integer\",\"minimum\":0}},"
	"\"additionalProperties\":false},"
	"{\"type\":\"object\",\"required\":[\"cid\"],"
	"\"properties\":{\"cid\":{\"type\":\"integer\",\"minimum\":0,"
	    "\"maximum\":4294967295},\"port\":{\"type\":\"integer\","
	    "\"minimum\":1,\"maximum\":4294967295}},"
	"\"additionalProperties\":false},"
	"{\"type\":\"object\",\"required\":[\"unix\"],"
	"\"properties\":{\"unix\":{\"type\":\"string\"},"
	    "\"unix_b64\":{\"$ref\":\"#/$defs/base64\"}},"
	"\"additionalProperties\":false}]},"
    "\"base64\":{\"type\":\"string\",\"contentEncoding\":\"base64\","
	"\"pattern\":\"^[A-Za-z0-9+/]*={0,2}$\"},"
    "\"errno\":{\"type\":\"string\",\"pattern\":\"^E[A-Z0-9?]+$\"},"
    "\"wall\":{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-"
	"[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\\\.[0-9]{6}Z$\"}}";

static void
put_raw(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	if (buf_add(j->to, text, strlen(text)) < 0)
		j->failed = true;
	j->comma = true;
}

static void
pair(struct json *j, const char *key, const char *value)
{
	json_key(j, key);
	json_str(j, value);
}

static void
typed(struct json *j, const char *type, const char *help)
{
	pair(j, "type", type);
	if (help != NULL)
		pair(j, "description", help);
}

static void
of(struct json *j, const char *def)
{
	char path[48];

	snprintf(path, sizeof path, "#/$defs/%s", def);
	pair(j, "$ref", path);
}

static void
items(struct json *j, enum talk_type t, bool base64)
{
	json_key(j, "items");
	json_open(j, '{');
	if (t == TALK_PAIRS) {
		pair(j, "type", "array");
		json_key(j, "minItems");
		json_int(j, 2);
		json_key(j, "maxItems");
		json_int(j, 2);
		items(j, TALK_STRINGS, base64);
	} else if (t == TALK_ADDRS)
		of(j, "address");
	else if (base64)
		of(j, "base64");
	else
		pair(j, "type", "string");
	json_close(j, '}');
}

/* The value of a field; or, base64, its exact bytes. */
static void
value(struct json *j, const struct talk_field_info *f, bool base64)
{
	enum talk_type t = f->type;

	json_open(j, '{');
	if (t == TALK_INT || t == TALK_BOOL)
		typed(j, t == TALK_INT ? "integer" : "boolean", f->help);
	else if (t == TALK_ADDRS || t == TALK_STRINGS || t == TALK_PAIRS) {
		typed(j, "array", f->help);
		items(j, t, base64);
	} else if (t == TALK_ERRNO)
		of(j, "errno");
	else if (base64 || t == TALK_BASE64) {
		of(j, "base64");
		pair(j, "description", f->help);
	} else
		typed(j, "string", f->help);
	json_close(j, '}');
}

static bool
may_be_bytes(enum talk_type t)
{
	return t == TALK_STRING || t == TALK_STRINGS || t == TALK_PAIRS ||
	    t == TALK_PAYLOAD;
}

static void
property(struct json *j, enum talk_field field, const char *key)
{
	const struct talk_field_info *f = &talk_fields[field];
	char name[64];

	json_key(j, key);
	value(j, f, false);
	if (!may_be_bytes(f->type))
		return;
	snprintf(name, sizeof name, "%s_b64", key);
	json_key(j, field == TF_DATA ? "b64" : name);
	value(j, f, true);
}

static void
closed_object(struct json *j)
{
	pair(j, "type", "object");
	json_key(j, "additionalProperties");
	json_bool(j, false);
	json_key(j, "properties");
	json_open(j, '{');
}

/* Neighbours "owner.*" in the list share an object. */
static void
own_properties(struct json *j, const unsigned char *k)
{
	size_t len = 0;		/* of "owner.", while its object is open */
	const char *open = "";

	for (; *k != TF_END; k++) {
		const char *key = talk_fields[*k].key;
		const char *dot = strchr(key, '.');
		char name[32];

		if (len > 0 && strncmp(key, open, len) != 0) {
			json_close(j, '}');
			json_close(j, '}');
			len = 0;
		}
		if (dot != NULL && len == 0) {
			open = key;
			len = (size_t)(dot + 1 - key);
			snprintf(name, sizeof name, "%.*s", (int)len - 1, key);
			json_key(j, name);
			json_open(j, '{');
			closed_object(j);
		}
		property(j, *k, dot != NULL ? dot + 1 : key);
	}
	if (len > 0) {
		json_close(j, '}');
		json_close(j, '}');
	}
}

static bool
has(const unsigned char *keys, enum talk_field f)
{
	while (*keys != TF_END && *keys != f)
		keys++;
	return *keys == f;
}

static void
whole_number(struct json *j, const char *key, int from)
{
	json_key(j, key);
	json_open(j, '{');
	pair(j, "type", "integer");
	json_key(j, "minimum");
	json_int(j, from);
	json_close(j, '}');
}

static void
refer(struct json *j, const char *key, const char *def)
{
	json_key(j, key);
	json_open(j, '{');
	of(j, def);
	json_close(j, '}');
}

static void
flag(struct json *j, const char *key, const char *help)
{
	json_key(j, key);
	json_open(j, '{');
	json_key(j, "const");
	json_bool(j, true);
	pair(j, "description", help);
	json_close(j, '}');
}

static void
direction(struct json *j)
{
	json_key(j, "dir");
	json_open(j, '{');
	json_key(j, "enum");
	json_open(j, '[');
	json_str(j, "in");
	json_str(j, "out");
	json_close(j, ']');
	json_close(j, '}');
}

static void
common_properties(struct json *j, enum talk_kind k)
{
	json_key(j, "ev");
	json_open(j, '{');
	pair(j, "const", talk_kinds[k].ev);
	json_close(j, '}');
	whole_number(j, "n", 1);
	whole_number(j, "t_ns", 0);
	refer(j, "wall", "wall");
	whole_number(j, "conn", 1);
	if (!has(talk_keys[k], TF_LOCALS))
		refer(j, "local", "address");
	refer(j, "peer", "address");
	refer(j, "errno", "errno");
	if (talk_has_dir(k))
		direction(j);
	if (has(talk_keys[k], TF_DATA))
		flag(j, "crlf", "CR LF is the usual line end here");
	flag(j, "detail", "the text view shows it from -v on");
	flag(j, "told", "the line before has said it: the text view does not");
	json_key(j, "why");
	json_open(j, '{');
	typed(j, "string", "what it means, with --explain");
	json_close(j, '}');
}

static void
required(struct json *j, const char *const *keys)
{
	json_key(j, "required");
	json_open(j, '[');
	for (; *keys != NULL; keys++)
		json_str(j, *keys);
	json_close(j, ']');
}

/* Payload is told one way or the other. */
static void
not_both(struct json *j)
{
	static const char *const both[] = { "text", "b64", NULL };

	json_key(j, "not");
	json_open(j, '{');
	required(j, both);
	json_close(j, '}');
}

static void
event(struct json *j, enum talk_kind k)
{
	static const char *const always[] = { "ev", "n", "t_ns", "wall", NULL };
	static const char *const summary[] = { "ev", "n", "t_ns", "wall",
		"exit", NULL };
	static const char *const start[] = { "ev", "n", "t_ns", "wall",
		"schema", "version", "command", "argv", NULL };
	static const char *const bytes[] = { "ev", "n", "t_ns", "wall",
		"bytes", NULL };
	bool payload = has(talk_keys[k], TF_DATA);

	json_open(j, '{');
	closed_object(j);
	common_properties(j, k);
	own_properties(j, talk_keys[k]);
	json_close(j, '}');
	required(j, k == TALK_START ? start : k == TALK_SUMMARY ? summary :
	    payload ? bytes : always);
	if (payload)
		not_both(j);
	json_close(j, '}');
}

int
talk_schema(struct buf *to)
{
	struct json j;

	json_init(&j, to);
	json_open(&j, '{');
	pair(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
	pair(&j, "title", "sockt --json: a line");
	json_key(&j, "oneOf");
	json_open(&j, '[');
	for (int k = 0; k < TALK_KINDS; k++)
		event(&j, (enum talk_kind)k);
	json_close(&j, ']');
	put_raw(&j, "$defs", defs);
	json_close(&j, '}');
	return j.failed ? -1 : 0;
}
