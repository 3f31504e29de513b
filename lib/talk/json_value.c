/* SPDX-License-Identifier: MIT */
#include "talk/json_value.h"

#include <errno.h>

#include "base/vis.h"
#include "proto/base64.h"

/* A value of the wrong type; the key may be anybody's. */
int
json_bad(struct talk_reader *r, const struct json_node *n, const char *what)
{
	char safe[64];
	const char *key = n->key != NULL ? n->key : "a value in a list";

	why_set(r->why, WHY_PROTOCOL, 0, "\"%s\" is not %s",
	    vis_str(safe, sizeof safe, key, strlen(key)), what);
	return -1;
}

/* NULL: no memory, and r->why says so. Zeroed. */
static void *
keep(struct talk_reader *r, size_t n)
{
	struct kept *k = calloc(1, sizeof *k + n);

	if (k == NULL) {
		why_set(r->why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	k->next = r->kept;
	r->kept = k;
	return k->bytes;
}

static size_t
length(const struct json_node *list)
{
	size_t n = 0;

	for (const struct json_node *m = list->first; m != NULL; m = m->next)
		n++;
	return n;
}

const struct json_node *
json_member(const struct json_node *object, const char *key)
{
	for (const struct json_node *m = object->first; m != NULL; m = m->next)
		if (m->key != NULL && strcmp(m->key, key) == 0)
			return m;
	return NULL;
}

int
json_get_int(struct talk_reader *r, const struct json_node *n, int64_t min,
    int64_t max, int64_t *to)
{
	if (n->kind != JSON_IS_INT)
		return json_bad(r, n, "a whole number");
	if (n->i < min || n->i > max)
		return json_bad(r, n, "in the range of its kind");
	*to = n->i;
	return 0;
}

int
json_get_bool(struct talk_reader *r, const struct json_node *n, bool *to)
{
	*to = n->i != 0;
	return n->kind == JSON_IS_BOOL ? 0 : json_bad(r, n, "a boolean");
}

/* The bytes behind a string, a NUL behind them: as it is, or from base64. */
static int
get_bytes(struct talk_reader *r, const struct json_node *n, bool b64,
    const char **to, size_t *len)
{
	ssize_t got;
	char *p;

	if (n->kind != JSON_IS_STRING)
		return json_bad(r, n, "a string");
	*to = n->s;
	*len = n->len;
	if (!b64)
		return 0;
	if ((p = keep(r, n->len / 4 * 3 + 1)) == NULL)
		return -1;
	if ((got = base64_decode(p, n->s, n->len)) < 0)
		return json_bad(r, n, "base64");
	*to = p;
	*len = (size_t)got;
	return 0;
}

/* The same, for what is kept as a C string. */
int
json_get_string(struct talk_reader *r, const struct json_node *n, bool b64,
    const char **to)
{
	size_t len = 0;

	if (get_bytes(r, n, b64, to, &len) < 0)
		return -1;
	return memchr(*to, '\0', len) != NULL ?
	    json_bad(r, n, "a string without NUL") : 0;
}

static int
get_ip(struct talk_reader *r, const struct json_node *n, struct addr *a)
{
	const struct json_node *ip = json_member(n, "ip");
	const struct json_node *port = json_member(n, "port");
	const struct json_node *scope = json_member(n, "scope");
	int64_t p = 0, s = 0;

	if (ip == NULL || ip->kind != JSON_IS_STRING)
		return json_bad(r, n, "an address");
	if (port != NULL && json_get_int(r, port, 1, UINT16_MAX, &p) < 0)
		return -1;
	if (scope != NULL && json_get_int(r, scope, 1, UINT32_MAX, &s) < 0)
		return -1;
	if (strchr(ip->s, '%') != NULL || !addr_literal(a, ip->s, (unsigned)p))
		return json_bad(r, n, "an address");
	if (s != 0 && addr_family(a) == AF_INET6)
		a->in6.sin6_scope_id = (uint32_t)s;
	return 0;
}

static int
get_vsock(struct talk_reader *r, const struct json_node *n, struct addr *a)
{
	const struct json_node *port = json_member(n, "port");
	int64_t cid = 0, p = 0;

	if (json_get_int(r, json_member(n, "cid"), 0, UINT32_MAX, &cid) < 0 ||
	    (port != NULL && json_get_int(r, port, 1, UINT32_MAX, &p) < 0))
		return -1;
	a->len = sizeof a->vm;
	a->vm = (struct sockaddr_vm){ .svm_family = AF_VSOCK,
		.svm_cid = (unsigned)cid, .svm_port = (unsigned)p };
	return 0;
}

/* The name is borrowed; "": a socket without one. */
static int
get_unix(struct talk_reader *r, const struct json_node *n, struct addr *a)
{
	const struct json_node *b64 = json_member(n, "unix_b64");
	const struct json_node *from = b64 != NULL ? b64 :
	    json_member(n, "unix");
	const char *name;
	size_t len;

	if (get_bytes(r, from, b64 != NULL, &name, &len) < 0)
		return -1;
	a->len = sizeof a->un;
	a->un = (struct addr_unix){ .family = AF_UNIX,
		.abstract = len > 0 && name[0] == '@' };
	name += a->un.abstract;
	len -= (size_t)a->un.abstract;
	if (len > ADDR_PATH)
		return json_bad(r, n, "an address");
	a->un.name = name;
	a->un.n = (unsigned char)len;
	return 0;
}

int
json_get_addr(struct talk_reader *r, const struct json_node *n, struct addr *a)
{
	if (n->kind != JSON_IS_OBJECT)
		return json_bad(r, n, "an address");
	if (json_member(n, "cid") != NULL)
		return get_vsock(r, n, a);
	return json_member(n, "unix") != NULL ||
	    json_member(n, "unix_b64") != NULL ? get_unix(r, n, a) :
	    get_ip(r, n, a);
}

static int
get_addrs(struct talk_reader *r, const struct json_node *n,
    struct talk_value *v)
{
	struct addr *a = keep(r, length(n) * sizeof *a);

	if (a == NULL)
		return -1;
	v->addrs.v = a;
	for (const struct json_node *m = n->first; m != NULL; m = m->next)
		if (json_get_addr(r, m, &a[v->addrs.n++]) < 0)
			return -1;
	return 0;
}

static int
get_strings(struct talk_reader *r, const struct json_node *n, bool b64,
    struct talk_value *v)
{
	const char **s = keep(r, length(n) * sizeof *s);

	if (s == NULL)
		return -1;
	v->strings.v = (char *const *)s;
	for (const struct json_node *m = n->first; m != NULL; m = m->next)
		if (json_get_string(r, m, b64, &s[v->strings.n++]) < 0)
			return -1;
	return 0;
}

static int
get_pairs(struct talk_reader *r, const struct json_node *n, bool b64,
    struct talk_value *v)
{
	struct talk_pair *p = keep(r, length(n) * sizeof *p);

	if (p == NULL)
		return -1;
	v->pairs.v = p;
	for (const struct json_node *m = n->first; m != NULL; m = m->next) {
		if (m->kind != JSON_IS_ARRAY || length(m) != 2)
			return json_bad(r, n, "a list of pairs");
		if (get_bytes(r, m->first, b64, &p->name, &p->name_len) < 0 ||
		    get_bytes(r, m->first->next, b64, &p->value,
		    &p->value_len) < 0)
			return -1;
		p++;
		v->pairs.n++;
	}
	return 0;
}

static int
get_list(struct talk_reader *r, const struct json_node *n, bool b64,
    struct talk_value *v)
{
	if (n->kind != JSON_IS_ARRAY)
		return json_bad(r, n, "a list");
	switch (talk_fields[v->field].type) {
	case TALK_ADDRS:
		return get_addrs(r, n, v);
	case TALK_STRINGS:
		return get_strings(r, n, b64, v);
	default:
		return get_pairs(r, n, b64, v);
	}
}

int
json_get_value(struct talk_reader *r, const struct json_node *n, bool b64,
    struct talk_value *v)
{
	const char *p;
	bool set;

	switch (talk_fields[v->field].type) {
	case TALK_INT:
		return json_get_int(r, n, INT64_MIN + 1, INT64_MAX, &v->i);
	case TALK_BOOL:
		if (json_get_bool(r, n, &set) < 0)
			return -1;
		v->i = set;
		return 0;
	case TALK_STRING:
		return json_get_string(r, n, b64, &v->s);
	case TALK_PAYLOAD:
	case TALK_BASE64:
		if (get_bytes(r, n, b64, &p, &v->b.len) < 0)
			return -1;
		v->b.data = p;
		return 0;
	default:
		return get_list(r, n, b64, v);
	}
}
