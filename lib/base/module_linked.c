/* SPDX-License-Identifier: MIT */
#include "base/module.h"

struct digest_engine;
struct tls_engine;
struct edit_engine;
struct json_engine;
extern const struct digest_engine sockt_digest;
extern const struct tls_engine sockt_tls;
extern const struct edit_engine sockt_edit;
extern const struct json_engine sockt_json;

const void *
module_load(const struct module *m, struct why *why)
{
	if (strcmp(m->name, "tls") == 0)
		return &sockt_tls;
	if (strcmp(m->name, "digest") == 0)
		return &sockt_digest;
	if (strcmp(m->name, "edit") == 0)
		return &sockt_edit;
	if (strcmp(m->name, "json") == 0)
		return &sockt_json;
	why_set(why, WHY_LOCAL, 0, "the module %s (%s) was not linked in",
	    m->name, m->package);
	return NULL;
}
