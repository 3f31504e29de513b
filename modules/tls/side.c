/* SPDX-License-Identifier: MIT */
#include "tls/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <unistd.h>

enum { READ_AHEAD = 64 * KIB };	/* bytes asked of the descriptor at once */

void
tls_fault_set(struct tls_fault *f, enum tls_fault_kind kind, long code,
    const char *text)
{
	if (f->kind != TLS_FINE)
		return;
	f->kind = kind;
	f->code = code;
	snprintf(f->text, sizeof f->text, "%s", text != NULL ? text : "");
}

static int
fail(struct tls_fault *f, enum tls_fault_kind kind, long code)
{
	tls_fault_set(f, kind, code,
	    ERR_reason_error_string(ERR_peek_last_error()));
	ERR_clear_error();
	return -1;
}

static int
readable(const char *path, enum tls_fault_kind kind, struct tls_fault *f)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(f, kind, errno);
	close(fd);
	return 0;
}

/* A passphrase would have to be asked for, by nobody knows whom. */
static int
no_passphrase(char *buf, int size, int writing, void *locked)
{
	(void)buf, (void)size, (void)writing;
	*(bool *)locked = true;
	return -1;
}

static int
own_cert(struct tls_side *s, const struct tls_setup *o, struct tls_fault *f)
{
	const char *key = o->key != NULL ? o->key : o->cert;
	bool locked = false;

	if (readable(o->cert, TLS_BAD_CERT, f) < 0 ||
	    readable(key, TLS_BAD_KEY, f) < 0)
		return -1;
	SSL_CTX_set_default_passwd_cb(s->ctx, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(s->ctx, &locked);
	if (SSL_CTX_use_certificate_chain_file(s->ctx, o->cert) != 1)
		return fail(f, TLS_BAD_CERT, 0);
	if (SSL_CTX_use_PrivateKey_file(s->ctx, key, SSL_FILETYPE_PEM) != 1)
		return fail(f, locked ? TLS_LOCKED_KEY :
		    ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509 ?
		    TLS_NOT_ITS_KEY : TLS_BAD_KEY, 0);
	if (SSL_CTX_check_private_key(s->ctx) != 1)
		return fail(f, TLS_NOT_ITS_KEY, 0);
	SSL_CTX_set_default_passwd_cb_userdata(s->ctx, NULL);
	return 0;
}

static int
trust(struct tls_side *s, const struct tls_setup *o, struct tls_fault *f)
{
	if (o->ca_file == NULL) {
		if (!o->server && !s->pin_only && tls_roots(s) < 0)
			return fail(f, TLS_MEMORY, 0);
		return 0;
	}
	if (readable(o->ca_file, TLS_BAD_CA, f) < 0)
		return -1;
	if (SSL_CTX_load_verify_file(s->ctx, o->ca_file) != 1)
		return fail(f, TLS_BAD_CA, 0);
	if (o->server)		/* tells clients whose certificates will do */
		SSL_CTX_set_client_CA_list(s->ctx,
		    SSL_load_client_CA_file(o->ca_file));
	return 0;
}

static void
log_key(const SSL *ssl, const char *line)
{
	struct tls_link *l = SSL_get_app_data(ssl);
	char text[512];
	int n = snprintf(text, sizeof text, "%s\n", line);

	if (l->tap.secret != NULL)
		l->tap.secret(l->tap.arg, line);
	if (l->side->key_log < 0)
		return;
	/* In one piece: others may append to the same file. */
	if (n < (int)sizeof text && write(l->side->key_log, text, (size_t)n) == n)
		return;
	tls_fault_set(&l->fault, TLS_BAD_KEY_LOG, errno, NULL);
}

static int
open_key_log(struct tls_side *s, const struct tls_setup *o,
    struct tls_fault *f)
{
	if (o->key_log == NULL)
		return 0;
	s->key_log = open(o->key_log,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (s->key_log < 0)
		return fail(f, TLS_BAD_KEY_LOG, errno);
	tls_log_keys(s);
	return 0;
}

void
tls_log_keys(struct tls_side *s)
{
	SSL_CTX_set_keylog_callback(s->ctx, log_key);
}

/* Ours in our order; RFC 7301 3.2: none in common is fatal. */
static int	/* NOLINTNEXTLINE(readability-function-size): OpenSSL's type */
choose(SSL *ssl, const unsigned char **out, unsigned char *len,
    const unsigned char *theirs, unsigned n, void *arg)
{
	const struct tls_side *s = arg;
	unsigned char *at = NULL;

	(void)ssl;
	if (SSL_select_next_proto(&at, len, s->alpn, (unsigned)s->alpn_len,
	    theirs, n) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = at;
	return SSL_TLSEXT_ERR_OK;
}

static void
protocols(struct tls_side *s, const struct tls_setup *o)
{
	if (o->alpn_len == 0)
		return;
	memcpy(s->alpn, o->alpn, o->alpn_len);
	s->alpn_len = o->alpn_len;
	if (s->server)
		SSL_CTX_set_alpn_select_cb(s->ctx, choose, s);
	else
		SSL_CTX_set_alpn_protos(s->ctx, s->alpn,
		    (unsigned)s->alpn_len);
}

/*
 * No renegotiation, so that writing never has to read. No session tickets: a
 * client that only sends and then closes would leave them unread, which makes
 * its kernel reset the connection and lose what it sent.
 */
static void
manners(struct tls_side *s, const struct tls_setup *o)
{
	SSL_CTX *ctx = s->ctx;
	int verify = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;

	SSL_CTX_set_min_proto_version(ctx,
	    o->tls13 ? TLS1_3_VERSION : TLS1_2_VERSION);
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(ctx, 0);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE |
	    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_read_ahead(ctx, 1);
	SSL_CTX_set_default_read_buffer_len(ctx, READ_AHEAD);
	SSL_CTX_set_dh_auto(ctx, 1);
	SSL_CTX_set_cert_verify_callback(ctx, tls_judge, s);
	SSL_CTX_set_verify(ctx, s->server && o->ca_file == NULL ?
	    SSL_VERIFY_NONE : verify, NULL);
}

static int
equip(struct tls_side *s, const struct tls_setup *o, struct tls_fault *f)
{
	manners(s, o);
	protocols(s, o);
	if (trust(s, o, f) < 0 || open_key_log(s, o, f) < 0)
		return -1;
	if (o->cert != NULL && own_cert(s, o, f) < 0)
		return -1;
	if (s->server && o->cert == NULL &&
	    tls_self_signed(s->ctx) < 0)
		return fail(f, TLS_OTHER, 0);
	if (s->server)
		tls_cert_read(&s->own, SSL_CTX_get0_certificate(s->ctx));
	return 0;
}

struct tls_side *
tls_side_new(const struct tls_setup *o, struct tls_fault *f)
{
	struct tls_side *s = calloc(1, sizeof *s);

	*f = (struct tls_fault){ 0 };
	if (s != NULL)
		s->ctx = SSL_CTX_new(o->server ? TLS_server_method() :
		    TLS_client_method());
	if (s == NULL || s->ctx == NULL) {
		free(s);
		(void)fail(f, TLS_MEMORY, 0);
		return NULL;
	}
	s->refs = 1;
	s->server = o->server;
	s->insecure = o->insecure;
	s->key_log = -1;
	s->pinned = o->pin != NULL;
	s->pin_only = s->pinned && o->ca_file == NULL;
	if (s->pinned)
		memcpy(s->pin, o->pin, TLS_PIN);
	if (equip(s, o, f) < 0) {
		tls_side_free(s);
		return NULL;
	}
	return s;
}

void
tls_side_free(struct tls_side *s)
{
	if (s == NULL || --s->refs > 0)
		return;
	SSL_CTX_free(s->ctx);
	X509_LOOKUP_meth_free(s->roots);
	if (s->key_log >= 0)
		close(s->key_log);
	free(s);
}

const struct tls_cert *
tls_side_cert(const struct tls_side *s)
{
	return &s->own;
}
