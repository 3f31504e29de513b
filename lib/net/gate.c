/* SPDX-License-Identifier: MIT */
#include "net/gate.h"

#include <errno.h>
#include <ev.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/vis.h"
#include "net/conn.h"
#include "net/goodbye.h"
#include "net/resolve.h"
#include "proto/cidr.h"
#include "talk/talk.h"

enum { BUCKETS = 1024 };	/* a power of two */

struct rules {
	struct cidr	*net;
	size_t		 n;
};

struct caller {			/* an address that is in */
	struct caller	*next;
	struct addr	 ip;	/* without a port */
	int		 open;
};

struct gate {
	struct talk	*talk;
	struct gate_opts opts;
	struct rules	 allow, deny;
	int		 max_clients, max_per_address, open;
	struct caller	*bucket[BUCKETS];
	struct goodbyes	 goodbyes;
};

static int
add_rule(struct rules *r, struct cidr c, struct why *why)
{
	struct cidr *more;

	if (r->n == GATE_RULES)
		return why_set(why, WHY_USAGE, 0, "more than %d addresses to "
		    "allow or to deny", GATE_RULES);
	if ((more = realloc(r->net, (r->n + 1) * sizeof *more)) == NULL)
		return why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
	r->net = more;
	r->net[r->n++] = c;
	return 0;
}

static int
add_name(struct rules *r, struct talk *talk, const char *name,
    struct why *why)
{
	struct resolve at;

	if (resolve(&at, talk, &(struct resolve_ask){ .host = name }, why) < 0)
		return -1;
	for (size_t i = 0; i < at.n; i++)
		if (add_rule(r, cidr_of(&at.addr[i]), why) < 0)
			return -1;
	return 0;
}

/* One entry of a list; without rules it is looked at alone. */
static int
add(struct rules *r, struct talk *talk, const char *option, const char *word,
    struct why *why)
{
	struct cidr c;
	const char *wrong = cidr_parse(&c, word);
	char safe[80];

	if (wrong != NULL)
		return why_set(why, WHY_USAGE, 0, "%s: '%s' is %s", option,
		    vis_str(safe, sizeof safe, word, strlen(word)), wrong);
	if (r == NULL)
		return 0;
	return c.family == AF_UNSPEC ? add_name(r, talk, word, why) :
	    add_rule(r, c, why);
}

static int
read_lists(struct rules *r, struct talk *talk, const char *option,
    const struct gate_list *l, struct why *why)
{
	char word[ADDR_HOST + 8];

	for (size_t i = 0; i < l->n; i++)
		for (const char *p = l->text[i]; p != NULL;) {
			size_t n = strcspn(p, ",");

			if (n >= sizeof word)
				return why_set(why, WHY_USAGE, 0,
				    "%s: an entry is too long", option);
			memcpy(word, p, n);
			word[n] = '\0';
			if (add(r, talk, option, word, why) < 0)
				return -1;
			p = p[n] == ',' ? p + n + 1 : NULL;
		}
	return 0;
}

/* Each client is a descriptor; ours alone are no reason to turn one away. */
static int
places(int wanted)
{
	struct rlimit r;
	rlim_t need = (rlim_t)wanted + GATE_FILES;

	if (wanted == 0 || getrlimit(RLIMIT_NOFILE, &r) < 0 ||
	    r.rlim_cur >= need)
		return wanted;
	r.rlim_cur = need < r.rlim_max ? need : r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0 &&
	    getrlimit(RLIMIT_NOFILE, &r) < 0)
		return wanted;
	if (r.rlim_cur >= need)
		return wanted;
	return r.rlim_cur > 2 * GATE_FILES ? (int)r.rlim_cur - GATE_FILES :
	    GATE_FILES;
}

int
gate_check(const struct gate_opts *o, struct why *why)
{
	return read_lists(NULL, NULL, "--allow", &o->allow, why) < 0 ||
	    read_lists(NULL, NULL, "--deny", &o->deny, why) < 0 ? -1 : 0;
}

int
gate_check_local(const struct gate_opts *o, const char *what, struct why *why)
{
	const char *option = o->allow.n > 0 ? "--allow" :
	    o->deny.n > 0 ? "--deny" :
	    o->max_per_address > 0 ? "--max-per-address" : NULL;

	return option == NULL ? 0 : why_set(why, WHY_USAGE, 0, "%s goes by "
	    "addresses: who calls %s has none", option, what);
}

const struct gate_opts *
gate_opts(const struct gate *g)
{
	return &g->opts;
}

struct gate *
gate_new(struct ev_loop *loop, struct talk *talk, const struct gate_opts *o,
    struct why *why)
{
	struct gate *g = calloc(1, sizeof *g);

	if (g == NULL) {
		why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	*g = (struct gate){ .talk = talk, .opts = *o,
	    .max_per_address = o->max_per_address };
	goodbyes_init(&g->goodbyes, loop);
	if (read_lists(&g->allow, talk, "--allow", &o->allow, why) < 0 ||
	    read_lists(&g->deny, talk, "--deny", &o->deny, why) < 0) {
		gate_free(g);
		return NULL;
	}
	g->max_clients = places(o->max_clients);
	if (g->max_clients < o->max_clients && o->max_clients != GATE_CLIENTS)
		talk_warn(talk, 0, "files", "at most %d clients at once: the "
		    "system gives us no more open files", g->max_clients);
	return g;
}

void
gate_free(struct gate *g)
{
	if (g == NULL)
		return;
	goodbyes_free(&g->goodbyes);
	for (size_t i = 0; i < BUCKETS; i++)
		while (g->bucket[i] != NULL) {
			struct caller *next = g->bucket[i]->next;

			free(g->bucket[i]);
			g->bucket[i] = next;
		}
	free(g->allow.net);
	free(g->deny.net);
	free(g);
}

static bool
on_list(const struct rules *r, const struct addr *peer)
{
	for (size_t i = 0; i < r->n; i++)
		if (cidr_has(&r->net[i], peer))
			return true;
	return false;
}

/* Where the caller of this address is linked, or would be. */
static struct caller **
place(struct gate *g, const struct addr *peer)
{
	struct cidr c = cidr_of(peer);
	struct addr ip = *peer;
	uint32_t h = 2166136261U;	/* FNV-1a */
	struct caller **p;

	for (size_t i = 0; i < c.bits / 8; i++)
		h = (h ^ c.ip[i]) * 16777619U;
	addr_set_port(&ip, 0);
	p = &g->bucket[(h ^ h >> 16) & (BUCKETS - 1)];
	while (*p != NULL && !addr_equal(&(*p)->ip, &ip))
		p = &(*p)->next;
	return p;
}

static void
turn_away(struct gate *g, const struct addr *peer, const char *code,
    const char *text)
{
	talk_tell(g->talk, &(struct talk_event){ .kind = TALK_TURNED_AWAY,
	    .peer = peer, TALK_VALUES(TALK_S(TF_CODE, code),
	    TALK_S(TF_TEXT, text)) });
}

bool
gate_allows(struct gate *g, const struct addr *peer)
{
	bool denied = on_list(&g->deny, peer);

	if (!denied && (g->allow.n == 0 || on_list(&g->allow, peer)))
		return true;
	turn_away(g, peer, denied ? "denied" : "not_allowed", denied ?
	    "its address is denied (--deny)" :
	    "its address is not among those allowed (--allow)");
	return false;
}

bool
gate_admits(struct gate *g, int fd, const struct addr *peer)
{
	const char *code = NULL;
	struct caller *c;
	char text[96];

	if (!gate_allows(g, peer)) {
		close(fd);
		return false;
	}
	if (g->max_clients > 0 && g->open >= g->max_clients) {
		code = "full";
		snprintf(text, sizeof text, "no room: %d client%s here already",
		    g->open, g->open == 1 ? " is" : "s are");
	} else if (g->max_per_address > 0 && (c = *place(g, peer)) != NULL &&
	    c->open >= g->max_per_address) {
		code = "address_full";
		snprintf(text, sizeof text, "no room: %d client%s of this "
		    "address %s here already", c->open,
		    c->open == 1 ? "" : "s", c->open == 1 ? "is" : "are");
	}
	if (code == NULL)
		return true;
	turn_away(g, peer, code, text);
	goodbye(&g->goodbyes, fd, text);
	return false;
}

static void
on_closed(void *arg, struct conn *c)
{
	struct gate *g = arg;
	struct caller **p, *gone;

	g->open--;
	if (g->max_per_address == 0 || (gone = *(p = place(g, &c->peer))) ==
	    NULL || --gone->open > 0)
		return;
	*p = gone->next;
	free(gone);
}

void
gate_enter(struct gate *g, struct conn *c)
{
	g->open++;
	c->on_close = on_closed;
	c->on_close_arg = g;
	if (g->max_per_address > 0) {
		struct caller **p = place(g, &c->peer);

		if (*p == NULL && (*p = calloc(1, sizeof **p)) != NULL) {
			(*p)->ip = c->peer;
			addr_set_port(&(*p)->ip, 0);
		}
		if (*p != NULL)
			(*p)->open++;
	}
}
