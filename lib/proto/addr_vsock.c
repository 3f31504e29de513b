/* SPDX-License-Identifier: MIT */
#include "proto/addr.h"

#include "base/num.h"

static const struct {
	const char	*name;
	unsigned	 cid;
} names[] = {
	{ "any", VMADDR_CID_ANY }, { "local", VMADDR_CID_LOCAL },
	{ "host", VMADDR_CID_HOST },
};

static bool
cid(unsigned *cid, const char *s, size_t n)
{
	char text[16];
	int64_t i;

	if (n >= sizeof text)
		return false;
	memcpy(text, s, n);
	text[n] = '\0';
	for (size_t k = 0; k < NELEMS(names); k++)
		if (strcmp(text, names[k].name) == 0) {
			*cid = names[k].cid;
			return true;
		}
	if (num_whole(text, 0, ADDR_VSOCK_MAX, &i) != NULL)
		return false;
	*cid = (unsigned)i;
	return true;
}

const char *
addr_vsock_operand(const char *s)
{
	return strncmp(s, "vsock:", 6) == 0 ? s + 6 : NULL;
}

const char *
addr_vsock(struct addr *a, const char *text, bool listens)
{
	const char *colon = strchr(text, ':');
	const char *port = colon == NULL ? text : colon + 1;
	unsigned to = VMADDR_CID_ANY;
	int64_t i;

	*a = (struct addr){ 0 };
	if (colon == NULL && !listens)
		return "it is CID:PORT";
	if (colon != NULL && !cid(&to, text, (size_t)(colon - text)))
		return "a CID is a number up to 4294967294, or local, host or "
		    "any";
	if (to == VMADDR_CID_ANY && !listens)
		return "any is where one listens, not whom one calls";
	if (num_whole(port, listens ? 0 : 1, ADDR_VSOCK_MAX, &i) != NULL)
		return listens ?
		    "its port is a number from 0 to 4294967294" :
		    "its port is a number from 1 to 4294967294";
	a->vm = (struct sockaddr_vm){ .svm_family = AF_VSOCK, .svm_cid = to,
		.svm_port = (unsigned)i };
	a->len = sizeof a->vm;
	return NULL;
}

char *
addr_vsock_cid(const struct addr *a, char dst[static ADDR_TEXT])
{
	snprintf(dst, ADDR_TEXT, a->vm.svm_cid == VMADDR_CID_ANY ? "any" :
	    "%u", a->vm.svm_cid);
	return dst;
}
