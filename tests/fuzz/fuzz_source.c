/* Any text as C with attrs in it: what is not understood is said, and what is is a call. */
#include <stdarg.h>

#include "cli/say.h"
#include "cli/source.h"
#include "tests/fuzz/fuzz.h"

static unsigned warnings;

void
warn(const char *format, ...)
{
	check(*format, "nothing is said", "");
	warnings++;
}

void
die(const char *format, ...)
{
	check(false, "it ends the program", format);
	exit(2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[TEXT_MAX];
	struct source *source;
	struct call call;
	unsigned calls = 0;

	if (size >= sizeof text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	warnings = 0;
	source = source_open("text", text);
	for (; source_next(source, &call); calls++)
		check_settles(&call);
	check(calls || warnings, "nothing is read, and nothing said", text);
	check(source_trouble(source) == (warnings > 0), "trouble that is not said", text);
	source_close(source);
	return 0;
}
