/* SPDX-License-Identifier: MIT */
#include "fetch/locator.h"

#include <errno.h>

#include "base/vis.h"
#include "net/resolve.h"
#include "proto/http_field.h"
#include "proto/url.h"

int
locator_bad(const char *text, const char *bad, struct why *why)
{
	char safe[LOCATOR_SHOWN];

	return why_set(why, WHY_USAGE, 0, "'%s': %s",
	    vis_str(safe, sizeof safe, text, strlen(text)), bad);
}

/* The request target; in the worst case every byte of it becomes %XX. */
static int
take_target(struct locator *l, const char *path, size_t n, struct why *why)
{
	size_t size = 3 * n + sizeof "/%XX";

	if (n > URL_MAX)
		return locator_bad(path, url_err_text(URL_E_LONG), why);
	l->target = malloc(size);
	if (l->target == NULL || url_target(path, n, l->target, size) < 0)
		return why_set(why, WHY_LOCAL, ENOMEM, "out of memory");
	return 0;
}

/* "http://..." or "HOST[:PORT]/PATH". */
static int
from_url(struct locator *l, const char *text, bool tls, struct why *why)
{
	struct url u;
	enum url_err e = url_parse(&u, text);

	if (e != URL_OK)
		return locator_bad(text, url_err_text(e), why);
	if (tls && !u.https && url_has_scheme(text))
		return locator_bad(text, "--tls is for https", why);
	if (tls)
		url_secure(&u);
	l->https = u.https;
	if (url_host(&u, l->host, sizeof l->host) < 0)
		return locator_bad(text, url_err_text(URL_E_LONG), why);
	snprintf(l->at.host, sizeof l->at.host, "%s", u.host);
	snprintf(l->at.service, sizeof l->at.service, "%u", u.port);
	return take_target(l, u.target, u.target_len, why);
}

/* HOST [PORT [PATH]]: the port may be a service name. */
static int
from_operands(struct locator *l, int argc, char *const *argv,
    struct why *why)
{
	const char *path = argc > 2 ? argv[2] : "/";
	struct url u = { .https = l->https };
	unsigned port;

	if (argc == 2 && *argv[1] == '/') {
		locator_bad(argv[1], "a path, where the port is due", why);
		return why_hint(why, "HOST PORT PATH, or HOST/PATH");
	}
	if (resolve_operands(argv, argc > 1 ? 2 : 1, u.https ? "443" : "80",
	    &l->at, why) < 0 || resolve_port(&port, l->at.service, 1, why) < 0)
		return -1;
	u.port = (uint16_t)port;
	u.v6 = strchr(l->at.host, ':') != NULL;
	snprintf(u.host, sizeof u.host, "%s", l->at.host);
	if (url_host(&u, l->host, sizeof l->host) < 0 ||
	    !http_is_host(l->host, strlen(l->host)))
		return locator_bad(l->at.host, url_err_text(URL_E_HOST), why);
	return take_target(l, path, strlen(path), why);
}

int
locator_parse(struct locator *l, int argc, char *const *argv, bool tls,
    struct why *why)
{
	bool is_url = url_has_scheme(argv[0]) ||	/* or "HOST/PATH" */
	    (argc == 1 && argv[0][strcspn(argv[0], "/?#")] != '\0');
	char full[sizeof "https://" + LOCATOR_HOST + LOCATOR_SHOWN];

	*l = (struct locator){ .https = tls };
	if ((is_url ? from_url(l, argv[0], tls, why)
	    : from_operands(l, argc, argv, why)) < 0)
		return -1;
	snprintf(full, sizeof full, "http%s://%s%.*s", l->https ? "s" : "",
	    l->host, LOCATOR_SHOWN, l->target);
	vis_str(l->name, sizeof l->name, full, strlen(full));
	return 0;
}

void
locator_free(struct locator *l)
{
	free(l->target);
	l->target = NULL;
}
