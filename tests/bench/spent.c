/*
 * Runs a command and prints what it spent: seconds of CPU, KiB of memory at most, and pages touched
 * first. Small itself, since a child counts what its parent had.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage usage;
	int status;

	(void)argc;
	if (fork() == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (wait3(&status, 0, &usage) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return 1;
	printf("%.6f %ld %ld\n",
		(double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
			+ (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
		usage.ru_maxrss, usage.ru_minflt);
	return 0;
}
