/* SPDX-License-Identifier: MIT */
#include "talk/record_read.h"

#include <errno.h>
#include <limits.h>

#include "talk/record_again.h"

enum { SPREAD = 31 };

static unsigned
hash(const struct addr *a)
{
	char text[ADDR_TEXT];
	unsigned h = 0;

	for (const char *p = addr_text(a, text); *p != '\0'; p++)
		h = h * SPREAD + (unsigned char)*p;
	return h;
}

static struct past **
find(struct record_reader *r, const struct packet *k, bool out)
{
	const struct addr *local = out ? &k->from : &k->to;
	const struct addr *peer = out ? &k->to : &k->from;
	struct past **at = &r->bucket[(hash(local) + hash(peer)) %
	    RECORD_BUCKETS];
	bool datagrams = k->proto == PACKET_UDP;

	while (*at != NULL && ((*at)->datagrams != datagrams ||
	    !addr_equal(&(*at)->local, local) ||
	    !addr_equal(&(*at)->peer, peer)))
		at = &(*at)->next;
	return at;
}

static void
forget(struct record_reader *r, struct past **at)
{
	struct past *f = *at;

	if (f == NULL)
		return;
	if (f == r->waiting)
		r->waiting = NULL;
	if (f == r->last_sent)
		r->last_sent = NULL;
	*at = f->next;
	r->flows--;
	free(f);
}

/* Its place is found by find(). NULL: no memory, or too many. */
static struct past *
begin(struct record_reader *r, struct past **at, const struct packet *k,
    bool out)
{
	struct past *f;

	if (*at != NULL)
		forget(r, at);
	if (r->flows == RECORD_FLOWS || (f = calloc(1, sizeof *f)) == NULL)
		return NULL;
	f->local = out ? k->from : k->to;
	f->peer = out ? k->to : k->from;
	f->datagrams = k->proto == PACKET_UDP;
	f->ours = out;
	f->since_ns = r->ns;
	f->next = *at;
	r->flows++;
	return *at = f;
}

/* Nothing came at once behind what was sent: nothing came at all. */
static void
give_up(struct record_reader *r)
{
	struct past *f = r->waiting;
	struct packet k = { .proto = PACKET_TCP };

	if (f == NULL)
		return;
	k.from = f->local;
	k.to = f->peer;
	if (f->ours)
		again_failed(r, f, f->err != 0 ? f->err : ETIMEDOUT);
	forget(r, find(r, &k, true));
}

static void
ended(struct record_reader *r, struct past **at,
    const struct pcapng_packet *p)
{
	struct past *f = *at;

	if (f->first == NULL)
		f->first = p->out ? "us" : "peer";
	f->ended[p->out] = true;
	again_comment(r, f, p);
	if (f->ended[!p->out]) {
		again_closed(r, f);
		forget(r, at);
	} else
		again_half(r, f, p->out);
}

static void
reset(struct record_reader *r, struct past **at,
    const struct pcapng_packet *p)
{
	struct past *f = *at;

	if (f->state != OPEN) {
		again_failed(r, f, f->err != 0 ? f->err : ECONNREFUSED);
		forget(r, at);
		return;
	}
	again_comment(r, f, p);
	if (f->first == NULL)
		f->first = p->out ? "us" : "peer";
	again_reset(r, f, p->out);
	again_closed(r, f);
	forget(r, at);
}

/* "unix:/run/x: #7: ..." - whatever of this a comment begins with. */
static void
read_place(struct past *f, const char *text)
{
	const char *name = addr_unix_operand(text);
	const char *mark = strstr(text, ": #"), *more;

	if (name != NULL) {
		for (more = mark; more != NULL; more = strstr(more + 1, ": #"))
			mark = more;
		if (mark == NULL)
			mark = strstr(text, ": connect()");
		if (mark == NULL)
			mark = strstr(text, ": no answer");
		if (mark != NULL && mark - name <= ADDR_PATH) {
			snprintf(f->name, sizeof f->name, "%.*s",
			    (int)(mark - name), name);
			if (addr_unix(&f->path, f->name) != NULL)
				f->name[0] = '\0';
		}
	}
	mark = mark == NULL ? text : mark + 2;
	if (sscanf(mark, "#%u:", &f->conn) != 1 || f->conn == UINT_MAX)
		f->conn = 0;
}

static void
read_comment(struct past *f, const struct pcapng_packet *p)
{
	char text[PCAPNG_COMMENT + 1];
	const char *at;
	double s;

	if (p->comment == NULL)
		return;
	snprintf(text, sizeof text, "%.*s", (int)p->comment_len, p->comment);
	read_place(f, text);
	if ((at = strstr(text, "no answer in ")) != NULL &&
	    sscanf(at, "no answer in %lf s", &s) == 1 && s > 0 && s < INT_MAX)
		f->silence_us = (int64_t)(s * 1e6);
	if (strstr(text, "connect() failed: ") != NULL &&
	    (at = strrchr(text, '(')) != NULL)
		f->err = errno_number(at + 1, strcspn(at + 1, ")"));
}

static int
called(struct record_reader *r, struct past **at, const struct packet *k,
    const struct pcapng_packet *p)
{
	struct past *f = begin(r, at, k, p->out);

	if (f == NULL)
		return -1;
	read_comment(f, p);
	r->waiting = f;
	return 0;
}

static int
tcp(struct record_reader *r, const struct packet *k,
    const struct pcapng_packet *p)
{
	struct past **at = find(r, k, p->out), *f = *at;
	unsigned syn = k->flags & (PACKET_SYN | PACKET_ACK);

	if (r->waiting != NULL && (f != r->waiting || syn == PACKET_SYN)) {
		give_up(r);
		at = find(r, k, p->out);
		f = *at;
	}
	if (syn == PACKET_SYN)
		return called(r, at, k, p);
	r->waiting = NULL;
	if (f == NULL)
		return 0;
	if (syn == (PACKET_SYN | PACKET_ACK))
		f->state = ANSWERED;
	else if ((k->flags & PACKET_RST) != 0)
		reset(r, at, p);
	else {
		if (f->state == ANSWERED)
			again_connected(r, f);
		if (k->len > 0)
			again_payload(r, f, k, p->out);
		if ((k->flags & PACKET_FIN) != 0 && !f->ended[p->out])
			ended(r, at, p);
	}
	return 0;
}

static int
udp(struct record_reader *r, const struct packet *k,
    const struct pcapng_packet *p)
{
	struct past **at = find(r, k, p->out), *f = *at;

	give_up(r);
	if (f == NULL) {
		if ((f = begin(r, at, k, p->out)) == NULL)
			return -1;
		again_connected(r, f);
	}
	again_payload(r, f, k, p->out);
	if (p->out)
		r->last_sent = f;
	return 0;
}

/* It answers what was sent just before it. */
static void
icmp(struct record_reader *r, const struct packet *k)
{
	static const int errs[PACKET_REASONS] = {
		[PACKET_NO_NET] = ENETUNREACH, [PACKET_NO_HOST] = EHOSTUNREACH,
		[PACKET_NO_PROTO] = ENOPROTOOPT,
		[PACKET_NO_PORT] = ECONNREFUSED, [PACKET_FORBIDDEN] = EACCES,
		[PACKET_NET_FORBIDDEN] = ENETUNREACH,
		[PACKET_HOST_FORBIDDEN] = EHOSTUNREACH,
		[PACKET_SCOPE] = ENETUNREACH, [PACKET_POLICY] = EACCES,
		[PACKET_REJECTED] = EACCES,
	};
	int err = errs[k->reason];

	if (r->waiting != NULL) {
		if (r->waiting->err == 0)
			r->waiting->err = err;
		give_up(r);
	} else if (r->last_sent != NULL)
		again_failed(r, r->last_sent, err);
}

/* A program's name and version say who wrote this: we did. */
static int
section(const struct pcapng_block *b, struct why *why)
{
	static const char ours[] = "sockt ";

	if (b->text_len >= sizeof ours - 1 &&
	    memcmp(b->text, ours, sizeof ours - 1) == 0)
		return 0;
	why_set(why, WHY_PROTOCOL, 0, "it is not a recording of sockt: only "
	    "those tell which side was ours");
	return why_hint(why, "Wireshark and tshark read any");
}

static int
packet(struct record_reader *r, const struct pcapng_packet *p,
    struct why *why)
{
	struct packet k;
	int full = 0;

	if (r->file_state.interface[p->interface].link != PCAPNG_RAW ||
	    !packet_get(&k, p->data, p->len))
		return 0;
	r->ns = p->ns;
	again_start(r);
	again_names(r);
	if (k.proto == PACKET_TCP)
		full = tcp(r, &k, p);
	else if (k.proto == PACKET_UDP)
		full = udp(r, &k, p);
	else
		icmp(r, &k);
	return full == 0 ? 0 : why_set(why, WHY_LOCAL, 0, "more than %d "
	    "connections are open at once", RECORD_FLOWS);
}

/* They are told with the packet that follows, which has a time. */
static int
keep_names(struct record_reader *r, const struct pcapng_block *b,
    struct why *why)
{
	return buf_add(&r->names, &b->text_len, sizeof b->text_len) < 0 ||
	    buf_add(&r->names, b->text, b->text_len) < 0 ?
	    why_set(why, WHY_PROTOCOL, 0, "more than %d MiB of names without a "
	    "packet", PCAPNG_BLOCK_MAX / (int)MIB) : 0;
}

ptrdiff_t
record_read(struct record_reader *r, const void *p, size_t n,
    struct why *why)
{
	struct pcapng_block b;
	ptrdiff_t used = pcapng_next(&r->file_state, p, n, &b);

	if (used < 0)
		return why_set(why, WHY_PROTOCOL, 0, "%s",
		    pcapng_error_text(r->file_state.err));
	if (used == 0)
		return 0;
	if (b.kind == PCAPNG_SECTION && section(&b, why) < 0)
		return -1;
	if (b.kind == PCAPNG_NAMES && keep_names(r, &b, why) < 0)
		return -1;
	if (b.kind == PCAPNG_PACKET && packet(r, &b.packet, why) < 0)
		return -1;
	return used;
}

void
record_read_end(struct record_reader *r)
{
	if (r->names.len > 0)
		again_start(r);
	again_names(r);
	give_up(r);
}

struct record_reader *
record_reader_new(struct talk *t, const char *file)
{
	struct record_reader *r = calloc(1, sizeof *r);

	if (r != NULL) {
		r->talk = t;
		r->file = file;
		buf_init(&r->names, PCAPNG_BLOCK_MAX + KIB);
	}
	return r;
}

void
record_reader_free(struct record_reader *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < RECORD_BUCKETS; i++)
		while (r->bucket[i] != NULL)
			forget(r, &r->bucket[i]);
	buf_free(&r->names);
	free(r);
}
