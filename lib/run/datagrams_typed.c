/* SPDX-License-Identifier: MIT */
#include "run/datagrams_state.h"
#include "run/slash.h"

static void
choose(struct datagrams *d, unsigned id)
{
	struct sender *k = senders_by_id(&d->senders, id);

	if (k == NULL) {
		talk_warn(&d->session->talk, 0, "nobody", SLASH_ODD_TO);
		return;
	}
	d->to = k;
	d->chosen = true;
	d->all = false;
}

static void
list(struct datagrams *d)
{
	char peer[ADDR_TEXT];

	if (d->senders.newest == NULL)
		talk_note(&d->session->talk, 0, "who", "nobody is there");
	for (struct sender *k = d->senders.newest; k != NULL; k = k->older)
		talk_note(&d->session->talk, k->id, "who", "%s%s",
		    udp_text(&k->peer, peer), d->all || k == d->to ?
		    ", hears what you type" : "");
}

/* The line may lose a slash: then it is not a command. */
bool
datagrams_typed(struct datagrams *d, char *line, size_t *n)
{
	struct slash_line l = slash_parse(line, *n);
	struct talk *t = &d->session->talk;

	switch (l.what) {
	case SLASH_TEXT:
		*n -= l.at;
		memmove(line, line + l.at, *n);
		return false;
	case SLASH_TO: choose(d, l.id); break;
	case SLASH_ALL: d->all = true; break;
	case SLASH_WHO: list(d); break;
	case SLASH_NOBODY:
		talk_warn(t, 0, "nobody", SLASH_ODD_TO);
		break;
	case SLASH_UNKNOWN:
		talk_warn(t, 0, "command", SLASH_HELP);
		break;
	}
	return true;
}
