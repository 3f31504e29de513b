/* SPDX-License-Identifier: MIT */
/*
 * complete - what the shells' completions offer.
 *
 * sockt __complete host | source | interface | WHAT [HOST [PREFIX]], where
 * WHAT is port (of TCP) or udp-port
 */
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/vis.h"
#include "cmd.h"
#include "net/owner.h"

enum { LINE = 4 * KIB, NAME = 256 };

/* No shell may take a name for anything else. */
static bool
is_name(const char *s, size_t n)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:%-";

	return n > 0 && n < NAME && s[0] != '-' && strspn(s, fine) >= n;
}

static void
names_in(char *list, const char *between, const char *from)
{
	char *save;

	for (char *s = strtok_r(list, between, &save); s != NULL;
	    s = strtok_r(NULL, between, &save))
		if (is_name(s, strlen(s)))
			printf("%s\t%s\n", s, from);
}

/* hosts(5): an address, then its names. */
static void
hosts_file(void)
{
	FILE *f = fopen("/etc/hosts", "re");
	char line[LINE];

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		char *names = line + strspn(line, " \t");

		line[strcspn(line, "#\n")] = '\0';
		names += strcspn(names, " \t");
		names_in(names, " \t", "/etc/hosts");
	}
	if (f != NULL)
		fclose(f);
}

/*
 * sshd(8), SSH_KNOWN_HOSTS: names with commas between them; a hash begins
 * with "|", a marker with "@", and [NAME]:PORT and patterns are no names.
 */
static void
known_hosts(void)
{
	const char *home = getenv("HOME");
	char path[NAME * 2], line[LINE];
	FILE *f;

	snprintf(path, sizeof path, "%s/.ssh/known_hosts", home ? home : "");
	f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		if (strchr("|@#", line[0]) != NULL)
			continue;
		line[strcspn(line, " \t\n")] = '\0';
		names_in(line, ",", "known_hosts");
	}
	if (f != NULL)
		fclose(f);
}

static size_t
listening(bool udp)
{
	struct owner o[OWNER_LISTENERS_MAX];
	size_t n = owner_listeners(o, OWNER_LISTENERS_MAX, udp);

	for (size_t i = 0; i < n; i++) {
		char cmd[4 * sizeof o->cmd];

		vis_str(cmd, sizeof cmd, o[i].cmd, strlen(o[i].cmd));
		if (o[i].pid != 0)
			printf("%u\t%s (pid %d)\n", addr_port(&o[i].addr),
			    cmd, o[i].pid);
		else
			printf("%u\tlistens now\n", addr_port(&o[i].addr));
	}
	return n;
}

static void
services(bool udp)
{
	struct servent *s;

	setservent(1);
	while ((s = getservent()) != NULL)
		if (strcmp(s->s_proto, udp ? "udp" : "tcp") == 0 &&
		    is_name(s->s_name, strlen(s->s_name)))
			printf("%s\tport %u\n", s->s_name,
			    ntohs((uint16_t)s->s_port));
	endservent();
}

/* As text; false: it is none of the Internet's. */
static bool
address(const struct ifaddrs *i, char name[NAME])
{
	int family = i->ifa_addr ? i->ifa_addr->sa_family : 0;

	return (family == AF_INET || family == AF_INET6) &&
	    getnameinfo(i->ifa_addr, family == AF_INET ?
	    sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6),
	    name, NAME, NULL, 0, NI_NUMERICHOST) == 0;
}

static bool
is_own_address(const char *host)
{
	struct ifaddrs *all = NULL;
	bool found = false;
	char name[NAME];

	if (getifaddrs(&all) != 0)
		return false;
	for (struct ifaddrs *i = all; i != NULL && !found; i = i->ifa_next)
		found = address(i, name) && strcmp(name, host) == 0;
	freeifaddrs(all);
	return found;
}

/* This machine, as far as can be told without asking anybody. */
static bool
is_here(const char *host)
{
	char name[NAME] = "";

	return strcmp(host, "localhost") == 0 ||
	    strncmp(host, "127.", 4) == 0 ||
	    (gethostname(name, sizeof name - 1) == 0 && name[0] != '\0' &&
	    strcasecmp(host, name) == 0) || is_own_address(host);
}

/* What listens is the better offer, as long as nothing has been typed. */
static void
ports(const char *host, const char *prefix, bool udp)
{
	if (!is_here(host) || listening(udp) == 0 || prefix[0] != '\0')
		services(udp);
}

static void
local_addresses(void)
{
	struct ifaddrs *all = NULL;
	char name[NAME];

	if (getifaddrs(&all) != 0)
		return;
	for (struct ifaddrs *i = all; i != NULL; i = i->ifa_next)
		if (address(i, name))
			printf("%s\t%s\n", name, i->ifa_name);
	freeifaddrs(all);
}

static void
interfaces(void)
{
	struct if_nameindex *all = if_nameindex();

	for (struct if_nameindex *i = all; i != NULL && i->if_index != 0; i++)
		printf("%s\tinterface %u\n", i->if_name, i->if_index);
	if (all != NULL)
		if_freenameindex(all);
}

void
complete(int argc, char **argv)
{
	const char *kind = argc > 0 ? argv[0] : "";

	if (strcmp(kind, "host") == 0) {
		hosts_file();
		known_hosts();
	} else if (strcmp(kind, "port") == 0 || strcmp(kind, "udp-port") == 0)
		ports(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "",
		    kind[0] == 'u');
	else if (strcmp(kind, "source") == 0)
		local_addresses();
	else if (strcmp(kind, "interface") == 0)
		interfaces();
}
