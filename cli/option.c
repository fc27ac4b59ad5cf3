/* What the options of all verbs have in common. */
#include "cli/option.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *verb;
static int trouble;

void
option_begin(const char *name, int status)
{
	verb = name;
	trouble = status;
}

void
option_unknown(void)
{
	fprintf(stderr, "Try 'peodump %s --help'.\n", verb);
	exit(trouble);
}

void
option_wrong(const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, "peodump %s: ", verb);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	putc('\n', stderr);
	option_unknown();
}

size_t
option_choice(const char *option, const char *word, const char *const *words)
{
	char list[128] = "";
	size_t length = 0;

	for (size_t i = 0; words[i]; i++) {
		if (strcmp(word, words[i]) == 0)
			return i;
		length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
			!i                     ? ""
				: words[i + 1] ? ", "
					       : " or ",
			words[i]);
	}
	option_wrong("--%s is %s, not '%s'", option, list, word);
}

uint32_t
option_call(const char *word)
{
	char *end;
	unsigned long number = strtoul(word, &end, 10);

	if (*word < '0' || *word > '9' || *end || !number || number > UINT32_MAX)
		option_wrong("--call: '%s' is no number of a call", word);
	return (uint32_t)number;
}

void
option_files(int count)
{
	if (!count && isatty(STDIN_FILENO))
		option_wrong("which FILE? (- is standard input, here a terminal)");
}

enum when_colour
option_colour(const char *when)
{
	static const char *const words[] = {[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
		NULL};

	return when ? (enum when_colour)option_choice("color", when, words) : COLOUR_ALWAYS;
}
