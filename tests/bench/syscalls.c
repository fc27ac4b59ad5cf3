/* What is counted and timed: N hundred system calls that are not ours, through syscall(). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/clock.h"

static void
call(void *unused)
{
	(void)unused;
	syscall(SYS_getppid);
}

int
main(int argc, char **argv)
{
	printf("%.1f\n", clock_steps(call, NULL, argc > 1 ? atol(argv[1]) : 100));
	return 0;
}
