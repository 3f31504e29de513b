/*
 * history - the lines of former runs: a file of libedit's format, that several
 * runs at once append to.
 *
 * Each line is appended under a lock, so nobody overwrites another's. A file
 * grown too long is written anew with its newest lines, under the same lock.
 * That there is none, or none that we may write, is no error.
 */
#ifndef EDIT_HISTORY_H
#define EDIT_HISTORY_H

#include <histedit.h>

void	history_load(History *, const char *path);
/* The newest line goes into the file, which is made with its folders. */
void	history_append(History *, const char *path);

#endif
