/* The preloaded library's way on, and the whole of its entry where there is no stub. */
#include <stddef.h>

#include "shim/next.h"
#include "shim/sys.h"

#define RTLD_NEXT ((void *)-1L)

/*
 * Weak: the library names none that it needs, so that one file runs in glibc's and musl's programs.
 */
extern void *dlsym(void *handle, const char *name) __attribute__((weak));
extern int *__errno_location(void) __attribute__((weak));

struct next shim_next[] = {{.errno_location = __errno_location}};

/*
 * Here and nowhere else: a lazy dlsym crashes in signal handlers, IFUNC resolvers and allocators
 * that call us.
 */
__attribute__((constructor)) static void
find_next(void)
{
	void *next = dlsym ? dlsym(RTLD_NEXT, "syscall") : NULL;

	__builtin_memcpy(&shim_next->call, &next, sizeof next);
}

#if !defined __x86_64__ && !defined __i386__ && !defined __aarch64__ && !defined __riscv

#include <stdarg.h>

static long
next_call(long number, const long arguments[6])
{
	if (!shim_next->call)
		find_next();
	return shim_next->call(number, arguments[0], arguments[1], arguments[2], arguments[3],
		arguments[4], arguments[5]);
}

#ifdef SYS_SEEN

long
sys_call(long number, long a, long b, long c, long d, long e, long f)
{
	const long arguments[6] = {a, b, c, d, e, f};
	int *error = next_errno(shim_next);
	int before = error ? *error : 0;
	long result = next_call(number, arguments);

	if (result == -1 && error)
		result = -*error;
	if (error)
		*error = before;
	return result;
}

#endif

__attribute__((visibility("default"))) long
syscall(long number, ...)
{
	long arguments[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	if ((int)number != __NR_perf_event_open)
		return next_call(number, arguments);
	return shim_perf_event_open(shim_next, arguments[0], arguments[1], arguments[2],
		arguments[3], (unsigned long)arguments[4]);
}

#endif
