/* C source as the calls that its attrs would be, whether they are initialised or assigned to. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "decoder/call.h"

struct source;

/*
 * Takes a text that ends with a NUL, and its name for messages, which must live as long. The text
 * is written to. Reading it takes a time that grows with its length, whatever is in it.
 */
struct source *source_open(const char *name, char *text);

/*
 * The next call, valid until the next is read; false at the end. A member whose value is no
 * constant is reported as "peodump: FILE:LINE: why" on stderr, its attr skipped, and that
 * remembered in source_trouble(). So is a text that has no attr in it.
 */
bool source_next(struct source *source, struct call *call);
bool source_trouble(const struct source *source);

void source_close(struct source *source);

#endif
