/* SPDX-License-Identifier: MIT */
#include "proto/service.h"

#include "unit.h"

static void
finds_by_port(void)
{
	static const struct {
		unsigned port;
		enum service_proto proto;
		const char *name;
	} cases[] = {
		{ 7, SERVICE_TCP, "echo" }, { 22, SERVICE_TCP, "ssh" },
		{ 23, SERVICE_TCP, "telnet" }, { 80, SERVICE_TCP, "http" },
		{ 443, SERVICE_UDP, "https" }, { 512, SERVICE_TCP, "exec" },
		{ 512, SERVICE_UDP, "biff" }, { 513, SERVICE_UDP, "who" },
		{ 514, SERVICE_TCP, "shell" }, { 514, SERVICE_UDP, "syslog" },
		{ 60177, SERVICE_TCP, "tfido" }, { 22, SERVICE_UDP, NULL },
		{ 0, SERVICE_TCP, NULL }, { 6, SERVICE_TCP, NULL },
		{ 65535, SERVICE_TCP, NULL }, { 65536, SERVICE_TCP, NULL },
	};

	for (size_t i = 0; i < NELEMS(cases); i++) {
		const struct service *s =
		    service_by_port(cases[i].port, cases[i].proto);
		const char *got = s ? s->name : "(none)";
		const char *want = cases[i].name ? cases[i].name : "(none)";

		CHECK(strcmp(got, want) == 0, "port %u: %s, not %s",
		    cases[i].port, got, want);
	}
}

static void
finds_by_name(void)
{
	static const struct {
		const char *name;
		enum service_proto proto;
		unsigned port;
	} cases[] = {
		{ "http", SERVICE_TCP, 80 }, { "HTTP", SERVICE_TCP, 80 },
		{ "www", SERVICE_TCP, 80 }, { "null", SERVICE_TCP, 9 },
		{ "sink", SERVICE_UDP, 9 }, { "rdp", SERVICE_TCP, 3389 },
		{ "who", SERVICE_UDP, 513 }, { "who", SERVICE_TCP, 0 },
		{ "", SERVICE_TCP, 0 }, { "htt", SERVICE_TCP, 0 },
		{ "httpx", SERVICE_TCP, 0 }, { "sink null", SERVICE_TCP, 0 },
		{ "nul", SERVICE_TCP, 0 }, { "80", SERVICE_TCP, 0 },
	};

	for (size_t i = 0; i < NELEMS(cases); i++) {
		const struct service *s =
		    service_by_name(cases[i].name, cases[i].proto);
		unsigned got = s ? s->port : 0;

		CHECK(got == cases[i].port, "'%s': %u, not %u",
		    cases[i].name, got, cases[i].port);
	}
}

/*
 * Every row is found again by its port and by its name: that the table is
 * sorted, and that no name stands for two ports.
 */
static void
table_is_in_order(void)
{
	static const enum service_proto protos[] = { SERVICE_TCP, SERVICE_UDP };
	unsigned rows = 0;

	for (size_t k = 0; k < NELEMS(protos); k++)
		for (unsigned port = 0; port < 65536; port++) {
			const struct service *s =
			    service_by_port(port, protos[k]);

			if (s == NULL)
				continue;
			rows++;
			CHECK(s->port == port, "%u found as %u", s->port, port);
			CHECK(service_by_name(s->name, protos[k]) == s,
			    "%u: '%s' is another row's name", port, s->name);
		}
	CHECK(rows > 150, "only %u names are reached", rows);
}

static void
names_the_class(void)
{
	static const struct {
		unsigned port;
		const char *class;
	} cases[] = {
		{ 0, "well-known" }, { 1023, "well-known" },
		{ 1024, "registered" }, { 49151, "registered" },
		{ 49152, "dynamic" }, { 65535, "dynamic" },
	};

	for (size_t i = 0; i < NELEMS(cases); i++)
		CHECK(strcmp(service_class(cases[i].port),
		    cases[i].class) == 0, "%u: %s", cases[i].port,
		    service_class(cases[i].port));
}

static void
has_notes_for_beginners(void)
{
	static const unsigned ports[] = { 21, 22, 23, 25, 53, 80, 443, 3306 };

	for (size_t i = 0; i < NELEMS(ports); i++)
		CHECK(service_by_port(ports[i], SERVICE_TCP)->note != NULL,
		    "%u: no note", ports[i]);
}

int
main(void)
{
	RUN(finds_by_port);
	RUN(finds_by_name);
	RUN(table_is_in_order);
	RUN(names_the_class);
	RUN(has_notes_for_beginners);
	return unit_end();
}
