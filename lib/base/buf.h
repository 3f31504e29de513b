/*
 * buf - a growable run of bytes with a ceiling.
 *
 * Every buffer is made with its maximum; exceeding it is an ordinary error
 * that leaves the buffer as it was. Bytes are appended at the end and taken
 * from the front. A zeroed struct with max set is a valid empty buffer.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/base.h"

struct buf {
	char	*data;		/* data[off] is the first byte; NULL if none */
	size_t	 off, len;	/* len bytes are held */
	size_t	 cap, max;	/* allocated; never more than max */
};

#define BUF_MAX(n) { .max = (n) }

void	buf_init(struct buf *, size_t max);
void	buf_free(struct buf *);		/* empty again, max kept */

/* -1: the ceiling (or memory) is reached, nothing was added. */
int	buf_add(struct buf *, const void *, size_t) MUST_CHECK;
int	buf_printf(struct buf *, const char *fmt, ...)
	    PRINTF_LIKE(2, 3) MUST_CHECK;
int	buf_vprintf(struct buf *, const char *fmt, va_list)
	    PRINTF_LIKE(2, 0) MUST_CHECK;
int	buf_number(struct buf *, uint64_t) MUST_CHECK;	/* in decimal, fast */

/*
 * Room for at least n more bytes behind the end, to be written by the caller
 * and then counted with buf_added(); NULL at the ceiling.
 */
char	*buf_room(struct buf *, size_t n) MUST_CHECK;
void	buf_added(struct buf *, size_t n);
size_t	buf_left(const struct buf *);	/* until the ceiling */

/* The bytes held; borrowed until the next change. */
char	*buf_head(const struct buf *);
void	buf_drop(struct buf *, size_t n);	/* the first n are done with */
void	buf_clear(struct buf *);	/* drop all, keep the memory */

#endif
