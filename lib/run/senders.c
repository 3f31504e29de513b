/* SPDX-License-Identifier: MIT */
#include "run/senders.h"

#include "base/clock.h"
#include "net/udp.h"
#include "talk/talk.h"

static struct sender **
bucket(const struct senders *s, const struct addr *a)
{
	bool named = addr_family(a) == AF_UNIX;
	const unsigned char *p = named ? (const unsigned char *)a->un.name :
	    (const unsigned char *)&a->sa;
	socklen_t n = named ? a->un.n : a->len;
	uint32_t h = 2166136261;	/* FNV-1a */

	for (socklen_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 16777619;
	return (struct sender **)(uintptr_t)&s->bucket[h % SENDERS_BUCKETS];
}

struct sender *
senders_find(const struct senders *s, const struct addr *peer)
{
	struct sender *k = *bucket(s, peer);

	while (k != NULL && !addr_equal(&k->peer, peer))
		k = k->next;
	return k;
}

struct sender *
senders_by_id(const struct senders *s, unsigned id)
{
	struct sender *k = s->newest;

	while (k != NULL && k->id != id)
		k = k->older;
	return k;
}

static void
take_out(struct senders *s, struct sender *k)
{
	*(k->newer != NULL ? &k->newer->older : &s->newest) = k->older;
	*(k->older != NULL ? &k->older->newer : &s->oldest) = k->newer;
}

static void
put_first(struct senders *s, struct sender *k)
{
	k->newer = NULL;
	k->older = s->newest;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = k;
	s->newest = k;
	k->heard_ns = clock_ns();
}

void
senders_heard(struct senders *s, struct sender *k)
{
	take_out(s, k);
	put_first(s, k);
}

struct sender *
senders_add(struct senders *s, const struct addr *peer,
    const struct addr *local)
{
	struct sender **at = bucket(s, peer);
	struct sender *k = calloc(1, sizeof *k + addr_name_len(peer) +
	    addr_name_len(local));

	if (k == NULL)
		return NULL;
	if (s->n == SENDERS_MAX)
		senders_forget(s, s->oldest);
	*k = (struct sender){ .id = talk_conn(s->talk), .peer = *peer,
	    .local = *local, .begun_ns = clock_ns(), .next = *at };
	(void)addr_keep(&k->local, addr_keep(&k->peer, k->names));
	*at = k;
	put_first(s, k);
	s->n++;
	s->seen++;
	return k;
}

void
senders_forget(struct senders *s, struct sender *k)
{
	struct sender **at = bucket(s, &k->peer);

	talk_tell(s->talk, &(struct talk_event){ .kind = TALK_CLOSED,
	    .conn = k->id, .local = &k->local, .peer = &k->peer,
	    TALK_VALUES(TALK_S(TF_PROTO, udp_proto(&k->peer)),
	    TALK_I(TF_SENT, k->out), TALK_I(TF_DATAGRAMS_OUT, k->sent),
	    TALK_I(TF_RECEIVED, k->in), TALK_I(TF_DATAGRAMS_IN, k->got),
	    TALK_I(TF_DUR_US, (clock_ns() - k->begun_ns) / NS_PER_US)) });
	while (*at != k)
		at = &(*at)->next;
	*at = k->next;
	take_out(s, k);
	s->in += k->in;
	s->out += k->out;
	s->n--;
	free(k);
}

void
senders_totals(const struct senders *s, uint64_t *in, uint64_t *out)
{
	*in = s->in;
	*out = s->out;
	for (const struct sender *k = s->newest; k != NULL; k = k->older) {
		*in += k->in;
		*out += k->out;
	}
}

void
senders_free(struct senders *s)
{
	while (s->oldest != NULL)
		senders_forget(s, s->oldest);
}
