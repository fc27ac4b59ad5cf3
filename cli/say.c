/* What the tool says to its user on standard error. */
#include "cli/say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is on its way to standard output was found before, and is read before. */
static void
say(const char *format, va_list arguments)
{
	int error = errno;
	size_t length = strlen(format);

	fflush(stdout);
	flockfile(stderr);
	fputs("peodump: ", stderr);
	vfprintf(stderr, format, arguments);
	if (length && format[length - 1] == ':')
		fprintf(stderr, " %s", strerror(error));
	putc('\n', stderr);
	funlockfile(stderr);
}

void
warn(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
}

void
die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(format, arguments);
	va_end(arguments);
	exit(2);
}
