/* SPDX-License-Identifier: MIT */
#include "tls/inside.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <time.h>

static void
read_name(char dst[static TLS_NAME], const X509_NAME *name)
{
	BIO *b = BIO_new(BIO_s_mem());
	int n;

	if (b == NULL)
		return;
	X509_NAME_print_ex(b, name, 0,
	    XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	n = BIO_read(b, dst, TLS_NAME - 1);
	dst[n > 0 ? n : 0] = '\0';
	BIO_free(b);
}

static void
read_time(char dst[static 32], const ASN1_TIME *t)
{
	struct tm tm;

	if (ASN1_TIME_to_tm(t, &tm) == 1)
		strftime(dst, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static void
read_pin(unsigned char pin[static TLS_PIN], X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);

	if (n > 0)
		EVP_Digest(der, (size_t)n, pin, NULL, EVP_sha256(), NULL);
	OPENSSL_free(der);
}

/* An iPAddress is 4 or 16 bytes (RFC 5280 4.2.1.6); whoever wrote it. */
static bool
read_ip(char dst[static TLS_NAME], const ASN1_STRING *s)
{
	const unsigned char *p = ASN1_STRING_get0_data(s);
	size_t n = (size_t)ASN1_STRING_length(s);

	if (n != sizeof(struct in_addr) && n != sizeof(struct in6_addr))
		return false;
	return inet_ntop(n == sizeof(struct in_addr) ? AF_INET : AF_INET6, p,
	    dst, TLS_NAME) != NULL;
}

/* A NUL within a name would end it for us, but not for who compares. */
static bool
read_san(char dst[static TLS_NAME], const GENERAL_NAME *g)
{
	const unsigned char *p;
	size_t n;

	if (g->type == GEN_IPADD)
		return read_ip(dst, g->d.iPAddress);
	if (g->type != GEN_DNS && g->type != GEN_EMAIL && g->type != GEN_URI)
		return false;
	p = ASN1_STRING_get0_data(g->d.ia5);
	n = (size_t)ASN1_STRING_length(g->d.ia5);
	if (n > TLS_NAME - 1)
		n = TLS_NAME - 1;
	for (size_t i = 0; i < n; i++)
		dst[i] = p[i] == '\0' ? '?' : (char)p[i];
	dst[n] = '\0';
	return true;
}

static void
read_sans(struct tls_cert *c, X509 *x)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name,
	    NULL, NULL);

	for (int i = 0; i < sk_GENERAL_NAME_num(names) &&
	    c->nsans < TLS_SANS; i++)
		if (read_san(c->san[c->nsans], sk_GENERAL_NAME_value(names, i)))
			c->nsans++;
	GENERAL_NAMES_free(names);
}

void
tls_cert_read(struct tls_cert *c, X509 *x)
{
	const EVP_PKEY *key = X509_get0_pubkey(x);
	int days = 0, s = 0;

	*c = (struct tls_cert){ .there = true };
	read_name(c->subject, X509_get_subject_name(x));
	read_name(c->issuer, X509_get_issuer_name(x));
	read_time(c->not_before, X509_get0_notBefore(x));
	read_time(c->not_after, X509_get0_notAfter(x));
	if (ASN1_TIME_diff(&days, &s, NULL, X509_get0_notAfter(x)) == 1)
		c->days_left = days - (s < 0);
	c->key_bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
	read_pin(c->pin, x);
	read_sans(c, x);
	ERR_clear_error();
}

static enum tls_fault_kind
kind_of(int err, int depth)
{
	switch (err) {
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
		return TLS_SELF_SIGNED;
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return TLS_WRONG_NAME;
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return depth == 0 ? TLS_EXPIRED : TLS_UNTRUSTED;
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return depth == 0 ? TLS_NOT_YET : TLS_UNTRUSTED;
	default:
		return TLS_UNTRUSTED;
	}
}

static const char *
words_for(int err)
{
	switch (err) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return "its issuer is not known here";
	default:
		return X509_verify_cert_error_string(err);
	}
}

/* 1: go on; with a doubt that the user said to overlook, too. */
static int
doubt(struct tls_link *l, X509_STORE_CTX *sc, const struct tls_fault *f)
{
	if (!l->side->insecure) {
		l->fault = *f;
		return 0;
	}
	l->facts.trust = TLS_UNCHECKED;
	l->facts.doubt = *f;
	X509_STORE_CTX_set_error(sc, X509_V_OK);
	return 1;
}

int
tls_judge(X509_STORE_CTX *sc, void *arg)
{
	const struct tls_side *s = arg;
	SSL *ssl = X509_STORE_CTX_get_ex_data(sc,
	    SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_link *l = SSL_get_app_data(ssl);
	struct tls_fault f = { 0 };
	int err;

	tls_cert_read(&l->facts.peer, X509_STORE_CTX_get0_cert(sc));
	if (s->pinned && memcmp(s->pin, l->facts.peer.pin, TLS_PIN) != 0) {
		tls_fault_set(&f, TLS_OTHER_KEY, 0, NULL);
		X509_STORE_CTX_set_error(sc, X509_V_ERR_CERT_UNTRUSTED);
		return doubt(l, sc, &f);
	}
	l->facts.trust = s->pinned ? TLS_PINNED : TLS_TRUSTED;
	if (s->pin_only || X509_verify_cert(sc) > 0)
		return 1;
	err = X509_STORE_CTX_get_error(sc);
	tls_fault_set(&f, kind_of(err, X509_STORE_CTX_get_error_depth(sc)),
	    err, words_for(err));
	return doubt(l, sc, &f);
}
