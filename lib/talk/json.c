/* SPDX-License-Identifier: MIT */
#include "talk/json.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/why.h"
#include "proto/addr.h"
#include "proto/json.h"
#include "talk/out.h"

struct sink {
	struct talk_sink talk;	/* first: what the tap knows */
	int		 fd;
	enum talk_json_payload payload;
	struct buf	 line;
};

static void	key_b64(struct json *, const char *);

/* "" is a socket without a name; @ begins an abstract one. */
static void
put_unix(struct json *j, const struct addr *a)
{
	char name[ADDR_PATH + 1] = "@";
	size_t n = a->un.n + (size_t)a->un.abstract;

	memcpy(name + a->un.abstract, a->un.name, a->un.n);
	json_key(j, "unix");
	json_string(j, name, n);
	if (json_is_utf8(name, n))
		return;
	key_b64(j, "unix");
	json_base64(j, name, n);
}

static void
put_addr(struct json *j, const struct addr *a)
{
	char ip[ADDR_TEXT];
	size_t n = strcspn(addr_ip(a, ip), "%");

	json_open(j, '{');
	if (addr_family(a) == AF_UNIX) {
		put_unix(j, a);
		json_close(j, '}');
		return;
	}
	if (addr_family(a) == AF_VSOCK) {
		json_key(j, "cid");
		json_int(j, a->vm.svm_cid);
	} else {
		json_key(j, "ip");
		json_string(j, ip, n);
	}
	if (addr_port(a) != 0) {	/* an address of a name has none */
		json_key(j, "port");
		json_int(j, addr_port(a));
	}
	if (ip[n] == '%') {
		json_key(j, "scope");
		json_int(j, a->in6.sin6_scope_id);
	}
	json_close(j, '}');
}

static void
key_b64(struct json *j, const char *key)
{
	char name[64];

	snprintf(name, sizeof name, "%s_b64", key);
	json_key(j, name);
}

static void
put_string(struct json *j, const char *key, const char *s)
{
	size_t n = strlen(s);

	json_key(j, key);
	json_string(j, s, n);
	if (json_is_utf8(s, n))
		return;
	key_b64(j, key);
	json_base64(j, s, n);
}

static void
put_strings(struct json *j, const char *key, const struct talk_value *v)
{
	bool exact = true;

	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < v->strings.n; i++) {
		const char *s = v->strings.v[i];

		json_str(j, s);
		exact = exact && json_is_utf8(s, strlen(s));
	}
	json_close(j, ']');
	if (exact)
		return;
	key_b64(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < v->strings.n; i++)
		json_base64(j, v->strings.v[i], strlen(v->strings.v[i]));
	json_close(j, ']');
}

static void
put_pair(struct json *j, const struct talk_pair *p,
    void (*put)(struct json *, const void *, size_t))
{
	json_open(j, '[');
	put(j, p->name, p->name_len);
	put(j, p->value, p->value_len);
	json_close(j, ']');
}

static void
put_pairs(struct json *j, const char *key, const struct talk_value *v)
{
	bool exact = true;

	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < v->pairs.n; i++) {
		const struct talk_pair *p = &v->pairs.v[i];

		put_pair(j, p, json_string);
		exact = exact && json_is_utf8(p->name, p->name_len) &&
		    json_is_utf8(p->value, p->value_len);
	}
	json_close(j, ']');
	if (exact)
		return;
	key_b64(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < v->pairs.n; i++)
		put_pair(j, &v->pairs.v[i], json_base64);
	json_close(j, ']');
}

static void
put_payload(struct json *j, const char *key, const struct talk_value *v,
    enum talk_json_payload as)
{
	if (as != TALK_JSON_B64 && json_is_text(v->b.data, v->b.len)) {
		json_key(j, key);
		json_string(j, v->b.data, v->b.len);
		return;
	}
	if (v->field == TF_DATA)
		json_key(j, "b64");
	else
		key_b64(j, key);
	json_base64(j, v->b.data, v->b.len);
}

static void
put_addrs(struct json *j, const char *key, const struct talk_value *v)
{
	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < v->addrs.n; i++)
		put_addr(j, &v->addrs.v[i]);
	json_close(j, ']');
}

static void
put_value(struct json *j, const char *key, const struct talk_value *v,
    enum talk_json_payload as)
{
	switch (talk_fields[v->field].type) {
	case TALK_INT:
		json_key(j, key);
		json_int(j, v->i);
		break;
	case TALK_BOOL:
		json_key(j, key);
		json_bool(j, v->i != 0);
		break;
	case TALK_ERRNO:
		json_key(j, key);
		json_str(j, errno_symbol((int)v->i));
		break;
	case TALK_STRING:
		put_string(j, key, v->s);
		break;
	case TALK_PAYLOAD:
		put_payload(j, key, v, as);
		break;
	case TALK_BASE64:
		json_key(j, key);
		json_base64(j, v->b.data, v->b.len);
		break;
	case TALK_ADDRS:
		put_addrs(j, key, v);
		break;
	case TALK_STRINGS:
		put_strings(j, key, v);
		break;
	case TALK_PAIRS:
		put_pairs(j, key, v);
		break;
	}
}

/* Nothing was measured, or it stands among the common keys already. */
static bool
absent(const struct talk_event *e, const struct talk_value *v,
    enum talk_json_payload as)
{
	switch (talk_fields[v->field].type) {
	case TALK_INT:
	case TALK_BOOL:
		return v->i == TALK_UNKNOWN;
	case TALK_ERRNO:
		return v->i == TALK_UNKNOWN || v->i == 0 || e->err != 0;
	case TALK_STRING:
		return v->s == NULL || v->field == TF_DIR;
	case TALK_PAYLOAD:
		return (v->b.data == NULL && v->b.len > 0) ||
		    (v->field == TF_DATA && as == TALK_JSON_NONE);
	default:
		return false;
	}
}

/* "owner.pid" is pid in an object that its neighbours "owner.*" share. */
static void
put_fields(struct json *j, const struct talk_event *e,
    enum talk_json_payload as)
{
	const struct talk_value *v = e->values;
	const char *open = NULL;	/* the object's key, if one is open */
	size_t len = 0;

	for (; v != NULL && v->field != TF_END; v++) {
		const char *key = talk_fields[v->field].key;
		const char *dot = strchr(key, '.');
		char name[32];

		if (absent(e, v, as))
			continue;
		if (open != NULL && (strncmp(key, open, len) != 0)) {
			json_close(j, '}');
			open = NULL;
		}
		if (dot != NULL && open == NULL) {
			open = key;
			len = (size_t)(dot + 1 - key);
			snprintf(name, sizeof name, "%.*s", (int)(len - 1),
			    key);
			json_key(j, name);
			json_open(j, '{');
		}
		put_value(j, dot != NULL ? dot + 1 : key, v, as);
	}
	if (open != NULL)
		json_close(j, '}');
}

static void
put_flag(struct json *j, const char *key, bool set)
{
	if (!set)
		return;
	json_key(j, key);
	json_bool(j, true);
}

static void
put_common(struct json *j, const struct talk_event *e)
{
	char wall[CLOCK_TEXT];

	json_key(j, "ev");
	json_str(j, talk_kinds[e->kind].ev);
	json_key(j, "n");
	json_int(j, (int64_t)e->n);
	json_key(j, "t_ns");
	json_int(j, (int64_t)e->t_ns);
	json_key(j, "wall");
	json_str(j, clock_text(e->wall_ns, wall));
	if (e->conn != 0) {
		json_key(j, "conn");
		json_int(j, e->conn);
	}
	if (e->local != NULL && talk_get(e, TF_LOCALS) == NULL) {
		json_key(j, "local");
		put_addr(j, e->local);
	}
	if (e->peer != NULL) {
		json_key(j, "peer");
		put_addr(j, e->peer);
	}
	if (e->err != 0) {
		json_key(j, "errno");
		json_str(j, errno_symbol(e->err));
	}
	if (talk_has_dir(e->kind)) {
		json_key(j, "dir");
		json_str(j, e->out ? "out" : "in");
	}
	put_flag(j, "crlf", e->crlf && talk_get(e, TF_DATA) != NULL);
	put_flag(j, "detail", e->wordy);
	put_flag(j, "told", e->told);
}

static int
tell(struct talk_sink *talk, const struct talk_event *e)
{
	struct sink *s = (struct sink *)talk;
	struct json j;

	buf_clear(&s->line);
	json_init(&j, &s->line);
	json_open(&j, '{');
	put_common(&j, e);
	put_fields(&j, e, s->payload);
	if (e->why != NULL) {
		json_key(&j, "why");
		json_str(&j, e->why);
	}
	json_close(&j, '}');
	if (j.failed || buf_add(&s->line, "\n", 1) < 0) {
		errno = ENOBUFS;
		return -1;
	}
	return talk_out(s->fd, buf_head(&s->line), s->line.len);
}

static void
end(struct talk_sink *talk)
{
	struct sink *s = (struct sink *)talk;

	if (s->talk.file != NULL)
		close(s->fd);
	buf_free(&s->line);
	free(s);
}

struct talk_sink *
talk_json_new(int fd, enum talk_json_payload as)
{
	struct sink *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->talk = (struct talk_sink){ .wants_bytes = as != TALK_JSON_NONE,
		.tell = tell, .end = end };
	s->fd = fd;
	s->payload = as;
	buf_init(&s->line, TALK_JSON_MAX);
	return &s->talk;
}

struct talk_sink *
talk_json_file_new(int fd, const char *name, enum talk_json_payload as)
{
	struct talk_sink *t = talk_json_new(fd, as);

	if (t == NULL)
		close(fd);
	else
		t->file = name;
	return t;
}
