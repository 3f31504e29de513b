/* SPDX-License-Identifier: MIT */
#include "scan/asked.h"

#include "base/vis.h"

static int
look_up(const char *name, void *arg)
{
	struct why why = { 0 };
	unsigned port;

	(void)arg;
	return resolve_port(&port, name, 1, &why) < 0 ? -1 : (int)port;
}

static int
add_ports(struct asked *a, const char *text, struct why *why)
{
	struct ports_bad bad;
	char safe[4 * PORTS_BAD_MAX + 1];

	if (ports_add(&a->ports, text, look_up, NULL, &bad) == 0)
		return 0;
	vis_str(safe, sizeof safe, bad.item, strlen(bad.item));
	return why_set(why, WHY_USAGE, 0, "port '%s' is %s", safe, bad.what);
}

static int
add_host(struct asked *a, const char *s, size_t n, struct why *why)
{
	char text[ADDR_HOST + ADDR_SERVICE], safe[ADDR_HOST];
	const char *bad = "too long";

	vis_str(safe, sizeof safe, s, n);
	if (a->hosts == ASKED_HOSTS_MAX)
		return why_set(why, WHY_USAGE, 0, "more than %d hosts",
		    ASKED_HOSTS_MAX);
	if (n < sizeof text) {
		memcpy(text, s, n);
		text[n] = '\0';
		bad = addr_operand_parse(&a->host[a->hosts].name, text);
	}
	if (bad != NULL)
		return why_set(why, WHY_USAGE, 0, "host '%s' is %s", safe,
		    bad);
	a->hosts++;
	return 0;
}

static int
add_hosts(struct asked *a, const char *s, struct why *why)
{
	for (;; s++) {
		size_t n = strcspn(s, ",");

		if (add_host(a, s, n, why) < 0)
			return -1;
		s += n;
		if (*s == '\0')
			return 0;
	}
}

/* A port behind a host's colon stands alone: "HOST:PORTS" and no more. */
static int
ports_of_host(struct asked *a, int argc, struct why *why)
{
	const struct addr_operand *name = &a->host[0].name;
	char safe[ADDR_HOST];

	for (size_t i = 0; i < a->hosts; i++) {
		if (a->host[i].name.service[0] == '\0' ||
		    (a->hosts == 1 && argc == 1))
			continue;
		name = &a->host[i].name;
		vis_str(safe, sizeof safe, name->host, strlen(name->host));
		return why_set(why, WHY_USAGE, 0, "'%s:...' has its own port; "
		    "ports come after all hosts", safe);
	}
	if (argc > 1)
		return 0;
	vis_str(safe, sizeof safe, name->host, strlen(name->host));
	if (name->service[0] == '\0')
		return why_set(why, WHY_USAGE, 0, "no port given for '%s'",
		    safe);
	return add_ports(a, name->service, why);
}

int
asked_parse(struct asked *a, char *const *argv, int argc, struct why *why)
{
	if (add_hosts(a, argv[0], why) < 0 || ports_of_host(a, argc, why) < 0)
		return -1;
	for (int i = 1; i < argc; i++)
		if (add_ports(a, argv[i], why) < 0)
			return -1;
	if (a->hosts * a->ports.count > ASKED_LINES_MAX)
		return why_set(why, WHY_USAGE, 0,
		    "too much at once: hosts times ports is above %d",
		    ASKED_LINES_MAX);
	return 0;
}

int
asked_resolve(struct asked *a, struct talk *talk, int family, struct why *why)
{
	struct resolve r;
	int all = 0;

	a->addrs = 0;
	for (size_t i = 0; i < a->hosts; i++) {
		struct asked_host *h = &a->host[i];

		h->first = a->addrs;
		if (resolve(&r, talk, &(struct resolve_ask){
		    .host = h->name.host, .family = family }, why) < 0)
			all = -1;
		h->naddrs = r.n;
		memcpy(&a->addr[a->addrs], r.addr, r.n * sizeof *r.addr);
		a->addrs += r.n;
	}
	return all;
}
