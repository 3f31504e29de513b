/*
 * json_engine - what the module "json" does for us: one table of functions
 * over plain C types.
 *
 * A JSON text (RFC 8259) becomes a tree. Numbers are 64-bit integers or are
 * JSON_IS_OTHER; a key that comes twice in an object is an error, and so is
 * what does not nest sensibly (2048 levels).
 */
#ifndef TALK_JSON_ENGINE_H
#define TALK_JSON_ENGINE_H

#include "base/base.h"

enum { JSON_ABI = 1 };		/* of this header; the table has it, too */

enum json_kind {
	JSON_IS_OTHER,		/* null, a fraction: nothing that we use */
	JSON_IS_BOOL, JSON_IS_INT,	/* in .i */
	JSON_IS_STRING,		/* in .s */
	JSON_IS_ARRAY, JSON_IS_OBJECT,	/* from .first on */
};

struct json_node {
	enum json_kind	 kind;
	const char	*key;		/* in an object */
	int64_t		 i;
	const char	*s;		/* UTF-8; may hold a NUL */
	size_t		 len;
	const struct json_node *first, *next;
};

struct json_text;

struct json_engine {
	unsigned abi;
	/*
	 * NULL: why says what is wrong with it, in at most size bytes;
	 * otherwise *root lasts until it is freed.
	 */
	struct json_text *(*parse)(const char *, size_t n,
		    const struct json_node **root, char *why, size_t size);
	void	(*free)(struct json_text *);	/* NULL is fine */
};

#endif
