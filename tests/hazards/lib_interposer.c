/* Another library that interposes syscall(): counts what passes, and says so at the end. */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static int opens, others;

long
syscall(long number, ...)
{
	long (*next)(long, ...);
	long word[6];
	va_list list;

	*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	va_start(list, number);
	for (int i = 0; i < 6; i++)
		word[i] = va_arg(list, long);
	va_end(list);
	*(number == SYS_perf_event_open ? &opens : &others) += 1;
	return next(number, word[0], word[1], word[2], word[3], word[4], word[5]);
}

__attribute__((destructor)) static void
say(void)
{
	dprintf(STDOUT_FILENO, "the other saw %d opens and %d other calls\n", opens, others);
}
