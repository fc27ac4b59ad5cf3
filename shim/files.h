/* Small files, links and directories by raw system calls. */
#ifndef SHIM_FILES_H
#define SHIM_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NUMBER_NAME_MAX = sizeof "-2147483648"
};

/* The parts of a path, for path_join(). */
#define PATH(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Joins the parts in `path`, as far as they fit. Returns it. */
const char *path_join(char *path, size_t size, const char *const *parts);

/* The number of a process or an fd, as procfs names it, in `text`. Returns that. */
const char *number_name(char text[NUMBER_NAME_MAX], int32_t number);

/* Opens for reading, relative to a directory's fd (AT_FDCWD: or not). Returns an fd or -errno. */
long file_open(int directory, const char *path);

/*
 * Reads the start of a file, ended with a NUL and without a last newline. Returns false if there is
 * none to read.
 */
bool file_read(int directory, const char *path, char *text, size_t size);

/* Reads where a link leads, ended with a NUL, or "". Returns its length, or -errno. */
long link_read(const char *path, char *text, size_t size);

/* Called with each name of a directory but . and ..; false ends the walk. */
typedef bool visitor(void *with, const char *name);

/*
 * Returns false if the directory cannot be read. `room` is only lent, and aligned for 64-bit
 * integers.
 */
bool directory_walk(int directory, const char *path, char *room, size_t size, visitor *visit,
	void *with);

#endif
