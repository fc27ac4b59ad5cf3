/* What the library to preload and the auditing one share behind the stubs of entry.S. */
#include "shim/next.h"

#include <stddef.h>

int *
next_errno(const struct next *next)
{
	return next->errno_location ? next->errno_location() : NULL;
}

long
shim_fail(long result, const struct next *next)
{
	int *error = next_errno(next);

	if (error)
		*error = (int)-result;
	return -1;
}
