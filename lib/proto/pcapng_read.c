/* SPDX-License-Identifier: MIT */
#include "proto/pcapng.h"
#include "proto/addr.h"
#include "proto/pcapng_blocks.h"

enum {
	HEAD = 8, TAIL = 4,	/* of every block: type, length; length */
	/* What has a fixed place in their bodies. */
	SECTION = 16, INTERFACE = 8, PACKET = 20, SECRETS = 8,
	MICROSECONDS = 6,		/* if_tsresol, where it is not said */
};

/* What is left of a block's body. */
struct rest {
	const uint8_t	*p;
	size_t		 n;
};

static uint32_t
get32(const struct pcapng *r, const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return r->swapped ? __builtin_bswap32(v) : v;
}

static uint16_t
get16(const struct pcapng *r, const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return r->swapped ? __builtin_bswap16(v) : v;
}

static int
fail(struct pcapng *r, enum pcapng_error e)
{
	r->err = e;
	return -1;
}

/* n bytes and what pads them. NULL: they are not there. */
static const uint8_t *
take(struct rest *s, size_t n)
{
	const uint8_t *p = s->p;
	size_t padded = PCAPNG_PAD(n);

	if (n > s->n || padded > s->n)
		return NULL;
	s->p += padded;
	s->n -= padded;
	return p;
}

/* 1: an option is there; 0: no more; -1: it exceeds the block. */
static int
next_option(struct pcapng *r, struct rest *s, unsigned *code, struct rest *o)
{
	if (s->n < 4)
		return 0;
	*code = get16(r, s->p);
	o->n = get16(r, s->p + 2);
	(void)take(s, 4);
	if (*code == OPTION_END)
		return 0;
	o->p = take(s, o->n);
	return o->p == NULL ? fail(r, PCAPNG_E_BODY) : 1;
}

static int
read_section(struct pcapng *r, struct rest s, struct pcapng_block *b)
{
	unsigned code = 0;
	struct rest o;
	int more;

	r->begun = true;
	r->ninterfaces = 0;
	b->kind = PCAPNG_SECTION;
	if (s.n < SECTION)
		return fail(r, PCAPNG_E_LENGTH);
	if (get16(r, s.p + 4) != 1)
		return fail(r, PCAPNG_E_VERSION);
	(void)take(&s, SECTION);
	while ((more = next_option(r, &s, &code, &o)) > 0)
		if (code == OPTION_PROGRAM) {
			b->text = (const char *)o.p;
			b->text_len = o.n;
		}
	return more;
}

static int
read_interface(struct pcapng *r, struct rest s, struct pcapng_block *b)
{
	struct pcapng_interface i = { .resolution = MICROSECONDS };
	unsigned code = 0;
	struct rest o;
	int more;

	b->kind = PCAPNG_INTERFACE;
	if (r->ninterfaces == PCAPNG_INTERFACES)
		return fail(r, PCAPNG_E_INTERFACES);
	if (s.n < INTERFACE)
		return fail(r, PCAPNG_E_LENGTH);
	i.link = get16(r, s.p);
	(void)take(&s, INTERFACE);
	while ((more = next_option(r, &s, &code, &o)) > 0)
		if (code == OPTION_RESOLUTION && o.n == 1)
			i.resolution = o.p[0];
	r->interface[r->ninterfaces++] = i;
	return more;
}

/* A power of ten; or of two, with the top bit. What does not fit is cut. */
static uint64_t
to_ns(uint64_t t, uint8_t resolution)
{
	unsigned power = resolution & 0x7f;
	unsigned __int128 ns = t;

	if ((resolution & 0x80) != 0)
		return power > 63 ? 0 : (uint64_t)((ns * NS_PER_S) >> power);
	for (; power < 9; power++)
		ns *= 10;
	for (; power > 9 && ns > 0; power--)
		ns /= 10;
	return (uint64_t)ns;
}

static int
read_packet(struct pcapng *r, struct rest s, struct pcapng_block *b)
{
	struct pcapng_packet *k = &b->packet;
	const uint8_t *h = s.p;
	unsigned code = 0;
	struct rest o;
	int more;

	b->kind = PCAPNG_PACKET;
	if (s.n < PACKET)
		return fail(r, PCAPNG_E_LENGTH);
	(void)take(&s, PACKET);
	k->interface = get32(r, h);
	if (k->interface >= r->ninterfaces)
		return fail(r, PCAPNG_E_INTERFACE);
	k->ns = to_ns((uint64_t)get32(r, h + 4) << 32 | get32(r, h + 8),
	    r->interface[k->interface].resolution);
	k->len = get32(r, h + 12);
	if ((k->data = take(&s, k->len)) == NULL)
		return fail(r, PCAPNG_E_BODY);
	while ((more = next_option(r, &s, &code, &o)) > 0) {
		if (code == OPTION_FLAGS && o.n == 4)
			k->out = (get32(r, o.p) & DIRECTION) == DIRECTION_OUT;
		if (code == OPTION_COMMENT && k->comment == NULL) {
			k->comment = (const char *)o.p;
			k->comment_len = o.n;
		}
	}
	return more;
}

static int
read_secrets(struct pcapng *r, struct rest s, struct pcapng_block *b)
{
	size_t n;

	if (s.n < SECRETS)
		return fail(r, PCAPNG_E_LENGTH);
	n = get32(r, s.p + 4);
	b->kind = get32(r, s.p) == SECRETS_TLS ? PCAPNG_SECRETS : PCAPNG_OTHER;
	(void)take(&s, SECRETS);
	if ((b->text = (const char *)take(&s, n)) == NULL)
		return fail(r, PCAPNG_E_BODY);
	b->text_len = n;
	return 0;
}

static int
read_body(struct pcapng *r, struct rest s, struct pcapng_block *b)
{
	switch (b->type) {
	case BLOCK_SECTION:
		return read_section(r, s, b);
	case BLOCK_INTERFACE:
		return read_interface(r, s, b);
	case BLOCK_PACKET:
		return read_packet(r, s, b);
	case BLOCK_SECRETS:
		return read_secrets(r, s, b);
	case BLOCK_NAMES:
		b->kind = PCAPNG_NAMES;
		b->text = (const char *)s.p;
		b->text_len = s.n;
		return 0;
	default:
		b->kind = PCAPNG_OTHER;
		return 0;
	}
}

const char *
pcapng_next_name(const struct pcapng *r, struct pcapng_block *b,
    struct addr *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct rest s = { (const uint8_t *)b->text, b->text_len }, name;

	while (s.n >= 4 && get16(r, s.p) != 0) {
		unsigned type = get16(r, s.p);
		size_t n = get16(r, s.p + 2), ip = type == NAME_IPV4 ?
		    sizeof in.sin_addr : sizeof in6.sin6_addr;

		(void)take(&s, 4);
		name = (struct rest){ take(&s, n), n };
		b->text = (const char *)s.p;
		b->text_len = s.n;
		if (name.p == NULL)
			return NULL;
		if ((type != NAME_IPV4 && type != NAME_IPV6) || n <= ip ||
		    name.p[n - 1] != '\0')
			continue;
		memcpy(type == NAME_IPV4 ? (void *)&in.sin_addr :
		    (void *)&in6.sin6_addr, name.p, ip);
		if (type == NAME_IPV4)
			addr_set(a, (struct sockaddr *)&in, sizeof in);
		else
			addr_set(a, (struct sockaddr *)&in6, sizeof in6);
		return (const char *)name.p + ip;
	}
	return NULL;
}

/* A section may begin in the other byte order: its magic tells. */
static int
find_order(struct pcapng *r, const uint8_t *p)
{
	uint32_t magic;

	memcpy(&magic, p + HEAD, sizeof magic);
	r->swapped = magic != PCAPNG_MAGIC;
	return get32(r, p + HEAD) == PCAPNG_MAGIC ? 0 :
	    fail(r, PCAPNG_E_MAGIC);
}

ptrdiff_t
pcapng_next(struct pcapng *r, const void *data, size_t n,
    struct pcapng_block *b)
{
	const uint8_t *p = data;
	uint32_t len;

	*b = (struct pcapng_block){ 0 };
	if (r->err != PCAPNG_OK)
		return -1;
	if (n < HEAD + TAIL)
		return 0;
	b->type = get32(r, p);
	if (!r->begun && b->type != BLOCK_SECTION)
		return fail(r, PCAPNG_E_MAGIC);
	if (b->type == BLOCK_SECTION && find_order(r, p) < 0)
		return -1;
	len = get32(r, p + 4);
	if (len > PCAPNG_BLOCK_MAX)
		return fail(r, PCAPNG_E_BLOCK_MAX);
	if (len < HEAD + TAIL || len % 4 != 0)
		return fail(r, PCAPNG_E_LENGTH);
	if (len > n)
		return 0;
	if (get32(r, p + len - TAIL) != len)
		return fail(r, PCAPNG_E_LENGTH);
	return read_body(r, (struct rest){ p + HEAD, len - HEAD - TAIL }, b) < 0
	    ? -1 : (ptrdiff_t)len;
}

const char *
pcapng_error_text(enum pcapng_error e)
{
	static const char *const text[] = {
		[PCAPNG_OK] = "nothing is wrong",
		[PCAPNG_E_MAGIC] = "it does not begin as a pcapng file does",
		[PCAPNG_E_VERSION] = "it is of another version of pcapng",
		[PCAPNG_E_LENGTH] = "a block's length is wrong",
		[PCAPNG_E_BLOCK_MAX] = "a block is longer than 16 MiB",
		[PCAPNG_E_INTERFACE] =
		    "a packet is of an interface that is not described",
		[PCAPNG_E_INTERFACES] = "more than 64 interfaces",
		[PCAPNG_E_BODY] = "what is in a block exceeds it",
	};

	return text[e];
}
