/* SPDX-License-Identifier: MIT */
#include "net/resolve.h"

#include <errno.h>
#include <netdb.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/vis.h"
#include "proto/service.h"
#include "talk/talk.h"

static const char *
eai_symbol(int eai)
{
	switch (eai) {
	case EAI_NONAME: return "EAI_NONAME";
	case EAI_AGAIN: return "EAI_AGAIN";
	case EAI_FAIL: return "EAI_FAIL";
	case EAI_NODATA: return "EAI_NODATA";
	case EAI_ADDRFAMILY: return "EAI_ADDRFAMILY";
	case EAI_FAMILY: return "EAI_FAMILY";
	case EAI_MEMORY: return "EAI_MEMORY";
	default: return "EAI_SYSTEM";
	}
}

static const char *
eai_words(int eai)
{
	switch (eai) {
	case EAI_NONAME: return "nobody knows this name";
	case EAI_AGAIN: return "the name server did not answer";
	case EAI_NODATA:
	case EAI_ADDRFAMILY: return "the name has no such address";
	case EAI_MEMORY: return "out of memory";
	default: return "the resolver failed";
	}
}

/* Does a line of /etc/hosts hold the name? Then no server was asked. */
static bool
in_files(const char *host)
{
	FILE *f = fopen("/etc/hosts", "re");
	char line[1024], *rest, *word;
	bool found = false;

	while (f != NULL && !found && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "#\n")] = '\0';
		rest = line;
		(void)strsep(&rest, " \t");
		while (!found && (word = strsep(&rest, " \t")) != NULL)
			found = strcasecmp(word, host) == 0;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

/* What is known by now. */
struct found {
	const struct resolve_ask *ask;
	const struct resolve *at;
	const char	*source;
	const char	*canon;
	uint64_t	 since_ns;
};

/* A number was given: there is no name to tell. */
static bool
is_number(const char *service)
{
	return service == NULL ||
	    service[strspn(service, "0123456789")] == '\0';
}

static void
tell(struct talk *t, const struct found *f)
{
	const struct resolve_ask *ask = f->ask;
	const struct resolve *r = f->at;
	bool number = is_number(ask->service);
	bool other = f->canon != NULL && strcasecmp(f->canon, ask->host) != 0;

	talk_tell(t, &(struct talk_event){ .kind = TALK_RESOLVE,
	    TALK_VALUES(TALK_S(TF_HOST, ask->host),
	    TALK_S(TF_CANON, other ? f->canon : NULL),
	    TALK_S(TF_SERVICE, number ? NULL : ask->service),
	    TALK_I(TF_PORT, number ? TALK_UNKNOWN : (int64_t)ask->port),
	    TALK_AS(TF_ADDRS, r->addr, r->n), TALK_S(TF_SOURCE, f->source),
	    TALK_I(TF_DUR_US, (clock_ns() - f->since_ns) / NS_PER_US)) });
}

static int
fail(struct talk *t, const char *host, int eai, uint64_t since,
    struct why *why)
{
	char safe[ADDR_HOST];

	talk_tell(t, &(struct talk_event){ .kind = TALK_RESOLVE_FAILED,
	    TALK_VALUES(TALK_S(TF_HOST, host),
	    TALK_S(TF_EAI, eai_symbol(eai)), TALK_S(TF_TEXT, eai_words(eai)),
	    TALK_I(TF_DUR_US, (clock_ns() - since) / NS_PER_US)) });
	vis_str(safe, sizeof safe, host, strlen(host));
	return why_set(why, WHY_NAME, eai == EAI_AGAIN ? EAGAIN : 0,
	    "cannot resolve '%s': %s (%s)", safe, eai_words(eai),
	    eai_symbol(eai));
}

static bool
known(const struct resolve *r, const struct addr *a)
{
	for (size_t i = 0; i < r->n; i++)
		if (addr_equal(&r->addr[i], a))
			return true;
	return false;
}

/*
 * RFC 8305 4: the first family alternates with the other, so that one broken
 * family costs one attempt, not all of its addresses.
 */
static void
interleave(struct resolve *r, const struct resolve *from)
{
	size_t next[2] = { 0, 0 };
	int first = from->n > 0 ? addr_family(&from->addr[0]) : AF_UNSPEC;

	for (bool other = false; r->n < from->n; other = !other) {
		size_t *i = &next[other];

		while (*i < from->n &&
		    (addr_family(&from->addr[*i]) != first) != other)
			++*i;
		if (*i < from->n)
			r->addr[r->n++] = from->addr[(*i)++];
	}
}

static void
collect(struct resolve *r, const struct addrinfo *list, unsigned port)
{
	struct resolve all = { .n = 0 };

	for (; list != NULL && all.n < RESOLVE_MAX; list = list->ai_next) {
		struct addr a;

		addr_set(&a, list->ai_addr, list->ai_addrlen);
		addr_set_port(&a, port);
		if (addr_family(&a) != AF_UNSPEC && !known(&all, &a))
			all.addr[all.n++] = a;
	}
	interleave(r, &all);
}

int
resolve(struct resolve *r, struct talk *t, const struct resolve_ask *ask,
    struct why *why)
{
	struct addrinfo hints = { .ai_family = ask->family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = talk_heard(t) ? AI_CANONNAME : 0 };
	struct addrinfo *list = NULL;
	const char *host = ask->host;
	uint64_t since = clock_ns();
	struct found found = { .ask = ask, .at = r, .source = "literal",
		.since_ns = since };
	int eai;

	*r = (struct resolve){ .n = 0 };
	if (addr_literal(&r->addr[0], host, ask->port)) {
		if (ask->family != AF_UNSPEC &&
		    addr_family(r->addr) != ask->family)
			return fail(t, host, EAI_ADDRFAMILY, since, why);
		r->n = 1;
		if (talk_heard(t))
			tell(t, &found);
		return 0;
	}
	if ((eai = getaddrinfo(host, NULL, &hints, &list)) != 0)
		return fail(t, host, eai, since, why);
	collect(r, list, ask->port);
	if (r->n > 0 && talk_heard(t)) {
		found.source = in_files(host) ? "files" : "dns";
		found.canon = list->ai_canonname;
		tell(t, &found);
	}
	freeaddrinfo(list);
	return r->n > 0 ? 0 : fail(t, host, EAI_NODATA, since, why);
}

/* The machine's own file first, then the names everybody knows. */
static bool
service_port(unsigned *port, const char *name, enum service_proto proto)
{
	struct servent se, *found = NULL;
	const struct service *s;
	char buf[1024];

	if (getservbyname_r(name, proto == SERVICE_UDP ? "udp" : "tcp", &se,
	    buf, sizeof buf, &found) == 0 && found != NULL) {
		*port = ntohs((uint16_t)found->s_port);
		return true;
	}
	if ((s = service_by_name(name, proto)) == NULL)
		return false;
	*port = s->port;
	return true;
}

int
resolve_port(unsigned *port, const char *text, unsigned min, struct why *why)
{
	char safe[ADDR_SERVICE];
	const char *bad;
	int64_t n;

	if ((bad = num_whole(text, min, 65535, &n)) == NULL) {
		*port = (unsigned)n;
		return 0;
	}
	if ((text[0] < '0' || text[0] > '9') && service_port(port, text,
	    SERVICE_TCP))
		return 0;
	if ((text[0] >= 'a' && text[0] <= 'z') ||
	    (text[0] >= 'A' && text[0] <= 'Z'))
		bad = "not a service this machine knows";
	vis_str(safe, sizeof safe, text, strlen(text));
	why_set(why, WHY_USAGE, 0, "port '%s' is %s", safe, bad);
	return why_hint(why, "a port is a number from %u to 65535, or a name "
	    "such as http", min);
}

int
resolve_udp_port(unsigned *port, const char *text, unsigned min,
    struct why *why)
{
	if ((text[0] < '0' || text[0] > '9') &&
	    service_port(port, text, SERVICE_UDP))
		return 0;
	return resolve_port(port, text, min, why);
}

const char *
resolve_service(unsigned port, char dst[static RESOLVE_SERVICE])
{
	struct servent se, *found = NULL;
	const struct service *s;
	char buf[1024];

	if (getservbyport_r(htons((uint16_t)port), "tcp", &se, buf,
	    sizeof buf, &found) == 0 && found != NULL) {
		snprintf(dst, RESOLVE_SERVICE, "%s", found->s_name);
		return dst;
	}
	s = service_by_port(port, SERVICE_TCP);
	return s == NULL ? NULL : s->name;
}

int
resolve_operands(char *const *argv, int argc, const char *port_default,
    struct addr_operand *o, struct why *why)
{
	const char *bad = addr_operand_parse(o, argv[0]);
	char safe[ADDR_HOST];

	vis_str(safe, sizeof safe, argv[0], strlen(argv[0]));
	if (bad != NULL)
		return why_set(why, WHY_USAGE, 0, "host '%s' is %s", safe,
		    bad);
	if (argc > 1 && o->service[0] != '\0')
		return why_set(why, WHY_USAGE, 0,
		    "two ports: '%s' has one already", safe);
	if (argc > 1 && strlen(argv[1]) >= sizeof o->service)
		return why_set(why, WHY_USAGE, 0, "the port is too long");
	if (argc > 1)
		snprintf(o->service, sizeof o->service, "%s", argv[1]);
	if (o->service[0] != '\0')
		return 0;
	if (port_default == NULL)
		return why_set(why, WHY_USAGE, 0, "no port given for '%s'",
		    safe);
	snprintf(o->service, sizeof o->service, "%s", port_default);
	return 0;
}
