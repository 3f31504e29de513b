/* SPDX-License-Identifier: MIT */
/*
 * sockt serve-static - serve the files of a folder over HTTP
 */
#include <sys/resource.h>
#include <unistd.h>

#include "groups.h"
#include "site/site.h"

enum { FDS_OWN = 64 };		/* descriptors besides the clients' two each */

static void on_refused(void *site, const struct why *);

static struct {
	struct offer_opts offer;
	struct tls_opts	 tls;
	struct site_opts site;
	int		 timeout_ms;

	struct listener	 listener;
} cfg = {
	.offer = { .hands_out = true, .scheme = "http",
	    .port_default = "8000", .tls = &cfg.tls,
	    .refused = on_refused },
	.tls.alpn_default = "http/1.1",
	.site = { .dir = ".", .clients = 10000, .head_ms = 10000,
	    .idle_ms = 15000, .send_ms = 30000, .log_fd = -1 },
};

static const struct opt opts[] = {
	OPTS_OFFER(&cfg.offer),
	OPT_FLAG(0, "stdio", &cfg.offer.stdio,
	    "no port: stdin and stdout are the client (inetd)"),
	OPT_INT(0, "max-clients", &cfg.site.clients, 1, 1000000,
	    "turn away more clients than N at a time (10000)"),
	OPT_TIME(0, "head-timeout", &cfg.site.head_ms,
	    "a request's head must be here after this long (10)"),
	OPT_TIME(0, "keep-alive", &cfg.site.idle_ms,
	    "close after this long without a request (15)"),
	OPT_TIME(0, "send-timeout", &cfg.site.send_ms,
	    "close if the client takes nothing for so long (30)"),
	OPT_TIMEOUT(&cfg.timeout_ms),
	OPTS_TLS_SERVER(&cfg.tls),
	OPTS_TALK,
	OPT_END
};

/* Each client may need a socket and a file; the rest is ours. */
static void
make_room(void)
{
	struct rlimit r;
	rlim_t places;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) < 0 &&
	    getrlimit(RLIMIT_NOFILE, &r) < 0)
		return;
	places = r.rlim_cur > 2 * FDS_OWN ? (r.rlim_cur - FDS_OWN) / 2 :
	    FDS_OWN / 2;
	if (places < (rlim_t)cfg.site.clients)
		cfg.site.clients = (int)places;
}

static void
stop(struct session *s)
{
	site_stop(s->arg);
}

static void
on_refused(void *site, const struct why *why)
{
	struct session *s = ((struct site *)site)->session;

	say_refused(s, why);
	if (cfg.listener.n == 0 && !s->stopping)	/* the only one */
		session_leave(s, why);
}

static void
summarise(struct session *s, const struct site *site)
{
	session_count(s, TF_CLIENTS, (int64_t)site->seen);
	session_count(s, TF_REQUESTS, (int64_t)site->requests);
	session_count(s, TF_RECEIVED, (int64_t)site->received);
	session_count(s, TF_SENT, (int64_t)site->sent);
}

static void
run(struct session *s, int argc, char **argv)
{
	struct site *site;

	if (argc > 0)
		cfg.site.dir = *argv++;
	cfg.offer.serving = cfg.site.dir;
	if (cfg.tls.on)
		cfg.offer.scheme = "https";
	cfg.site.heads = talk_cfg.verbose > 0;
	if (s->out == SESSION_BYTES && !cfg.offer.stdio)
		cfg.site.log_fd = STDOUT_FILENO;
	make_room();
	if ((site = site_new(s, &cfg.listener, &cfg.site)) == NULL) {
		if (cfg.site.dir[0] != '\0' && strspn(cfg.site.dir,
		    "0123456789") == strlen(cfg.site.dir))
			why_hint(&s->why, "the folder comes before the port: "
			    "'sockt serve-static . %.5s'", cfg.site.dir);
		return;
	}
	if (offer(s, &cfg.listener, argv, argc - (argc > 0),
	    &cfg.offer) == 0) {
		s->stop = stop;
		s->arg = site;
		say_listening(s, &cfg.listener, cfg.offer.port_file);
		listener_start(&cfg.listener, site_enter, site);
		session_limit(s, cfg.timeout_ms);
		session_run(s);
		listener_close(&cfg.listener);
		site_end(site);
		summarise(s, site);
	}
	site_free(site);
}

const struct cmd cmd_serve_static = {
	.name = "serve-static",
	.args = "[DIR [[HOST] PORT]]",
	.help = "serve the files of a folder over HTTP",
	.examples =
	    "sockt serve-static           this folder, on port 8000\n"
	    "sockt serve-static . 8080    on another port\n"
	    "sockt serve-static --public  for other machines as well\n",
	.opts = opts,
	.min = 0, .max = 3,
	.peer = "the client",
	.numbered = true,
	.run = run,
};
