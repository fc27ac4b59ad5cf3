/*
 * What the shim itself has to say: at most a line each, on standard error, in a comment as C has
 * them.
 */
#ifndef SHIM_WARNING_H
#define SHIM_WARNING_H

#include <stddef.h>

/*
 * At the first call: a setting that means nothing, or a file that cannot be opened. Each is said
 * once.
 */
void warning_give(char *room, size_t size);

#endif
