/* Where dumps go: standard error, another inherited fd, or a file; one write for each. */
#ifndef SHIM_OUTPUT_H
#define SHIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * To be called at load: what standard error is, so that it is known again after the program
 * replaced it.
 */
void output_load(void);

/*
 * Opens what has to be open before the traced call, so that the program's fd numbers stay what they
 * are. The path is made in `path`, which is only lent.
 */
void output_prepare(int32_t pid, char *path, size_t size);

/* Writes one record whole, or returns false. */
bool output_write(int32_t pid, const char *text, size_t length);

/* Writes to standard error, if it is still what it was at load. */
bool output_say(const char *text, size_t length);

/* Writes to fd 2 unasked, for safe=1. */
bool output_trust(const char *text, size_t length);

/* Why the file of `out` cannot be written: an errno; 0: it can, as far as known. */
int output_error(void);

#endif
