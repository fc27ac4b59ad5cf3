/* The shim that one would write first, to compare ours with: every call by way of a va_list. */
#include <dlfcn.h>
#include <stdarg.h>
#include <stddef.h>

long syscall(long number, ...);

static long (*next)(long number, ...);

long
syscall(long number, ...)
{
	long given[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		given[i] = va_arg(list, long);
	va_end(list);
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, given[0], given[1], given[2], given[3], given[4], given[5]);
}
