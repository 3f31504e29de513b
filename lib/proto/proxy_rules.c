/* SPDX-License-Identifier: MIT */
#include "proto/proxy_rules.h"

#include "base/num.h"

/* Where the host ends in a word of n bytes, and where the port begins. */
struct split {
	size_t	host, len, port;	/* port n: there is none */
};

static bool
split(struct split *s, const char *w, size_t n)
{
	const char *colon = memchr(w, ':', n), *end;

	*s = (struct split){ 0, n, n };
	if (n > 0 && w[0] == '[') {
		if ((end = memchr(w, ']', n)) == NULL)
			return false;
		s->host = 1;
		s->len = (size_t)(end - w) - 1;
		if (end + 1 == w + n)
			return true;
		s->port = (size_t)(end + 2 - w);
		return end[1] == ':' && s->port < n;
	}
	if (colon == NULL ||
	    memchr(colon + 1, ':', (size_t)(w + n - colon - 1)) != NULL)
		return true;
	s->len = (size_t)(colon - w);
	s->port = s->len + 1;
	return s->port < n;
}

static const char *
add(struct proxy_rules *all, const char *w, size_t n)
{
	struct proxy_rule r = { .port = 0 };
	char host[ADDR_HOST];
	const char *wrong;
	struct split s;
	int64_t port;

	if (!split(&s, w, n) || s.len == 0 || s.len >= sizeof host)
		return "not a list of HOST or HOST:PORT";
	if (s.port < n) {
		wrong = num_whole_n(w + s.port, n - s.port, 1, 65535, &port);
		if (wrong != NULL)
			return "not a list of HOST or HOST:PORT, the port "
			    "being a number from 1 to 65535";
		r.port = (unsigned)port;
	}
	memcpy(host, w + s.host, s.len);
	host[s.len] = '\0';
	if (strcmp(host, "*") == 0)
		;
	else if (s.len > 2 && host[0] == '*' && host[1] == '.') {
		r.name = w + s.host + 1;
		r.name_len = s.len - 1;
		r.below = true;
	} else if ((wrong = cidr_parse(&r.net, host)) != NULL)
		return wrong;
	else if (r.net.family == AF_UNSPEC) {
		r.name = w + s.host;
		r.name_len = s.len;
	}
	if (all->n == PROXY_RULES)
		return "one too many: 128 at most";
	all->rule[all->n++] = r;
	return NULL;
}

const char *
proxy_rules_add(struct proxy_rules *all, const char *list)
{
	const char *wrong = NULL;

	for (const char *p = list; p != NULL && wrong == NULL;) {
		size_t n = strcspn(p, ",");

		wrong = add(all, p, n);
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	return wrong;
}

static bool
is_name(const struct proxy_rule *r, const char *name)
{
	size_t n = strlen(name), m = r->name_len;

	/* RFC 1034 3.1: a dot at the end is the root's. */
	if (n > 0 && name[n - 1] == '.')
		n--;
	if (r->below)
		return n > m && strncasecmp(name + n - m, r->name, m) == 0;
	return n == m && strncasecmp(name, r->name, m) == 0;
}

bool
proxy_rules_name(const struct proxy_rules *all, const char *name,
    unsigned port)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct proxy_rule *r = &all->rule[i];

		if ((r->port == 0 || r->port == port) &&
		    r->net.family == AF_UNSPEC &&
		    (r->name == NULL || is_name(r, name)))
			return true;
	}
	return all->n == 0;
}

bool
proxy_rules_addr(const struct proxy_rules *all, const struct addr *a)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct proxy_rule *r = &all->rule[i];

		if ((r->port == 0 || r->port == addr_port(a)) &&
		    (r->net.family == AF_UNSPEC ? r->name == NULL :
		    cidr_has(&r->net, a)))
			return true;
	}
	return all->n == 0;
}
