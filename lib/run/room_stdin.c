/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "run/chat.h"
#include "run/editor.h"
#include "run/guest.h"
#include "run/slash.h"

enum { FEED = 64 * KIB };	/* of stdin at a time */

static struct guest *
find(const struct room *m, unsigned id)
{
	struct guest *g = m->guests;

	while (g != NULL && g->conn->id != id)
		g = g->next;
	return g;
}

/* To one, what fits; a person can say it again. */
static void
post(struct guest *g, const char *line, size_t n)
{
	if (buf_left(&g->queue) < n)
		talk_warn(g->conn->talk, g->conn->id, "queue",
		    "does not read: this line was not sent (1 MiB waits)");
	else
		guest_send(g, line, n);
}

static void
say(struct room *m, char *line, size_t n)
{
	struct guest *g = m->guests;
	bool crlf = m->opts.crlf && !(n > 1 && line[n - 2] == '\r');
	char end[ROOM_LINE + 2];

	if (g == NULL) {
		talk_warn(&m->session->talk, 0, "nobody",
		    "nobody is there: the line was not sent");
		return;
	}
	if (crlf) {
		memcpy(end, line, n - 1);
		end[n - 1] = '\r';
		end[n] = '\n';
		line = end;
		n++;
	}
	if (m->opts.kind == ROOM_BROKER)
		guest_send_all(m, NULL, line, n);
	else if (m->all)
		for (; g != NULL; g = g->next)
			post(g, line, n);
	else if ((g = find(m, m->to)) != NULL)
		post(g, line, n);
}

static void
choose(struct room *m, unsigned id)
{
	if (find(m, id) == NULL) {
		talk_warn(&m->session->talk, 0, "nobody", SLASH_ODD_TO);
		return;
	}
	m->to = id;
	m->all = false;
	m->chosen = true;
}

static void
list(struct room *m)
{
	bool all = m->all || m->opts.kind != ROOM_PLAIN;
	char peer[ADDR_TEXT];

	if (m->guests == NULL)
		talk_note(&m->session->talk, 0, "who", "nobody is there");
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		talk_note(&m->session->talk, g->conn->id, "who", "%s%s%s%s",
		    addr_text(&g->conn->peer, peer),
		    g->chatter != NULL ? ", " : "", chat_name(g),
		    all || g->conn->id == m->to ?
		    ", hears what you type" : "");
}

static void
command(struct room *m, const struct slash_line *l)
{
	bool plain = m->opts.kind == ROOM_PLAIN;

	if (l->what == SLASH_WHO)
		list(m);
	else if (!plain)
		talk_warn(&m->session->talk, 0, "command", SLASH_HELP_ROOM);
	else if (l->what == SLASH_TO)
		choose(m, l->id);
	else if (l->what == SLASH_ALL)
		m->all = true;
	else
		talk_warn(&m->session->talk, 0, l->what == SLASH_NOBODY ?
		    "nobody" : "command", "%s", l->what == SLASH_NOBODY ?
		    SLASH_ODD_TO : SLASH_HELP);
}

/* A line with its LF. */
static void
typed(struct room *m, char *line, size_t n)
{
	struct slash_line l = slash_parse(line, n);

	if (l.what != SLASH_TEXT)
		command(m, &l);
	else if (m->chat != NULL)
		chat_typed(m, line + l.at, n - l.at - 1);
	else
		say(m, line + l.at, n - l.at);
}

static void
end_of_typing(struct room *m)
{
	struct guest *g = find(m, m->to);

	if (g == NULL || m->opts.kind != ROOM_PLAIN)
		session_leave(m->session, NULL);
	else
		conn_shut(g->conn);
}

static void
on_keys(struct ev_loop *loop, ev_io *w, int revents)
{
	struct room *m = w->data;
	struct why why = { 0 };
	char data[4096], *nl;
	ssize_t n = conn_read(m->ours, data, sizeof data, &why);

	(void)loop, (void)revents;
	if (n == CONN_LATER)
		return;
	if (n <= 0) {
		m->ours->ended_in = false;	/* a terminal may go on */
		end_of_typing(m);
		if (n < 0 || !isatty(STDIN_FILENO))
			ev_io_stop(loop, w);
		return;
	}
	if (buf_add(&m->line, data, (size_t)n) < 0) {
		talk_warn(&m->session->talk, 0, "line",
		    "a line of over 64 KiB was not sent");
		buf_clear(&m->line);
	}
	while (m->line.len > 0 && (nl = memchr(buf_head(&m->line), '\n',
	    m->line.len)) != NULL) {
		size_t len = (size_t)(nl - buf_head(&m->line)) + 1;

		typed(m, buf_head(&m->line), len);
		buf_drop(&m->line, len);
	}
}

/* To everybody; LF becomes CR LF, one that is there is not doubled. */
static int
feed(struct room *m, const char *data, size_t n)
{
	if (!m->opts.crlf) {
		guest_send_all(m, NULL, data, n);
		return 0;
	}
	buf_clear(&m->line);
	for (size_t i = 0; i < n; i++) {
		bool bare = data[i] == '\n' && !m->was_cr;

		if (buf_add(&m->line, bare ? "\r\n" : data + i,
		    bare ? 2 : 1) < 0)
			return -1;
		m->was_cr = data[i] == '\r';
	}
	guest_send_all(m, NULL, buf_head(&m->line), m->line.len);
	return 0;
}

static void
on_feed(struct ev_loop *loop, ev_io *w, int revents)
{
	struct room *m = w->data;
	struct why why = { 0 };
	char data[FEED];
	ssize_t n;

	(void)revents;
	if (!guest_hears(m, NULL)) {
		m->feed_held = true;
		ev_io_stop(loop, w);
		return;
	}
	if ((n = conn_read(m->ours, data, sizeof data, &why)) == CONN_LATER)
		return;
	if (n > 0 && feed(m, data, (size_t)n) < 0)
		n = why_set(&why, WHY_LOCAL, ENOMEM, "out of memory");
	if (n > 0)
		return;
	ev_io_stop(loop, w);
	if (n < 0)
		session_leave(m->session, &why);
	for (struct guest *g = m->guests; g != NULL; g = g->next)
		guest_finish(g);
}

/* Said to be nobody's input, by everybody who starts a service. */
static bool
is_dev_null(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && S_ISCHR(st.st_mode) &&
	    st.st_rdev == makedev(1, 3);
}

void
room_stdin_resume(struct room *m)
{
	m->feed_held = false;
	ev_io_start(m->session->loop, &m->keys);
}

int
room_stdin(struct room *m)
{
	m->fed = !m->session->typed && m->opts.kind == ROOM_PLAIN &&
	    !is_dev_null();
	m->feed_held = m->fed;		/* until somebody is there */
	buf_init(&m->line, m->fed ? 2 * FEED : ROOM_LINE);
	ev_init(&m->keys, m->fed ? on_feed : on_keys);
	m->keys.data = m;
	if (!m->fed && !m->session->typed)
		return 0;
	m->ours = editor_conn(m->session, &(struct editor_opts){
	    .wfd = -1, .goes_on = true, .commands = true }, NULL);
	if (m->ours == NULL)
		return -1;
	ev_io_set(&m->keys, m->ours->rfd, EV_READ);
	if (!m->fed)
		ev_io_start(m->session->loop, &m->keys);
	return 0;
}

void
room_stdin_end(struct room *m)
{
	ev_io_stop(m->session->loop, &m->keys);
	conn_close(m->ours);
	buf_free(&m->line);
}
