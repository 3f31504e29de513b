/* SPDX-License-Identifier: MIT */
/*
 * The system keeps its roots twice: a directory in which one is found by the
 * hash of its name, and a file of them all. To read the file takes OpenSSL 3.0
 * some 170 ms, so that is left until the directory has not got an issuer.
 */
#include "tls/inside.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <unistd.h>

static const char *
bundle(void)
{
	const char *path = getenv(X509_get_default_cert_file_env());

	return path != NULL ? path : X509_get_default_cert_file();
}

/* Reads the file once; from then on the store itself knows what is in it. */
static int
by_subject(X509_LOOKUP *lookup, X509_LOOKUP_TYPE type, const X509_NAME *name,
    X509_OBJECT *found)
{
	X509_STORE *store = X509_LOOKUP_get_store(lookup);
	X509_OBJECT *o;

	if (type != X509_LU_X509 || X509_LOOKUP_get_method_data(lookup) != NULL)
		return 0;
	X509_LOOKUP_set_method_data(lookup, store);
	if (access(bundle(), R_OK) < 0 ||
	    X509_STORE_load_file(store, bundle()) != 1) {
		ERR_clear_error();
		return 0;
	}
	o = X509_OBJECT_retrieve_by_subject(X509_STORE_get0_objects(store),
	    type, name);
	if (o == NULL ||
	    !X509_OBJECT_set1_X509(found, X509_OBJECT_get0_X509(o)))
		return 0;
	X509_free(X509_OBJECT_get0_X509(o));	/* the store's will do */
	return 1;
}

int
tls_roots(struct tls_side *s)
{
	s->roots = X509_LOOKUP_meth_new("file, when needed");
	return s->roots != NULL &&
	    X509_LOOKUP_meth_set_get_by_subject(s->roots, by_subject) &&
	    SSL_CTX_set_default_verify_dir(s->ctx) &&
	    X509_STORE_add_lookup(SSL_CTX_get_cert_store(s->ctx),
	    s->roots) != NULL ? 0 : -1;
}
