/* SPDX-License-Identifier: MIT */
#include "proto/packet.h"

enum {
	IP4 = 20, IP6 = 40, TCP = 20, UDP = 8, ICMP = 8,	/* headers */
	SYN_OPTIONS = 8,
	LENGTH = 65535,		/* the most that a length of 16 bits says */
	TTL = 64,
};

/* RFC 792, RFC 4443 3.1: type 3, type 1; the codes. */
static const uint8_t codes[PACKET_REASONS][2] = {
	[PACKET_NO_NET] = { 0, 0 },
	[PACKET_NO_HOST] = { 1, 3 },
	[PACKET_NO_PROTO] = { 2, 3 },
	[PACKET_NO_PORT] = { 3, 4 },
	[PACKET_FORBIDDEN] = { 13, 1 },
	/* Of these, the other family has none of its own. */
	[PACKET_NET_FORBIDDEN] = { 9, 1 },
	[PACKET_HOST_FORBIDDEN] = { 10, 1 },
	[PACKET_SCOPE] = { 1, 2 },
	[PACKET_POLICY] = { 13, 5 },
	[PACKET_REJECTED] = { 13, 6 },
};

/* MSS (RFC 9293 3.2), its value filled in; window scale (RFC 7323 2.2). */
static const uint8_t syn_options[SYN_OPTIONS] = {
	2, 4, 0, 0, 1, 3, 3, PACKET_WSCALE,
};

static void
put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint32_t
get16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

static uint32_t
get32(const uint8_t *p)
{
	return get16(p) << 16 | get16(p + 2);
}

/*
 * RFC 1071: a sum of 16-bit words does not care for their byte order, nor for
 * being summed four at a time.
 */
static uint64_t
sum(uint64_t s, const void *data, size_t n)
{
	const uint8_t *p = data;
	uint8_t rest[4] = { 0 };
	uint32_t w;

	for (; n >= sizeof w; p += sizeof w, n -= sizeof w) {
		memcpy(&w, p, sizeof w);
		s += w;
	}
	if (n > 0) {
		memcpy(rest, p, n);
		memcpy(&w, rest, sizeof w);
		s += w;
	}
	return s;
}

/* In the order of bytes in which it was summed. */
static uint16_t
fold(uint64_t s)
{
	while (s >> 16 != 0)
		s = (s & 0xffff) + (s >> 16);
	return (uint16_t)~s;
}

static void
put_sum(uint8_t *at, uint64_t s)
{
	uint16_t v = fold(s);

	memcpy(at, &v, sizeof v);
}

/* Of the pseudo-header, RFC 9293 3.1 and RFC 8200 8.1. */
static uint64_t
pseudo(const uint8_t *ip, int proto, size_t n)
{
	uint8_t rest[8] = { 0 };
	bool v6 = ip[0] >> 4 == 6;

	put32(rest, (uint32_t)n);
	rest[7] = (uint8_t)proto;
	return sum(sum(0, v6 ? ip + 8 : ip + 12, v6 ? 32 : 8), rest,
	    sizeof rest);
}

static size_t
put_ip(uint8_t *h, const struct packet *k, int proto, size_t n)
{
	if (addr_family(&k->from) == AF_INET6) {
		memset(h, 0, IP6);
		h[0] = 0x60;
		put16(h + 4, (uint32_t)n);
		h[6] = (uint8_t)proto;
		h[7] = TTL;
		memcpy(h + 8, &k->from.in6.sin6_addr, 16);
		memcpy(h + 24, &k->to.in6.sin6_addr, 16);
		return IP6;
	}
	memset(h, 0, IP4);
	h[0] = 0x45;
	put16(h + 2, (uint32_t)(n + IP4));
	put16(h + 4, k->id);
	h[6] = 0x40;		/* don't fragment */
	h[8] = TTL;
	h[9] = (uint8_t)proto;
	memcpy(h + 12, &k->from.in.sin_addr, 4);
	memcpy(h + 16, &k->to.in.sin_addr, 4);
	put_sum(h + 10, sum(0, h, IP4));
	return IP4;
}

static size_t
put_tcp(uint8_t *h, const struct packet *k, size_t n)
{
	bool syn = (k->flags & PACKET_SYN) != 0;
	size_t head = TCP + (syn ? SYN_OPTIONS : 0);

	assert(n <= PACKET_DATA);
	memset(h, 0, head);
	put16(h, addr_port(&k->from));
	put16(h + 2, addr_port(&k->to));
	put32(h + 4, k->seq);
	put32(h + 8, k->ack);
	h[12] = (uint8_t)(head / 4 << 4);
	h[13] = k->flags;
	put16(h + 14, (k->flags & PACKET_RST) != 0 ? 0 : LENGTH);
	if (syn) {
		memcpy(h + TCP, syn_options, sizeof syn_options);
		put16(h + TCP + 2, PACKET_MSS);
	}
	return head;
}

static size_t
put_udp(uint8_t *h, const struct packet *k, size_t n)
{
	memset(h, 0, UDP);
	put16(h, addr_port(&k->from));
	put16(h + 2, addr_port(&k->to));
	put16(h + 4, (uint32_t)(n + UDP));
	return UDP;
}

enum packet_reason
packet_reason(int family, unsigned code)
{
	for (int i = 0; i < PACKET_REASONS; i++)
		if (codes[i][family == AF_INET6] == code)
			return (enum packet_reason)i;
	return PACKET_NO_HOST;
}

static size_t
put_icmp(uint8_t *h, const struct packet *k)
{
	bool v6 = addr_family(&k->from) == AF_INET6;

	memset(h, 0, ICMP);
	h[0] = v6 ? 1 : 3;
	h[1] = codes[k->reason][v6];
	return ICMP;
}

/* Where a protocol has its checksum. */
static size_t
sum_at(int proto)
{
	return proto == PACKET_TCP ? 16 : proto == PACKET_UDP ? 6 : 2;
}

/* ICMP for IPv4 alone has no pseudo-header. */
static uint64_t
sum_of(const uint8_t *ip, const uint8_t *h, int proto, size_t n)
{
	return sum(proto == PACKET_ICMP ? 0 : pseudo(ip, proto, n), h, n);
}

static size_t
cut_to(size_t n, size_t most)
{
	return n < most ? n : most;
}

size_t
packet_put(uint8_t dst[static PACKET_MAX], const struct packet *k)
{
	bool v6 = addr_family(&k->from) == AF_INET6;
	size_t ip = v6 ? IP6 : IP4, head, n = k->len;
	int proto = k->proto;
	uint8_t *h = dst + ip;

	if (proto == PACKET_TCP)
		head = put_tcp(h, k, n);
	else if (proto == PACKET_UDP) {
		n = cut_to(n, LENGTH - UDP - (v6 ? 0 : IP4));
		head = put_udp(h, k, n);
	} else {
		proto = v6 ? PACKET_ICMP6 : PACKET_ICMP;
		n = cut_to(n, PACKET_QUOTE);
		head = put_icmp(h, k);
	}
	if (n > 0)
		memcpy(h + head, k->data, n);
	put_ip(dst, k, proto, head + n);
	put_sum(h + sum_at(proto), sum_of(dst, h, proto, head + n));
	/* RFC 768: a sum of zero is sent as all ones; zero means none. */
	if (proto == PACKET_UDP && h[6] == 0 && h[7] == 0)
		put16(h + 6, LENGTH);
	return ip + head + n;
}

static void
get_addr(struct addr *a, const uint8_t *p, bool v6)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };

	memcpy(v6 ? (void *)&in6.sin6_addr : (void *)&in.sin_addr, p,
	    v6 ? 16 : 4);
	addr_set(a, v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in,
	    v6 ? sizeof in6 : sizeof in);
}

/* The length of its header; 0: it is not ours, or not whole. */
static size_t
get_ip(struct packet *k, const uint8_t *p, size_t n)
{
	if (n >= IP4 && p[0] == 0x45 && get16(p + 2) == n &&
	    fold(sum(0, p, IP4)) == 0) {
		k->proto = p[9];
		k->id = (uint16_t)get16(p + 4);
		get_addr(&k->from, p + 12, false);
		get_addr(&k->to, p + 16, false);
		return IP4;
	}
	if (n >= IP6 && p[0] >> 4 == 6 && get16(p + 4) == n - IP6) {
		k->proto = p[6];
		get_addr(&k->from, p + 8, true);
		get_addr(&k->to, p + 24, true);
		return IP6;
	}
	return 0;
}

static bool
get_tcp(struct packet *k, const uint8_t *h, size_t n)
{
	size_t head = n < TCP ? 0 : (size_t)(h[12] >> 4) * 4;

	if (head < TCP || head > n)
		return false;
	k->seq = get32(h + 4);
	k->ack = get32(h + 8);
	k->flags = h[13];
	k->data = h + head;
	k->len = n - head;
	return true;
}

static bool
get_icmp(struct packet *k, const uint8_t *h, size_t n)
{
	bool v6 = k->proto == PACKET_ICMP6;

	if (n < ICMP || h[0] != (v6 ? 1 : 3))
		return false;
	k->proto = PACKET_ICMP;
	k->data = h + ICMP;
	k->len = n - ICMP;
	for (k->reason = 0; k->reason < PACKET_REASONS; k->reason++)
		if (codes[k->reason][v6] == h[1])
			return true;
	return false;
}

bool
packet_get(struct packet *k, const void *data, size_t n)
{
	const uint8_t *p = data, *h;
	size_t ip;

	*k = (struct packet){ 0 };
	if ((ip = get_ip(k, p, n)) == 0)
		return false;
	h = p + ip;
	n -= ip;
	if ((k->proto == PACKET_TCP || k->proto == PACKET_UDP) && n >= UDP) {
		addr_set_port(&k->from, get16(h));
		addr_set_port(&k->to, get16(h + 2));
	}
	if (fold(sum_of(p, h, k->proto, n)) != 0)
		return false;
	switch (k->proto) {
	case PACKET_TCP:
		return get_tcp(k, h, n);
	case PACKET_UDP:
		if (n < UDP || get16(h + 4) != n)
			return false;
		k->data = h + UDP;
		k->len = n - UDP;
		return true;
	case PACKET_ICMP:
	case PACKET_ICMP6:
		return get_icmp(k, h, n);
	default:
		return false;
	}
}
