/* SPDX-License-Identifier: MIT */
#include "base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where it was built, where it is installed; seen from the binary. */
static const char *const places[] = { "modules", "../lib/sockt" };

/* What others may write to is not run. */
static bool
as_good_as(const char *path, const char *exe)
{
	struct stat module, ours;

	return stat(path, &module) == 0 && stat(exe, &ours) == 0 &&
	    (module.st_uid == ours.st_uid || module.st_uid == 0) &&
	    (module.st_mode & S_IWOTH) == 0;
}

static void *
open_in(const char *place, const char *name)
{
	char exe[PATH_MAX], path[PATH_MAX + 64];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	int dir;

	if (n < 0)
		return NULL;
	exe[n] = '\0';
	for (dir = (int)n; dir > 0 && exe[dir - 1] != '/'; dir--)
		;
	snprintf(path, sizeof path, "%.*s%s/%s.so", dir, exe, place, name);
	return as_good_as(path, exe) ? dlopen(path, RTLD_NOW | RTLD_LOCAL) :
	    NULL;
}

static void
missing(const struct module *m, struct why *why)
{
	const char *cause = dlerror();

	if (cause == NULL) {
		why_set(why, WHY_LOCAL, 0, "the module %s is neither in %s/ "
		    "nor in %s/ beside the program", m->name, places[0],
		    places[1]);
		why_hint(why, "'apt install %s', then make", m->build);
	} else {
		why_set(why, WHY_LOCAL, 0, "the module %s cannot be loaded: "
		    "%s", m->name, cause);
		why_hint(why, "try 'apt install %s'", m->package);
	}
}

const void *
module_load(const struct module *m, struct why *why)
{
	char symbol[64];
	const void *table = NULL;
	void *so = NULL;

	for (size_t i = 0; i < NELEMS(places) && so == NULL; i++)
		so = open_in(places[i], m->name);
	snprintf(symbol, sizeof symbol, "sockt_%s", m->name);
	if (so != NULL)
		table = dlsym(so, symbol);
	if (table == NULL)
		missing(m, why);
	return table;
}
