/* SPDX-License-Identifier: MIT */
#include "base/num.h"
#include "run/datagrams_state.h"

static void
choose(struct datagrams *d, const char *whom)
{
	struct sender *k;
	int64_t id;

	if (strcmp(whom, "all") == 0) {
		d->all = true;
		return;
	}
	if (num_whole(whom, 1, UINT32_MAX, &id) != NULL ||
	    (k = senders_by_id(&d->senders, (unsigned)id)) == NULL) {
		talk_warn(&d->session->talk, 0, "nobody",
		    "/to NUMBER or /to all; /who lists who is there");
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
	char word[32];

	if (*n == 0 || line[0] != '/')
		return false;
	if (*n > 1 && line[1] == '/') {
		memmove(line, line + 1, --*n);
		return false;
	}
	snprintf(word, sizeof word, "%.*s", (int)(*n < sizeof word ? *n :
	    sizeof word - 1), line);
	word[strcspn(word, "\r\n")] = '\0';
	if (strncmp(word, "/to ", 4) == 0)
		choose(d, word + 4);
	else if (strcmp(word, "/all") == 0)
		d->all = true;
	else if (strcmp(word, "/who") == 0)
		list(d);
	else
		talk_warn(&d->session->talk, 0, "command",
		    "commands are /to NUMBER, /all and /who; // sends a slash");
	return true;
}
