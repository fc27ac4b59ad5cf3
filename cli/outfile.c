/* The file of --output. */
#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/say.h"
#include "tables/tables.h"

static bool
names_process(const char *file)
{
	for (; *file; file++)
		if (*file == '%' && *++file == 'p')
			return true;
	return false;
}

/* What the program has open already, and must not be opened anew. */
static bool
is_open_already(const char *file)
{
	static const char *const files[] = {"/dev/stdout", "/dev/stderr", "/dev/fd/",
		"/proc/self/fd/"};

	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (strncmp(file, files[i], strlen(files[i])) == 0)
			return true;
	return false;
}

/*
 * The file of a name without %p. A FIFO is let alone: its reader would take our closing it for the
 * end, and nobody may read it yet.
 */
static bool
empty_file(const char *file)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
		| O_NONBLOCK;
	char path[PATH_MAX];
	struct stat status;
	size_t length = 0;
	int fd;

	for (; *file && length < sizeof path - 1; file++) {
		path[length++] = *file;
		file += file[0] == '%' && file[1] == '%';
	}
	path[length] = '\0';
	if (lstat(path, &status) == 0 && S_ISFIFO(status.st_mode))
		return true;
	fd = open(path, flags, 0600);
	if (fd < 0) {
		if (errno == ELOOP)
			warn("%s: is a symbolic link", path);
		else
			warn("%s:", path);
		return false;
	}
	close(fd);
	return true;
}

/* FILE as the setting wants it: from the root, a colon as %:, and a % that stands alone doubled. */
static char *
escape_file(const char *file)
{
	char folder[PATH_MAX] = "";
	char *escaped = malloc(2 * (strlen(file) + sizeof folder) + 1);
	char *to = escaped;

	if (!escaped || (*file != '/' && !getcwd(folder, sizeof folder))) {
		free(escaped);
		return NULL;
	}
	for (const char *from = folder; *from; from++) {
		if (*from == ':' || *from == '%')
			*to++ = '%';
		*to++ = *from;
	}
	if (*file != '/')
		*to++ = '/';
	for (; *file; file++) {
		bool pair = file[0] == '%' && (file[1] == 'p' || file[1] == '%');

		if (pair)
			*to++ = *file++;
		else if (*file == ':' || *file == '%')
			*to++ = '%';
		*to++ = *file;
	}
	*to = '\0';
	return escaped;
}

char *
outfile_prepare(const char *file)
{
	char *escaped;

	file = strcmp(file, "-") == 0 ? "/dev/stdout" : file;
	escaped = escape_file(file);
	if (!escaped) {
		warn("%s:", file);
		return NULL;
	}
	if (names_process(file) || is_open_already(file) || empty_file(file))
		return escaped;
	free(escaped);
	return NULL;
}
