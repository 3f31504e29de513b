/* SPDX-License-Identifier: MIT */
#include "site/kept.h"

struct kept_file {
	struct asset	 a;
	unsigned	 turn;		/* of the loop: looked at then */
	char		 etag[ASSET_ETAG];
	char		 data[];	/* the path with its NUL, the bytes */
};

/* FNV-1a */
static struct kept_file **
place(struct kept *k, const char *path)
{
	uint32_t hash = 2166136261u;

	for (; *path != '\0'; path++)
		hash = (hash ^ (unsigned char)*path) * 16777619u;
	return &k->place[(hash ^ hash >> 16) % KEPT_PLACES];
}

void
kept_free(struct kept *k)
{
	for (size_t i = 0; i < KEPT_PLACES; i++) {
		free(k->place[i]);
		k->place[i] = NULL;
	}
}

bool
kept_get(struct kept *k, int root, const char *path, unsigned turn,
    struct asset *a)
{
	struct kept_file **at = place(k, path), *f = *at;

	if (f == NULL || strcmp(f->data, path) != 0)
		return false;
	if (f->turn != turn && !asset_same(&f->a, root, path)) {
		free(f);
		*at = NULL;
		return false;
	}
	f->turn = turn;
	*a = f->a;
	return true;
}

void
kept_put(struct kept *k, const char *path, const struct asset *a,
    const char *bytes, int64_t now_ns)
{
	struct kept_file **at = place(k, path), *f;
	size_t path_len = strlen(path), size = (size_t)a->size;

	if (a->size > KEPT_FILE || a->changed_ns > now_ns -
	    (int64_t)KEPT_AT_REST_MS * NS_PER_MS)
		return;
	f = malloc(sizeof *f + path_len + 1 + size);
	if (f == NULL)
		return;		/* it is read again, then */
	free(*at);
	*at = f;
	f->a = *a;
	f->turn = 0;
	memcpy(f->data, path, path_len + 1);
	memcpy(f->data + path_len + 1, bytes, size);
	f->a.fd = -1;
	f->a.bytes = f->data + path_len + 1;
	f->a.etag = asset_etag(a, f->etag);
}
