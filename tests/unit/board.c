/* SPDX-License-Identifier: MIT */
#include "scan/board.h"

#include <errno.h>

#include "unit.h"

static struct asked asked;
static char seen[1024];

static int
no_name(const char *name, void *arg)
{
	(void)name, (void)arg;
	return -1;
}

/* Hosts of so many addresses, 10.0.0.1 and so on; and the ports asked. */
static void
ask(const char *ports, size_t hosts, const size_t *addrs)
{
	struct ports_bad bad;
	char ip[32];

	asked = (struct asked){ .hosts = hosts };
	for (size_t h = 0; h < hosts; h++) {
		asked.host[h].first = asked.addrs;
		asked.host[h].naddrs = addrs[h];
		for (size_t i = 0; i < addrs[h]; i++, asked.addrs++) {
			snprintf(ip, sizeof ip, "10.0.0.%zu", asked.addrs + 1);
			CHECK(addr_literal(&asked.addr[asked.addrs], ip, 0),
			    "%s", ip);
		}
	}
	CHECK(ports_add(&asked.ports, ports, no_name, NULL, &bad) == 0, "%s",
	    ports);
	seen[0] = '\0';
}

/* "HOST:PORT HOW" and, in quotes, what was said. */
static void
on_line(const struct board_line *l, void *arg)
{
	size_t n = strlen(seen);
	char how[BOARD_HOW];

	(void)arg;
	snprintf(seen + n, sizeof seen - n, "%u:%u %s%s%.*s%s\n", l->host,
	    l->port, board_how(l, how), l->best->said ? " '" : "",
	    (int)l->best->said_len, l->best->said ? l->best->said : "",
	    l->best->said ? "'" : "");
}

static void
answer(struct board *b, unsigned addr, unsigned port, enum scan_state state,
    const char *said)
{
	static const enum scan_sign signs[SCAN_STATES] = {
		SCAN_SYN_ACK, SCAN_RST, SCAN_SILENCE, SCAN_LOCAL, SCAN_LOCAL,
	};
	struct scan_result r = { .addr = addr, .port = port, .state = state,
		.sign = signs[state], .syns = 2, .said = said,
		.err = state == SCAN_UNREACHABLE ? ENETUNREACH : 0 };

	r.said_len = said ? strlen(said) : 0;
	board_add(b, &r);
}

static void
same(const char *want)
{
	CHECK(strcmp(seen, want) == 0, "\nwant:\n%s\ngot:\n%s", want, seen);
}

static void
lines_come_in_order(void)
{
	struct board *b;

	ask("1-3", 2, (const size_t[]){ 1, 1 });
	b = board_new(&asked, on_line, NULL);
	answer(b, 1, 2, SCAN_OPEN, "late");
	answer(b, 0, 2, SCAN_CLOSED, NULL);
	answer(b, 0, 3, SCAN_CLOSED, NULL);
	same("");
	answer(b, 0, 1, SCAN_OPEN, "early");
	same("0:1 SYN-ACK 'early'\n0:2 RST\n0:3 RST\n");
	answer(b, 1, 3, SCAN_CLOSED, NULL);
	answer(b, 1, 1, SCAN_FILTERED, NULL);
	same("0:1 SYN-ACK 'early'\n0:2 RST\n0:3 RST\n"
	    "1:1 no answer to 2 SYNs\n1:2 SYN-ACK 'late'\n1:3 RST\n");
	board_free(b);
}

static void
best_address_answers_for_its_host(void)
{
	static const struct {
		enum scan_state of[3];
		const char *how;
	} cases[] = {
		{ { SCAN_OPEN, SCAN_OPEN, SCAN_OPEN }, "SYN-ACK 'a'" },
		{ { SCAN_CLOSED, SCAN_OPEN, SCAN_CLOSED },
		  "SYN-ACK, 10.0.0.2 only 'b'" },
		{ { SCAN_CLOSED, SCAN_OPEN, SCAN_OPEN },
		  "SYN-ACK, 2 of 3 addresses 'b'" },
		{ { SCAN_FILTERED, SCAN_UNREACHABLE, SCAN_CLOSED },
		  "RST, 10.0.0.3 only 'c'" },
		{ { SCAN_UNREACHABLE, SCAN_ERROR, SCAN_UNREACHABLE },
		  "nothing was sent: no route to there (ENETUNREACH), "
		  "2 of 3 addresses 'a'" },
	};
	static const char *const said[] = { "a", "b", "c" };
	static const unsigned orders[][3] = {
		{ 0, 1, 2 }, { 2, 1, 0 }, { 1, 2, 0 },
	};

	for (size_t i = 0; i < NELEMS(cases) * NELEMS(orders); i++) {
		const unsigned *order = orders[i % NELEMS(orders)];
		char want[256];
		struct board *b;

		ask("80", 1, (const size_t[]){ 3 });
		b = board_new(&asked, on_line, NULL);
		for (size_t k = 0; k < 3; k++)
			answer(b, order[k], 80,
			    cases[i / NELEMS(orders)].of[order[k]],
			    said[order[k]]);
		snprintf(want, sizeof want, "0:80 %s\n",
		    cases[i / NELEMS(orders)].how);
		same(want);
		board_free(b);
	}
}

static void
names_without_address_are_answered_for(void)
{
	struct board *b;

	ask("7,9", 3, (const size_t[]){ 0, 1, 0 });
	b = board_new(&asked, on_line, NULL);
	answer(b, 0, 7, SCAN_CLOSED, NULL);
	answer(b, 0, 9, SCAN_OPEN, NULL);
	same("0:7 the name has no address\n0:9 the name has no address\n"
	    "1:7 RST\n1:9 SYN-ACK\n"
	    "2:7 the name has no address\n2:9 the name has no address\n");
	board_free(b);
}

static void
early_end_gives_what_is_complete(void)
{
	struct board *b;

	ask("1-4", 1, (const size_t[]){ 2 });
	b = board_new(&asked, on_line, NULL);
	answer(b, 0, 1, SCAN_CLOSED, NULL);
	answer(b, 0, 2, SCAN_OPEN, "half");
	answer(b, 0, 3, SCAN_OPEN, "whole");
	answer(b, 1, 3, SCAN_OPEN, NULL);
	same("");
	board_finish(b);
	same("0:3 SYN-ACK 'whole'\n");
	board_free(b);

	ask("1-4", 1, (const size_t[]){ 2 });
	b = board_new(&asked, on_line, NULL);
	answer(b, 0, 2, SCAN_OPEN, "lost, but freed");
	board_free(b);
	same("");
}

int
main(void)
{
	RUN(lines_come_in_order);
	RUN(best_address_answers_for_its_host);
	RUN(names_without_address_are_answered_for);
	RUN(early_end_gives_what_is_complete);
	return unit_end();
}
