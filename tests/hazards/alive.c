/*
 * Does to events all that can be done to them, and prints what came of each: the same with the
 * library and without it. With a step's name that step alone; with a function's and a number, that
 * function so often.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	KEPT = 4711 /* in errno, where a success leaves it */
};

static int data; /* that a breakpoint watches */

static void
say(const char *what, long result)
{
	int error = errno;

	if (result == -1)
		printf("%s: -1, errno %d\n", what, error);
	else
		printf("%s: %s, errno %s\n", what, result ? "more" : "0",
			error == KEPT ? "kept" : "CHANGED");
	errno = KEPT;
}

#define SAY(act) say(#act, (long)(act))

static int
event_open(struct perf_event_attr *attr, int group)
{
	int fd;

	attr->size = sizeof *attr;
	attr->exclude_kernel = 1;
	attr->exclude_hv = 1;
	fd = (int)syscall(SYS_perf_event_open, attr, 0, -1, group, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0) {
		perror("perf_event_open");
		exit(77);
	}
	return fd;
}

static int
software(unsigned config, int group)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = config,
		.sample_period = 100000,
		.sample_type = PERF_SAMPLE_IP,
		.disabled = 1,
	};

	return event_open(&attr, group);
}

static void
step_ioctls(void)
{
	int leader = software(PERF_COUNT_SW_CPU_CLOCK, -1);
	int sibling = software(PERF_COUNT_SW_PAGE_FAULTS, leader);
	__u64 period = 1000, id = 0;
	struct {
		__u32 ids_len, prog_cnt, ids[4];
	} query = {.ids_len = 4};

	errno = KEPT;
	SAY(ioctl(leader, PERF_EVENT_IOC_ENABLE, 0));
	SAY(ioctl(leader, PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP));
	SAY(ioctl(sibling, PERF_EVENT_IOC_RESET, 0));
	SAY(ioctl(leader, PERF_EVENT_IOC_REFRESH, 1));
	SAY(ioctl(leader, PERF_EVENT_IOC_PERIOD, &period));
	SAY(ioctl(leader, PERF_EVENT_IOC_PERIOD, NULL));
	SAY(ioctl(leader, PERF_EVENT_IOC_PERIOD, (void *)8));
	SAY(ioctl(leader, PERF_EVENT_IOC_ID, &id));
	SAY(ioctl(leader, PERF_EVENT_IOC_ID, NULL));
	SAY(ioctl(leader, PERF_EVENT_IOC_SET_FILTER, "common_pid != 0"));
	SAY(ioctl(leader, PERF_EVENT_IOC_SET_FILTER, (void *)8));
	SAY(ioctl(leader, PERF_EVENT_IOC_SET_FILTER, "\"*/ /* \\ \n ?\?/"));
	SAY(ioctl(leader, PERF_EVENT_IOC_SET_BPF, 99));
	SAY(ioctl(leader, PERF_EVENT_IOC_QUERY_BPF, &query));
	SAY(ioctl(leader, PERF_EVENT_IOC_QUERY_BPF, (void *)8));
	SAY(ioctl(leader, 0x24ff, 7));
	SAY(ioctl(leader, FIONREAD, &id));
	SAY(close(sibling));
	SAY(close(leader));
	SAY(close(leader));
}

static void
step_attr(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.bp_type = HW_BREAKPOINT_W,
		.bp_len = HW_BREAKPOINT_LEN_4,
	};
	static _Alignas(8) char large[4096];
	int fd;

	attr.bp_addr = (__u64)(unsigned long)&data;
	fd = event_open(&attr, -1);
	errno = KEPT;
	attr.disabled = 1;
	SAY(ioctl(fd, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, &attr));
	SAY(ioctl(fd, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, NULL));
	memcpy(large, &attr, sizeof attr);
	((struct perf_event_attr *)large)->size = sizeof large;
	large[sizeof large - 1] = 1;
	SAY(ioctl(fd, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, large));
	SAY(close(fd));
}

static void
step_rings(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = software(PERF_COUNT_SW_CPU_CLOCK, -1);
	int other = software(PERF_COUNT_SW_DUMMY, -1);
	struct perf_event_mmap_page *ring;

	errno = KEPT;
	SAY(ring = mmap(NULL, 5 * page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	SAY(ioctl(other, PERF_EVENT_IOC_SET_OUTPUT, fd));
	SAY(ioctl(other, PERF_EVENT_IOC_SET_OUTPUT, -1L));
	SAY(ioctl(other, PERF_EVENT_IOC_SET_OUTPUT, -1));
	SAY(ioctl(other, PERF_EVENT_IOC_SET_OUTPUT, 1));
	SAY(ioctl(fd, PERF_EVENT_IOC_PAUSE_OUTPUT, 1));
	SAY(mmap(NULL, 4 * page, PROT_READ, MAP_SHARED, other, 0));
	SAY(mmap(NULL, 3 * page, PROT_READ, MAP_SHARED, other, 0));
	SAY(mmap(NULL, 100, PROT_READ, MAP_PRIVATE, other, 0));
	ring->aux_offset = 5 * page;
	ring->aux_size = 16 * page;
	SAY(mmap(NULL, 16 * page, PROT_READ, MAP_SHARED, fd, 5 * (off_t)page));
	SAY(munmap(ring, 5 * page));
	SAY(close(other));
	SAY(close(fd));
}

static void
step_fds(void)
{
	int fd = software(PERF_COUNT_SW_DUMMY, -1);
	int copy;

	errno = KEPT;
	SAY(fcntl(fd, F_GETFL));
	SAY(fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC));
	SAY(fcntl(fd, F_GETFD));
	SAY(fcntl(fd, F_SETFD, 0));
	SAY(fcntl(fd, F_SETOWN, getpid()));
	SAY(fcntl(fd, F_SETSIG, SIGIO));
	SAY(fcntl(fd, F_GETLK, NULL));
	SAY(copy = dup(fd));
	SAY(ioctl(copy, PERF_EVENT_IOC_RESET, 0));
	SAY(dup2(copy, 100));
	SAY(dup3(copy, 101, O_CLOEXEC));
	SAY(dup3(copy, copy, 0));
	SAY(fcntl(fd, F_DUPFD_CLOEXEC, 200));
	SAY(close(fd));
	SAY(ioctl(200, PERF_EVENT_IOC_RESET, 0));
	SAY(close(copy));
	SAY(close(100));
	SAY(close(101));
	SAY(close(200));
	SAY(prctl(PR_TASK_PERF_EVENTS_DISABLE));
	SAY(prctl(PR_TASK_PERF_EVENTS_ENABLE));
	SAY(prctl(PR_GET_DUMPABLE));
}

static void *
act(void *fd)
{
	errno = KEPT;
	SAY(ioctl(*(int *)fd, PERF_EVENT_IOC_RESET, 0));
	return NULL;
}

static void
step_tasks(void)
{
	int fd = software(PERF_COUNT_SW_DUMMY, -1);
	pthread_t thread;
	pid_t child;

	errno = KEPT;
	pthread_create(&thread, NULL, act, &fd);
	pthread_join(thread, NULL);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		SAY(ioctl(fd, PERF_EVENT_IOC_ENABLE, 0));
		SAY(close(fd));
		SAY(close(fd));
		exit(0);
	}
	waitpid(child, NULL, 0);
	child = vfork();
	if (child == 0) {
		close(fd);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	errno = KEPT;
	SAY(ioctl(fd, PERF_EVENT_IOC_DISABLE, 0));
	SAY(close(fd));
}

/* A file takes an event's place behind our back, by a way that nobody sees. */
static void
step_reuse(void)
{
	int fd = software(PERF_COUNT_SW_DUMMY, -1);
	int file;

	syscall(SYS_close, fd);
	file = open("/dev/null", O_RDWR);
	printf("the file has %s number\n", file == fd ? "the same" : "another");
	errno = KEPT;
	SAY(fcntl(file, F_GETFL));
	SAY(ioctl(file, PERF_EVENT_IOC_ENABLE, 0));
	SAY(close(file));
}

static volatile sig_atomic_t handled;
static int handled_fd;

static void
handle(int number)
{
	int error = errno;

	(void)number;
	ioctl(handled_fd, PERF_EVENT_IOC_REFRESH, 1);
	handled++;
	errno = error;
}

/* The usual handler of a counter's overflow, on the smallest of stacks. */
static void
step_signal(void)
{
	static char stack[2048 + 8192];
	stack_t small = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK | SA_RESTART};

	handled_fd = software(PERF_COUNT_SW_CPU_CLOCK, -1);
	sigaltstack(&small, NULL);
	sigaction(SIGIO, &action, NULL);
	fcntl(handled_fd, F_SETFL, O_ASYNC);
	fcntl(handled_fd, F_SETOWN, getpid());
	errno = KEPT;
	ioctl(handled_fd, PERF_EVENT_IOC_REFRESH, 1);
	for (int i = 0; i < 10; i++)
		raise(SIGIO);
	printf("%s, errno %s\n", handled >= 10 ? "handled" : "NOT handled",
		errno == KEPT ? "kept" : "CHANGED");
	close(handled_fd);
}

/* What is no event's: so many times what a function does with an fd that is none. */
static void
pass(const char *function, long times)
{
	for (; times > 0; times--) {
		if (*function == 'c')
			close(-1);
		else if (*function == 'd')
			dup(-1);
		else if (*function == 'f')
			fcntl(-1, F_GETFL);
		else if (*function == 'i')
			ioctl(-1, 0, 0);
		else
			mmap(NULL, 0, 0, 0, -1, 0);
	}
}

static const struct {
	const char *name;
	void (*step)(void);
} steps[] = {
	{"ioctls", step_ioctls},
	{"attr", step_attr},
	{"rings", step_rings},
	{"fds", step_fds},
	{"tasks", step_tasks},
	{"reuse", step_reuse},
	{"signal", step_signal},
};

int
main(int argc, char **argv)
{
	if (argc == 3)
		pass(argv[1], atol(argv[2]));
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (argc < 2 || strcmp(argv[1], steps[i].name) == 0)
			steps[i].step();
	return 0;
}
