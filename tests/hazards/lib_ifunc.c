/* A library whose IFUNC resolver calls syscall() while others are not relocated. */
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef void function(void);

static long parent, fd = -1;

/* Not through the PLT: that is relocated after the resolver has run. */
static long (*volatile call)(long, ...) = syscall;

static void
chosen(void)
{
}

__attribute__((used)) static function *
resolve(void)
{
	parent = call(SYS_getppid);
#ifdef OPEN
	fd = call(SYS_perf_event_open, &(struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1,
	}, 0, -1, -1, 0UL);
#endif
	return chosen;
}

static void choice(void) __attribute__((ifunc("resolve")));

__attribute__((constructor)) static void
say(void)
{
	choice();
	dprintf(STDOUT_FILENO, "the resolver got parent %d, fd %ld\n", parent == getppid(), fd);
}
