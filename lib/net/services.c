/* SPDX-License-Identifier: MIT */
#include "net/services.h"

#include "base/num.h"
#include "proto/service.h"

enum {
	ROWS_MAX = 65536,
	ROWS_STEP = 512,	/* a common file has fewer */
	NAME_SIZE = 32,		/* a longer name is cut */
};

struct services_row {
	uint16_t	port;
	uint16_t	nth;		/* line of the file */
	char		name[NAME_SIZE];
};

/* The first name of a port counts, as with getservbyport(3). */
static int
by_port(const void *a, const void *b)
{
	const struct services_row *x = a, *y = b;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->nth < y->nth ? -1 : x->nth > y->nth;
}

static struct services_row *
add_row(struct services *s)
{
	struct services_row *rows;

	if (s->n % ROWS_STEP == 0) {
		if (s->n == ROWS_MAX)
			return NULL;
		rows = realloc(s->rows, (s->n + ROWS_STEP) * sizeof *rows);
		if (rows == NULL)
			return NULL;
		s->rows = rows;
	}
	return &s->rows[s->n++];
}

/* "http 80/tcp www # comment"; false: it is not such a line. */
static bool
parse(struct services_row *row, const char *line)
{
	size_t n = strcspn(line, "# \t\n"), digits;
	const char *p = line + n + strspn(line + n, " \t");
	int64_t port;

	digits = strcspn(p, "/");
	if (n == 0 || strncmp(p + digits, "/tcp", 4) != 0 ||
	    num_whole_n(p, digits, 1, UINT16_MAX, &port) != NULL)
		return false;
	row->port = (uint16_t)port;
	snprintf(row->name, sizeof row->name, "%.*s", (int)n, line);
	return true;
}

/*
 * The file itself: getservent(3) would look for a database first, which costs
 * as much as asking a hundred ports.
 */
void
services_init(struct services *s)
{
	FILE *f = fopen("/etc/services", "re");
	struct services_row row = { 0 }, *to;
	char line[1024];

	*s = (struct services){ 0 };
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		if (!parse(&row, line))
			continue;
		if ((to = add_row(s)) == NULL)
			break;
		row.nth = (uint16_t)(s->n - 1);
		*to = row;
	}
	if (f != NULL)
		fclose(f);
	if (s->n > 0)
		qsort(s->rows, s->n, sizeof *s->rows, by_port);
}

const char *
services_name(const struct services *s, unsigned port)
{
	size_t from = 0, to = s->n;
	const struct service *common;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (s->rows[mid].port < port)
			from = mid + 1;
		else
			to = mid;
	}
	if (from < s->n && s->rows[from].port == port)
		return s->rows[from].name;
	common = service_by_port(port, SERVICE_TCP);
	return common == NULL ? NULL : common->name;
}

void
services_free(struct services *s)
{
	free(s->rows);
	*s = (struct services){ 0 };
}
