/* SPDX-License-Identifier: MIT */
#include "tls/inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

enum {
	RECORD = 16 * KIB,	/* RFC 8446 5.1: bytes in one at most */
	ALERTS = 1000,		/* reasons from here on are their alerts */
};

/* The name without what is none of DNS's: a zone, a final dot. */
static int
ask_for(struct tls_link *l, const char *name)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(l->ssl);
	char host[TLS_NAME];
	unsigned char ip[sizeof(struct in6_addr)];
	size_t n = strcspn(name, "%");

	if (n > 0 && n == strlen(name) && name[n - 1] == '.')
		n--;
	if (n == 0 || n >= sizeof host)
		return -1;
	memcpy(host, name, n);
	host[n] = '\0';
	if (inet_pton(AF_INET, host, ip) == 1 ||
	    inet_pton(AF_INET6, host, ip) == 1)	/* RFC 6066 3: not sent */
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) ? 0 : -1;
	snprintf(l->facts.sni, sizeof l->facts.sni, "%s", host);
	/* RFC 9525 2: a name is one of subjectAltName, never the CN. */
	SSL_set_hostflags(l->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
	    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return SSL_set1_host(l->ssl, host) &&
	    SSL_set_tlsext_host_name(l->ssl, host) ? 0 : -1;
}

static void
link_free(struct tls_link *l)
{
	SSL_free(l->ssl);
	tls_side_free(l->side);
	ERR_clear_error();
	free(l);
}

/* Of the socket: 0 is their FIN, less is no news. */
static long	/* NOLINTNEXTLINE(readability-function-size): OpenSSL's type */
on_bio(BIO *b, int what, const char *p, size_t len, int argi, long argl,
    int r, size_t *n)
{
	const struct tls_tap *t = (const struct tls_tap *)
	    BIO_get_callback_arg(b);
	bool in = what == (BIO_CB_READ | BIO_CB_RETURN);

	(void)len, (void)argi, (void)argl;
	if ((in || what == (BIO_CB_WRITE | BIO_CB_RETURN)) && r > 0)
		t->passed(t->arg, !in, p, *n);
	else if (in && r == 0 && !BIO_should_retry(b))
		t->passed(t->arg, false, NULL, 0);
	return r;
}

static void
tap(struct tls_link *l, const struct tls_tap *t)
{
	BIO *b = SSL_get_wbio(l->ssl);

	l->tap = *t;
	BIO_set_callback_arg(b, (char *)&l->tap);
	BIO_set_callback_ex(b, on_bio);
	if (t->secret != NULL)
		tls_log_keys(l->side);
}

/*
 * A client's first step only writes, so that whoever asked for it can look at
 * the first bytes of the answer before OpenSSL takes them.
 */
static int
connect_bios(struct tls_link *l)
{
	BIO *empty;

	if (l->side->server)
		return SSL_set_fd(l->ssl, l->fd) == 1 ? 0 : -1;
	if ((empty = BIO_new(BIO_s_mem())) == NULL)
		return -1;
	BIO_set_mem_eof_return(empty, -1);
	SSL_set0_rbio(l->ssl, empty);
	return SSL_set_wfd(l->ssl, l->fd) == 1 ? 0 : -1;
}

static struct tls_link *
link_new(struct tls_side *s, int fd, const char *name,
    const struct tls_tap *t)
{
	struct tls_link *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->side = s;
	s->refs++;
	l->fd = fd;
	l->ssl = SSL_new(s->ctx);
	if (l->ssl == NULL || connect_bios(l) < 0 ||
	    (name != NULL && ask_for(l, name) < 0)) {
		link_free(l);
		return NULL;
	}
	SSL_set_app_data(l->ssl, l);
	if (t != NULL)
		tap(l, t);	/* reading shares the socket's BIO */
	if (s->server)
		SSL_set_accept_state(l->ssl);
	else
		SSL_set_connect_state(l->ssl);
	return l;
}

static enum tls_fault_kind
kind_of(const struct tls_link *l, int reason)
{
	switch (reason) {
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return l->ready ? TLS_TRUNCATED : TLS_EARLY_END;
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_VERSION_TOO_LOW:
	case SSL_R_UNKNOWN_PROTOCOL:
		return TLS_VERSION;
	case SSL_R_NO_APPLICATION_PROTOCOL:
		return TLS_NO_ALPN;
	case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
		return TLS_NO_CERT;
	default:
		return TLS_OTHER;
	}
}

/* What SSL_get_error() calls a failure; the first cause stays. */
static void
take_fault(struct tls_link *l, int ssl_error, int sys_error)
{
	unsigned long e = ERR_peek_error();
	int reason = ERR_GET_REASON(e);

	if (ssl_error == SSL_ERROR_SYSCALL && sys_error != 0)
		tls_fault_set(&l->fault, TLS_ERRNO, sys_error, NULL);
	else if (ssl_error != SSL_ERROR_SSL)
		tls_fault_set(&l->fault, l->ready ? TLS_TRUNCATED :
		    TLS_EARLY_END, 0, NULL);
	else if (reason >= ALERTS && reason < ALERTS + 256)
		tls_fault_set(&l->fault, TLS_ALERT, reason - ALERTS, NULL);
	else
		tls_fault_set(&l->fault, kind_of(l, reason), reason,
		    ERR_reason_error_string(e));
	ERR_clear_error();
}

static void
read_facts(struct tls_link *l)
{
	struct tls_facts *f = &l->facts;
	const char *sni = SSL_get_servername(l->ssl,
	    TLSEXT_NAMETYPE_host_name);
	const unsigned char *alpn;
	unsigned alpn_len;
	int nid = (int)SSL_get_negotiated_group(l->ssl);
	const char *nist = EC_curve_nid2nist(nid);

	/* "TLSv1.3" */
	snprintf(f->version, sizeof f->version, "TLS %s",
	    SSL_get_version(l->ssl) + strlen("TLSv"));
	snprintf(f->cipher, sizeof f->cipher, "%s",
	    SSL_CIPHER_standard_name(SSL_get_current_cipher(l->ssl)));
	if (nist != NULL || (nid > 0 && OBJ_nid2sn(nid) != NULL))
		snprintf(f->group, sizeof f->group, "%s",
		    nist != NULL ? nist : OBJ_nid2sn(nid));
	SSL_get0_alpn_selected(l->ssl, &alpn, &alpn_len);
	if (alpn_len > 0 && alpn_len < sizeof f->alpn)
		memcpy(f->alpn, alpn, alpn_len);
	if (l->side->server && sni != NULL)
		snprintf(f->sni, sizeof f->sni, "%s", sni);
	ERR_clear_error();
}

static enum tls_step
shake(struct tls_link *l)
{
	int r, e;

	ERR_clear_error();
	errno = 0;
	r = SSL_do_handshake(l->ssl);
	e = errno;
	if (l->fault.kind == TLS_FINE && r == 1) {
		read_facts(l);
		l->ready = true;
		/* Their first words may have come with their Finished. */
		l->more = SSL_has_pending(l->ssl) != 0;
		return TLS_DONE;
	}
	r = SSL_get_error(l->ssl, r);
	if (l->fault.kind == TLS_FINE && r == SSL_ERROR_WANT_READ) {
		if (SSL_get_rfd(l->ssl) < 0 && SSL_set_rfd(l->ssl, l->fd) != 1)
			tls_fault_set(&l->fault, TLS_MEMORY, 0, NULL);
		return l->fault.kind == TLS_FINE ? TLS_AWAIT_IN : TLS_FAILED;
	}
	if (l->fault.kind == TLS_FINE && r == SSL_ERROR_WANT_WRITE)
		return TLS_AWAIT_OUT;
	take_fault(l, r, e);
	return TLS_FAILED;
}

static const struct tls_facts *
facts(const struct tls_link *l)
{
	return &l->facts;
}

static const struct tls_fault *
fault(const struct tls_link *l)
{
	return &l->fault;
}

/*
 * As much as is there, for there may be several records in what was read
 * ahead. An end or a fault behind the first bytes waits for the next call.
 * Reading never has to write: without renegotiation OpenSSL leaves what is to
 * be answered (a key update) to the next write.
 */
static ssize_t
link_read(struct tls_link *l, void *p, size_t n)
{
	size_t got = 0;

	if (l->fault.kind != TLS_FINE)
		return -1;
	if (l->ended) {
		l->more = false;
		return 0;
	}
	do {
		size_t part = n - got < INT_MAX ? n - got : INT_MAX;
		int r, e;

		ERR_clear_error();
		errno = 0;
		r = SSL_read(l->ssl, (char *)p + got, (int)part);
		e = errno;
		if (r > 0) {
			got += (size_t)r;
			continue;
		}
		r = SSL_get_error(l->ssl, r);
		l->more = false;
		if (r == SSL_ERROR_WANT_READ)
			return got > 0 ? (ssize_t)got : TLS_LATER;
		l->more = got > 0;
		if (r == SSL_ERROR_ZERO_RETURN)
			l->ended = true;
		else
			take_fault(l, r, e);
		return got > 0 ? (ssize_t)got : l->ended ? 0 : -1;
	} while (got < n && SSL_has_pending(l->ssl));
	l->more = SSL_has_pending(l->ssl) != 0;
	return (ssize_t)got;
}

static bool
pending(const struct tls_link *l)
{
	return l->more;
}

static ssize_t
write_piece(struct tls_link *l, const char *p, size_t n)
{
	size_t out = 0;

	while (out < n) {
		size_t part = n - out < INT_MAX ? n - out : INT_MAX;
		int r, e;

		ERR_clear_error();
		errno = 0;
		r = SSL_write(l->ssl, p + out, (int)part);
		e = errno;
		l->writing = r <= 0;
		if (r > 0) {
			out += (size_t)r;
			continue;
		}
		r = SSL_get_error(l->ssl, r);
		if (out > 0)
			break;
		if (r == SSL_ERROR_WANT_WRITE)
			return TLS_LATER;
		take_fault(l, r, e);
		return -1;
	}
	return (ssize_t)out;
}

/* Small pieces leave in one record. */
static ssize_t
link_write(struct tls_link *l, const struct iovec *v, int nv)
{
	char record[RECORD];
	size_t n = 0;

	if (nv == 1)
		return write_piece(l, v->iov_base, v->iov_len);
	for (; nv > 0 && n < sizeof record; v++, nv--) {
		size_t k = sizeof record - n;

		if (k > v->iov_len)
			k = v->iov_len;
		memcpy(record + n, v->iov_base, k);
		n += k;
	}
	return write_piece(l, record, n);
}

/* RFC 8446 6.1: a close_notify ends our direction; the FIN follows it. */
static int
link_shut(struct tls_link *l)
{
	int r;

	if (l->shut)
		return 0;
	if (!l->ready || l->fault.kind != TLS_FINE)
		return -1;
	if (l->writing)
		return TLS_LATER;
	ERR_clear_error();
	r = SSL_shutdown(l->ssl);
	if (r < 0 && SSL_get_error(l->ssl, r) == SSL_ERROR_WANT_WRITE)
		return TLS_LATER;
	l->shut = true;
	ERR_clear_error();
	return shutdown(l->fd, SHUT_WR);
}

extern const struct tls_engine sockt_tls
    __attribute__((visibility("default")));
const struct tls_engine sockt_tls = {
	.abi = TLS_ABI,
	.side_new = tls_side_new,
	.side_free = tls_side_free,
	.side_cert = tls_side_cert,
	.link_new = link_new,
	.link_free = link_free,
	.shake = shake,
	.facts = facts,
	.fault = fault,
	.read = link_read,
	.pending = pending,
	.write = link_write,
	.shut = link_shut,
};
