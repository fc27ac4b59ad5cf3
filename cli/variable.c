/* Variables of the environment that hold several values. */
#include "cli/variable.h"

#include <stdio.h>

#include "cli/command.h"

char *
variable_join(const char *values, const char *value)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", values ? values : "", values && *values ? ":" : "", value)
		< 0)
		command_no_memory();
	return joined;
}
