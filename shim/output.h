/* Where dumps go: standard error, another inherited fd, or a file. */
#ifndef SHIM_OUTPUT_H
#define SHIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/outlet.h"

/* To be called at load: what standard error is, so that it is known again once it is replaced. */
void output_load(void);

/*
 * Finds where that process's next record goes, and opens it if need be. To be called before the
 * traced call, so that the program's fds get the numbers they would have had. `path` is only lent.
 */
void output_prepare(struct outlet *outlet, int32_t pid, char *path, size_t size);

/* Writes to standard error, if it is still what it was at load. */
bool output_say(const char *text, size_t length);

/* Why the file of `out` cannot be opened: an errno; 0: it can, as far as known. */
int output_error(void);

#endif
