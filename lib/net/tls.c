/* SPDX-License-Identifier: MIT */
#include "net/tls.h"

#include <errno.h>

#include "base/module.h"
#include "base/vis.h"
#include "net/tls_state.h"
#include "proto/alpn.h"
#include "proto/starttls.h"

static const struct module module = { "tls", "libssl3", "libssl-dev" };
static const char key_log_env[] = "SSLKEYLOGFILE";

/* What the command line says, made ready for the engine. */
struct ready {
	struct tls_setup setup;
	unsigned char	 pin[PIN_BYTES];
	unsigned char	 alpn[TLS_ALPN];
};

int
tls_opts_on(const struct tls_opts *o, struct why *why)
{
	if (o->on && o->starttls != STARTTLS_NONE)
		return why_set(why, WHY_USAGE, 0, "--tls and --starttls "
		    "contradict each other: TLS from the start, or after "
		    "words in clear");
	return o->on || o->starttls != STARTTLS_NONE;
}

int
tls_opts_idle(const struct tls_opts *o, struct why *why)
{
	const struct {
		const char *name;
		bool given;
	} all[] = {
		{ "--insecure", o->insecure }, { "--tls-min", o->min != 0 },
		{ "--pin", o->pin != NULL }, { "--alpn", o->alpn != NULL },
		{ "--cert", o->cert != NULL }, { "--key", o->key != NULL },
		{ "--key-log", o->key_log != NULL },
		{ "--server-name", o->name != NULL },
		{ "a file of authorities", o->ca_file != NULL },
	};

	for (size_t i = 0; i < NELEMS(all); i++)
		if (all[i].given)
			return why_set(why, WHY_USAGE, 0,
			    "%s is for TLS, and this is without it (--tls)",
			    all[i].name);
	return 0;
}

int
tls_opts_with_udp(const struct tls_opts *o, struct why *why)
{
	int on = tls_opts_on(o, why);

	return on > 0 ? why_set(why, WHY_USAGE, 0,
	    "--%stls needs a stream: there is none with --udp",
	    o->on ? "" : "start") : on < 0 ? -1 : tls_opts_idle(o, why);
}

static int
prepare(struct ready *r, const struct tls_opts *o, struct why *why)
{
	const char *alpn = o->alpn != NULL ? o->alpn : o->alpn_default;
	char safe[TLS_PIN * 4];
	int n = 0;

	if (o->insecure && (o->pin != NULL || o->ca_file != NULL))
		return why_set(why, WHY_USAGE, 0, "--insecure and %s "
		    "contradict each other", o->pin ? "--pin" : "--ca-file");
	if (o->key != NULL && o->cert == NULL)
		return why_set(why, WHY_USAGE, 0, "--key without --cert");
	if (o->pin != NULL && pin_parse(r->pin, o->pin) < 0)
		return why_set(why, WHY_USAGE, 0, "--pin: '%s' is not sha256: "
		    "and 64 hexadecimal digits",
		    vis_str(safe, sizeof safe, o->pin, strlen(o->pin)));
	if (alpn != NULL &&
	    (n = alpn_parse(alpn, r->alpn, sizeof r->alpn)) < 0)
		return why_set(why, WHY_USAGE, 0, "--alpn: '%s' is not a list "
		    "of names, %d bytes together at most",
		    vis_str(safe, sizeof safe, alpn, strlen(alpn)),
		    TLS_ALPN - 1);
	/* As browsers and curl do. */
	r->setup.key_log = o->key_log != NULL ? o->key_log :
	    getenv(key_log_env);
	if (r->setup.key_log != NULL && *r->setup.key_log == '\0')
		r->setup.key_log = NULL;
	r->setup.pin = o->pin != NULL ? r->pin : NULL;
	r->setup.alpn = r->alpn;
	r->setup.alpn_len = (size_t)n;
	return 0;
}

/* Returns the option that named the file; and its path. */
static const char *
whose_file(const struct tls_fault *f, const struct tls_setup *o,
    const char **path)
{
	switch (f->kind) {
	case TLS_BAD_CERT:
		*path = o->cert;
		return "--cert";
	case TLS_BAD_CA:
		*path = o->ca_file;
		return o->server ? "--client-ca" : "--ca-file";
	case TLS_BAD_KEY_LOG:
		*path = o->key_log;
		return o->key_log == getenv(key_log_env) ? key_log_env :
		    "--key-log";
	default:
		*path = o->key != NULL ? o->key : o->cert;
		return "--key";
	}
}

/* Of the file that is wrong: "--cert 'x.pem': no such file (ENOENT)". */
static int
bad_file(const struct tls_fault *f, const struct tls_setup *o,
    struct why *why)
{
	const char *path, *option = whose_file(f, o, &path);
	char safe[120] = "";

	if (path != NULL)
		vis_str(safe, sizeof safe, path, strlen(path));
	if (f->code != 0)
		return why_sys(why, WHY_USAGE, (int)f->code, "%s '%s'", option,
		    safe);
	switch (f->kind) {
	case TLS_LOCKED_KEY:
		why_set(why, WHY_USAGE, 0, "%s '%s' needs a passphrase", option,
		    safe);
		return why_hint(why, "'openssl pkey -in FILE -out NEW' writes "
		    "it without");
	case TLS_NOT_ITS_KEY:
		return why_set(why, WHY_USAGE, 0,
		    "%s '%s' is not the key of that certificate", option, safe);
	default:
		return why_set(why, WHY_USAGE, 0, "%s '%s' has no %s in PEM "
		    "form: %s", option, safe,
		    f->kind == TLS_BAD_KEY ? "private key" : "certificate",
		    f->text);
	}
}

static int
refused(const struct tls_fault *f, const struct tls_setup *o,
    struct why *why)
{
	if (f->kind == TLS_MEMORY)
		return why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
	if (f->kind == TLS_OTHER)
		return why_set(why, WHY_TLS, 0, "tls: %s", f->text);
	return bad_file(f, o, why);
}

static void
name_pin(struct tls *t, const struct tls_opts *o)
{
	char pin[PIN_TEXT];

	if (t->server && o->cert == NULL)
		snprintf(t->own_pin, sizeof t->own_pin, "--pin %s",
		    pin_text(t->engine->side_cert(t->side)->pin, pin));
}

struct tls *
tls_new(const struct tls_opts *o, bool server, struct why *why)
{
	struct ready r = { .setup = { .server = server,
	    .insecure = o->insecure, .tls13 = o->min == 1,
	    .ca_file = o->ca_file, .cert = o->cert, .key = o->key } };
	const struct tls_engine *e;
	struct tls_fault f;
	struct tls *t;

	if (prepare(&r, o, why) < 0 ||
	    (e = module_load(&module, why)) == NULL)
		return NULL;
	if (e->abi != TLS_ABI) {
		why_set(why, WHY_LOCAL, 0, "the module tls is of another "
		    "version of sockt");
		return NULL;
	}
	if ((t = calloc(1, sizeof *t)) == NULL) {
		why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
		return NULL;
	}
	*t = (struct tls){ .engine = e, .server = server };
	if ((t->side = e->side_new(&r.setup, &f)) == NULL) {
		(void)refused(&f, &r.setup, why);
		free(t);
		return NULL;
	}
	name_pin(t, o);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t != NULL)
		t->engine->side_free(t->side);
	free(t);
}

const char *
tls_throw_away(const struct tls *t)
{
	return t->own_pin[0] ? t->own_pin : NULL;
}
