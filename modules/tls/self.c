/* SPDX-License-Identifier: MIT */
#include "tls/inside.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <unistd.h>

enum {
	DAYS = 30,		/* of validity; the key is gone much sooner */
	HOUR = 3600,		/* back, for clocks that are behind ours */
	SERIAL_BITS = 64,
};

/* RFC 5280 4.2.1.6: an address is its bytes, a name is a name. */
static int
add_name(GENERAL_NAMES *names, const char *text)
{
	ASN1_STRING *ip = a2i_IPADDRESS(text);
	GENERAL_NAME *n = GENERAL_NAME_new();
	ASN1_STRING *dns = ip == NULL ? ASN1_IA5STRING_new() : NULL;

	if (n != NULL && ip != NULL)
		GENERAL_NAME_set0_value(n, GEN_IPADD, ip);
	else if (n != NULL && dns != NULL && ASN1_STRING_set(dns, text, -1))
		GENERAL_NAME_set0_value(n, GEN_DNS, dns);
	else {
		ASN1_STRING_free(ip);
		ASN1_STRING_free(dns);
		GENERAL_NAME_free(n);
		return -1;
	}
	if (sk_GENERAL_NAME_push(names, n) > 0)
		return 0;
	GENERAL_NAME_free(n);
	return -1;
}

static int
add_names(X509 *x)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	char here[HOST_NAME_MAX + 1] = "";
	int r = -1;

	gethostname(here, sizeof here - 1);
	if (names != NULL && add_name(names, "localhost") == 0 &&
	    add_name(names, "127.0.0.1") == 0 &&
	    add_name(names, "::1") == 0 &&
	    (here[0] == '\0' || add_name(names, here) == 0) &&
	    X509_add1_ext_i2d(x, NID_subject_alt_name, names, 0, 0) == 1)
		r = 0;
	GENERAL_NAMES_free(names);
	return r;
}

static int
set_serial(X509 *x)
{
	BIGNUM *n = BN_new();
	int ok = n != NULL && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ANY,
	    BN_RAND_BOTTOM_ANY) &&
	    BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;

	BN_free(n);
	return ok ? 0 : -1;
}

static int
fill_in(X509 *x, EVP_PKEY *key)
{
	static const unsigned char cn[] = "sockt throw-away";
	X509_NAME *name = X509_get_subject_name(x);

	if (X509_set_version(x, X509_VERSION_3) != 1 || set_serial(x) < 0 ||
	    X509_gmtime_adj(X509_getm_notBefore(x), -HOUR) == NULL ||
	    X509_time_adj_ex(X509_getm_notAfter(x), DAYS, 0, NULL) == NULL ||
	    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, cn, -1, -1,
	    0) != 1 || X509_set_issuer_name(x, name) != 1 ||
	    X509_set_pubkey(x, key) != 1)
		return -1;
	return add_names(x);
}

int
tls_self_signed(SSL_CTX *ctx)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	int r = -1;

	if (key != NULL && x != NULL && fill_in(x, key) == 0 &&
	    X509_sign(x, key, EVP_sha256()) > 0 &&
	    SSL_CTX_use_certificate(ctx, x) == 1 &&
	    SSL_CTX_use_PrivateKey(ctx, key) == 1)
		r = 0;
	X509_free(x);
	EVP_PKEY_free(key);
	return r;
}
