/* SPDX-License-Identifier: MIT */
#include "proto/pcapng.h"

#include "base/buf.h"
#include "proto/addr.h"
#include "proto/pcapng_blocks.h"

static const char description[] = "synthesised by sockt from socket calls; "
    "packet boundaries are read/write boundaries, not wire segments";

static const char zeros[4];

/* A block under way: fields are added to it, then its length, twice. */
struct block {
	struct buf	*to;
	size_t		 at;		/* where it began */
	bool		 failed;
};

static void
add(struct block *b, const void *p, size_t n)
{
	b->failed = b->failed || buf_add(b->to, p, n) < 0;
}

static void
add16(struct block *b, unsigned v)
{
	uint16_t x = (uint16_t)v;

	add(b, &x, sizeof x);
}

static void
add32(struct block *b, uint32_t v)
{
	add(b, &v, sizeof v);
}

static void
add_padded(struct block *b, const void *p, size_t n)
{
	add(b, p, n);
	add(b, zeros, PCAPNG_PAD(n) - n);
}

static void
add_option(struct block *b, unsigned code, const void *p, size_t n)
{
	add16(b, code);
	add16(b, (unsigned)n);
	add_padded(b, p, n);
}

static void
begin(struct block *b, struct buf *to, uint32_t type)
{
	*b = (struct block){ .to = to, .at = to->len };
	add32(b, type);
	add32(b, 0);
}

static int
end(struct block *b)
{
	uint32_t n;

	n = (uint32_t)(b->to->len - b->at + sizeof n);
	add32(b, n);
	if (b->failed) {
		b->to->len = b->at;
		return -1;
	}
	memcpy(buf_head(b->to) + b->at + sizeof n, &n, sizeof n);
	return 0;
}

static size_t
shortened(const char *s, size_t most)
{
	size_t n = strnlen(s, most + 1);

	if (n <= most)
		return n;
	/* Not within a character of UTF-8. */
	for (n = most; n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80;)
		n--;
	return n;
}

static int
begin_section(struct buf *to, const char *program)
{
	static const uint32_t unknown[2] = { UINT32_MAX, UINT32_MAX };
	struct block b;

	begin(&b, to, BLOCK_SECTION);
	add32(&b, PCAPNG_MAGIC);
	add16(&b, 1);
	add16(&b, 0);
	add(&b, unknown, sizeof unknown);
	add_option(&b, OPTION_OS, "Linux", 5);
	add_option(&b, OPTION_PROGRAM, program,
	    shortened(program, PCAPNG_COMMENT));
	add_option(&b, OPTION_END, NULL, 0);
	return end(&b);
}

static int
begin_interface(struct buf *to)
{
	static const uint8_t nanoseconds = 9;
	struct block b;

	begin(&b, to, BLOCK_INTERFACE);
	add16(&b, PCAPNG_RAW);
	add16(&b, 0);
	add32(&b, 0);		/* no limit to the length of a packet */
	add_option(&b, OPTION_NAME, "sockt", 5);
	add_option(&b, OPTION_DESCRIPTION, description,
	    sizeof description - 1);
	add_option(&b, OPTION_RESOLUTION, &nanoseconds, 1);
	add_option(&b, OPTION_END, NULL, 0);
	return end(&b);
}

int
pcapng_begin(struct buf *to, const char *program)
{
	size_t at = to->len;

	if (begin_section(to, program) == 0 && begin_interface(to) == 0)
		return 0;
	to->len = at;
	return -1;
}

int
pcapng_put(struct buf *to, const struct pcapng_packet *k)
{
	uint32_t flags = k->out ? DIRECTION_OUT : DIRECTION_IN;
	struct block b;

	begin(&b, to, BLOCK_PACKET);
	add32(&b, 0);
	add32(&b, (uint32_t)(k->ns >> 32));
	add32(&b, (uint32_t)k->ns);
	add32(&b, (uint32_t)k->len);
	add32(&b, (uint32_t)k->len);
	add_padded(&b, k->data, k->len);
	if (k->comment != NULL)
		add_option(&b, OPTION_COMMENT, k->comment,
		    shortened(k->comment, PCAPNG_COMMENT));
	add_option(&b, OPTION_FLAGS, &flags, sizeof flags);
	add_option(&b, OPTION_END, NULL, 0);
	return end(&b);
}

static void
add_name(struct block *b, const struct addr *a, const char *name, size_t n)
{
	bool v6 = addr_family(a) == AF_INET6;
	size_t ip = v6 ? sizeof a->in6.sin6_addr : sizeof a->in.sin_addr;

	add16(b, v6 ? NAME_IPV6 : NAME_IPV4);
	add16(b, (unsigned)(ip + n + 1));
	add(b, v6 ? (const void *)&a->in6.sin6_addr :
	    (const void *)&a->in.sin_addr, ip);
	add(b, name, n);
	/* Its NUL, then to four bytes, of which an address is a multiple. */
	add(b, zeros, PCAPNG_PAD(n + 1) - n);
}

int
pcapng_names(struct buf *to, const char *name, const struct addr *a, size_t n)
{
	struct block b;

	begin(&b, to, BLOCK_NAMES);
	for (size_t i = 0; i < n; i++)
		if (addr_family(&a[i]) == AF_INET ||
		    addr_family(&a[i]) == AF_INET6)
			add_name(&b, &a[i], name,
			    shortened(name, PCAPNG_NAME));
	add32(&b, 0);		/* the end of the names; no options */
	return end(&b);
}

int
pcapng_secrets(struct buf *to, const char *lines, size_t n)
{
	struct block b;

	begin(&b, to, BLOCK_SECRETS);
	add32(&b, SECRETS_TLS);
	add32(&b, (uint32_t)n);
	add_padded(&b, lines, n);
	return end(&b);
}
