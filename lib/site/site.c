/* SPDX-License-Identifier: MIT */
#include "site/site.h"

#include <errno.h>
#include <unistd.h>

#include "net/conn.h"
#include "net/listener.h"
#include "run/session.h"
#include "site/asset.h"
#include "site/client.h"

#define LOG_DELAY_S 0.05	/* lines of the log wait so long for others */

static void
write_log(struct site *s)
{
	struct why why = { 0 };

	site_log_flush(&s->log);
	if (s->log.err == 0)
		return;
	why_sys(&why, WHY_LOCAL, s->log.err, "stdout");
	session_leave(s->session, &why);
}

static void
on_log(struct ev_loop *loop, ev_timer *t, int revents)
{
	(void)loop, (void)revents;
	write_log(t->data);
}

/* Before the loop waits: lines that are there will be written soon. */
static void
on_wait(struct ev_loop *loop, ev_prepare *w, int revents)
{
	struct site *s = w->data;

	(void)revents;
	if (s->log.err != 0)
		write_log(s);
	else if (s->log.lines.len > 0 && !ev_is_active(&s->log_timer)) {
		ev_timer_set(&s->log_timer, LOG_DELAY_S, 0);
		ev_timer_start(loop, &s->log_timer);
	}
}

static void
on_stop(struct ev_loop *loop, ev_timer *t, int revents)
{
	struct site *s = t->data;

	(void)loop, (void)revents;
	session_leave(s->session, NULL);
}

struct site *
site_new(struct session *session, struct listener *l,
    const struct site_opts *o)
{
	struct site *s;
	int root = asset_root(o->dir, &session->why);

	if (root < 0)
		return NULL;
	if ((s = calloc(1, sizeof *s)) == NULL) {
		close(root);
		why_set(&session->why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	s->session = session;
	s->listener = l;
	s->o = *o;
	s->root = root;
	site_log_init(&s->log, o->log_fd);
	buf_init(&s->out, SITE_REPLIES);
	buf_init(&s->page, SITE_REPLIES);
	http_head_init(&s->req.head, s->field, &http_limits_server);
	ev_prepare_init(&s->wait, on_wait);
	ev_init(&s->log_timer, on_log);
	ev_init(&s->stop, on_stop);
	s->wait.data = s->log_timer.data = s->stop.data = s;
	ev_prepare_start(session->loop, &s->wait);
	return s;
}

void
site_clock(struct site *s)
{
	int64_t now = (int64_t)ev_now(s->session->loop);

	if (now == s->now)
		return;
	s->now = now;
	http_date(s->date, now);
}

static void
warn_full(struct site *s)
{
	if (!s->full)
		talk_warn(&s->session->talk, 0, "clients", "%d clients are "
		    "here: more are turned away (--max-clients)",
		    s->o.clients);
	s->full = true;
}

/* Those who are turned away need a place, too, until they know. */
void
site_enter(void *site, struct conn *conn)
{
	struct site *s = site;
	struct client *c = client_new(s, conn);
	bool refuse = s->nclients >= s->o.clients;

	if (c == NULL) {
		talk_warn(&s->session->talk, 0, "memory", "out of memory: "
		    "a client is turned away");
		return;
	}
	s->seen++;
	s->nclients++;
	c->next = s->clients;
	if (c->next != NULL)
		c->next->prev = c;
	s->clients = c;
	if (s->nclients >= s->o.clients + SITE_REFUSALS)
		listener_pause(s->listener);
	if (refuse) {
		warn_full(s);
		client_refuse(c);
	} else
		client_read(c);
}

void
site_left(struct site *s, struct client *c)
{
	if (c->next != NULL)
		c->next->prev = c->prev;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->clients = c->next;
	s->nclients--;
	s->sent += c->conn->out;
	s->received += c->conn->in;
	if (s->nclients < s->o.clients)
		s->full = false;
	/* Where nobody else can call, this was the only one. */
	if ((s->stopping || s->listener->n == 0) && s->nclients == 0)
		session_leave(s->session, NULL);
	else if (!s->stopping)
		listener_resume(s->listener);
}

void
site_stop(struct site *s)
{
	struct client *next;

	s->stopping = true;
	listener_close(s->listener);
	if (s->nclients == 0)
		session_leave(s->session, NULL);
	ev_timer_set(&s->stop, SITE_STOP_MS / 1000.0, 0);
	ev_timer_start(s->session->loop, &s->stop);
	for (struct client *c = s->clients; c != NULL; c = next) {
		next = c->next;
		client_stop(c);
	}
}

void
site_end(struct site *s)
{
	s->stopping = true;
	while (s->clients != NULL)
		client_free(s->clients);
	write_log(s);
}

void
site_free(struct site *s)
{
	assert(s->clients == NULL);
	ev_prepare_stop(s->session->loop, &s->wait);
	ev_timer_stop(s->session->loop, &s->log_timer);
	ev_timer_stop(s->session->loop, &s->stop);
	site_log_free(&s->log);
	kept_free(&s->kept);
	buf_free(&s->out);
	buf_free(&s->page);
	close(s->root);
	free(s);
}
