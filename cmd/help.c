/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <ev.h>
#include <gnu/libc-version.h>

#include "base/buf.h"
#include "talk/json.h"
#include "talk/schema.h"

enum { WIDTH = 78, EXAMPLE = 36, DUMP_MAX = 64 * KIB };

static void
commands(FILE *f)
{
	for (const struct cmd *const *c = cmds; *c != NULL; c++)
		fprintf(f, "  %-13s %s\n", (*c)->name, (*c)->help);
}

static void
options(FILE *f, const struct opt *opts)
{
	struct buf b = BUF_MAX(DUMP_MAX);

	if (opts->name != NULL)		/* no heading of its own */
		fprintf(f, "\nOptions:\n");
	if (opt_usage(&b, opts) == 0)
		fwrite(buf_head(&b), 1, b.len, f);
	fprintf(f, "  -h, %-22s %s\n", "--help", "this; -h is shorter");
	buf_free(&b);
}

/*
 * The lines of examples, indented: a command, and behind two blanks at least
 * a remark, which has a column of its own. Only the first line if so asked.
 */
static void
examples(FILE *f, const char *text, bool first_only)
{
	while (*text != '\0') {
		int n = (int)strcspn(text, "\n");
		const char *gap = memmem(text, (size_t)n, "  ", 2);
		int left = gap ? (int)(gap - text) : n;
		int right = left + (int)strspn(text + left, " ");

		if (gap == NULL)
			fprintf(f, "  %.*s\n", n, text);
		else
			fprintf(f, "  %-*.*s  %.*s\n", EXAMPLE, left, text,
			    n - right, text + right);
		text += n + (text[n] == '\n');
		if (first_only)
			break;
	}
}

void
help_program_brief(FILE *f)
{
	fprintf(f, "sockt - %s\n\n", program.help);
	for (const struct cmd *const *c = cmds; *c != NULL; c++)
		examples(f, (*c)->examples, true);
	fprintf(f, "\nusage: sockt [OPTION...] %s\n\n", program.args);
	commands(f);
	fprintf(f, "\n'sockt help COMMAND' describes a command, "
	    "'sockt help' says more.\n");
}

void
help_program(FILE *f)
{
	fprintf(f, "sockt - %s\n\nusage: sockt [OPTION...] %s\n\nCommands:\n",
	    program.help, program.args);
	commands(f);
	fprintf(f, "  %-13s %s\n", "help", "describe a command, "
	    "or: exits, events, schema");
	options(f, program.opts);
	fprintf(f, "\nThe conversation options go before or after the "
	    "command. On a terminal sockt\nshows the conversation; into a "
	    "pipe or file go the received bytes, exactly.\n\n"
	    "Manual: man sockt. One command: 'sockt help COMMAND'.\n");
}

static void
title(FILE *f, const struct cmd *c)
{
	fprintf(f, "sockt %s - %s\n\n", c->name, c->help);
}

static void
usage(FILE *f, const struct cmd *c)
{
	fprintf(f, "usage: sockt %s [OPTION...] %s\n", c->name, c->args);
}

void
help_command(FILE *f, const struct cmd *c)
{
	title(f, c);
	usage(f, c);
	fprintf(f, "\nExamples:\n");
	examples(f, c->examples, false);
	options(f, c->opts);
	fprintf(f, "\nManual: man sockt-%s. "
	    "Exit statuses: 'sockt help exits'.\n", c->name);
}

/* The names of the options alone, filled up to the width. */
static void
option_names(FILE *f, const struct opt *opts)
{
	int column = fprintf(f, "options:");

	for (const struct opt *o = opts; o->help != NULL; o++) {
		if (o->name == NULL)
			continue;
		if (column + 3 + (int)strlen(o->name) > WIDTH)
			column = fprintf(f, "\n        ") - 1;
		column += fprintf(f, " --%s", o->name);
	}
	fputc('\n', f);
}

void
help_command_brief(FILE *f, const struct cmd *c)
{
	title(f, c);
	examples(f, c->examples, false);
	fputc('\n', f);
	usage(f, c);
	option_names(f, c->opts);
	fprintf(f, "'sockt help %s' describes them.\n", c->name);
}

void
help_exits(FILE *f)
{
	fprintf(f, "Exit statuses, the same for every command:\n\n");
	for (const struct why_exit *e = why_exits; e->help != NULL; e++)
		fprintf(f, "  %3d  %s\n", (int)e->kind, e->help);
}

static const char *
json_type(enum talk_type t)
{
	switch (t) {
	case TALK_INT: return "number";
	case TALK_BOOL: return "boolean";
	case TALK_ADDRS: case TALK_STRINGS: case TALK_PAIRS: return "array";
	default: return "string";
	}
}

void
help_events(FILE *f)
{
	fprintf(f, "Events of --json (\"ev\"):\n\n ");
	for (size_t k = 0; k < NELEMS(talk_kinds); k++) {
		if (k > 0 && k % 6 == 0)
			fprintf(f, "\n ");
		fprintf(f, " %s", talk_kinds[k].ev);
	}
	fprintf(f, "\n\nTheir keys, besides ev, n, t_ns, wall, conn, local, "
	    "peer, errno, dir, crlf,\ndetail, told and why (sockt-json(5) says "
	    "which event has which):\n\n");
	for (size_t i = TF_END + 1; i < NELEMS(talk_fields); i++)
		fprintf(f, "  %-14s %-8s %s\n", talk_fields[i].key,
		    json_type(talk_fields[i].type), talk_fields[i].help);
}

/* One line, as the events are. */
void
help_schema(FILE *f)
{
	struct buf b = BUF_MAX(TALK_SCHEMA_MAX);

	if (talk_schema(&b) == 0) {
		fwrite(buf_head(&b), 1, b.len, f);
		fputc('\n', f);
	}
	buf_free(&b);
}

void
help_version(FILE *f)
{
	fprintf(f, "sockt %s\n", VERSION);
	fprintf(f, "libraries: GNU libc %s, libev %d.%d\n",
	    gnu_get_libc_version(), ev_version_major(), ev_version_minor());
	fprintf(f, "features: TCP, IPv4, IPv6, Unix sockets, HTTP/1.1, "
	    "telnet, JSON (schema %d)\n", TALK_JSON_SCHEMA);
}

static void
dump(FILE *f, const struct cmd *c)
{
	struct buf b = BUF_MAX(DUMP_MAX);

	fprintf(f, "%s\t\t\t%s\t%s\n", c->name, c->args, c->help);
	if (opt_dump(&b, c->name, c->opts) == 0)
		fwrite(buf_head(&b), 1, b.len, f);
	buf_free(&b);
}

void
help_dump(FILE *f)
{
	dump(f, &program);
	for (const struct cmd *const *c = cmds; *c != NULL; c++)
		dump(f, *c);
}
