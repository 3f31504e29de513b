/* SPDX-License-Identifier: MIT */
#include "scan/board.h"

struct cell {
	struct scan_result best;
	char		*said;		/* of best, ours */
	uint16_t	 answers;
	uint16_t	 alike;		/* with the state of best */
};

struct board {
	const struct asked *asked;
	board_line_fn	*line;
	void		*arg;
	struct cell	*cells;		/* of a host one per port number */
	size_t		 open;
	unsigned	 host;		/* the next line: its host, */
	int		 port;		/* and port; -1: past the end */
};

struct board *
board_new(const struct asked *asked, board_line_fn *line, void *arg)
{
	struct board *b = calloc(1, sizeof *b);

	if (b == NULL)
		return NULL;
	*b = (struct board){ .asked = asked, .line = line, .arg = arg };
	b->port = asked->hosts > 0 ? ports_next(&asked->ports, 0) : -1;
	/* Zeroed pages cost nothing until a port there is asked. */
	b->cells = calloc(asked->hosts * PORTS_ALL + 1, sizeof *b->cells);
	if (b->cells != NULL)
		return b;
	free(b);
	return NULL;
}

static struct cell *
cell(struct board *b, unsigned host, unsigned port)
{
	return &b->cells[(size_t)host * PORTS_ALL + port];
}

static void
advance(struct board *b)
{
	b->port = ports_next(&b->asked->ports, (unsigned)b->port);
	if (b->port < 0 && ++b->host < b->asked->hosts)
		b->port = ports_next(&b->asked->ports, 0);
}

static void
forget(struct cell *c)
{
	free(c->said);
	c->said = NULL;
}

/* The line at the front; false: it still lacks answers. */
static bool
give(struct board *b)
{
	static const struct scan_result unnamed = {
		.state = SCAN_ERROR, .sign = SCAN_UNNAMED,
	};
	struct cell *c = cell(b, b->host, (unsigned)b->port);
	size_t addrs = b->asked->host[b->host].naddrs;
	struct board_line line = {
		.host = b->host, .port = (unsigned)b->port, .best = &c->best,
		.alike = c->alike, .addrs = (unsigned)addrs,
	};

	if (c->answers < addrs)
		return false;
	if (addrs == 0)
		line.best = &unnamed;
	else
		line.addr = &b->asked->addr[c->best.addr];
	b->line(&line, b->arg);
	forget(c);
	return true;
}

static void
keep(struct cell *c, const struct scan_result *r)
{
	forget(c);
	c->best = *r;
	if (r->said != NULL && (c->said = malloc(r->said_len)) != NULL)
		memcpy(c->said, r->said, r->said_len);
	c->best.said = c->said;
	c->best.said_len = c->said ? r->said_len : 0;
}

static unsigned
host_of(const struct asked *a, size_t addr)
{
	unsigned host = 0;

	while (addr >= a->host[host].first + a->host[host].naddrs)
		host++;
	return host;
}

static void
give_all(struct board *b)
{
	while (b->line != NULL && b->port > 0 && give(b))
		advance(b);
}

void
board_show(struct board *b, board_line_fn *line, void *arg)
{
	b->line = line;
	b->arg = arg;
	give_all(b);
}

size_t
board_open(const struct board *b)
{
	return b->open;
}

/* Open is better than closed, that than silence; of equals the first. */
void
board_add(struct board *b, const struct scan_result *r)
{
	struct cell *c = cell(b, host_of(b->asked, r->addr), r->port);
	bool first = c->answers++ == 0;

	if (r->state == SCAN_OPEN && (first || c->best.state != SCAN_OPEN))
		b->open++;
	if (first || r->state < c->best.state) {
		keep(c, r);
		c->alike = 1;
	} else if (r->state == c->best.state) {
		if (r->addr < c->best.addr)
			keep(c, r);
		c->alike++;
	}
	give_all(b);
}

void
board_finish(struct board *b)
{
	for (; b->port > 0; advance(b))
		if (!give(b))
			forget(cell(b, b->host, (unsigned)b->port));
}

void
board_free(struct board *b)
{
	if (b == NULL)
		return;
	for (; b->port > 0; advance(b))
		forget(cell(b, b->host, (unsigned)b->port));
	free(b->cells);
	free(b);
}

const char *
board_how(const struct board_line *l, char dst[static BOARD_HOW])
{
	char how[SCAN_HOW], ip[ADDR_TEXT];

	scan_how(l->best, how);
	if (l->alike == l->addrs || l->addr == NULL)
		snprintf(dst, BOARD_HOW, "%s", how);
	else if (l->alike == 1)
		snprintf(dst, BOARD_HOW, "%s, %s only", how,
		    addr_ip(l->addr, ip));
	else
		snprintf(dst, BOARD_HOW, "%s, %u of %u addresses", how,
		    l->alike, l->addrs);
	return dst;
}
