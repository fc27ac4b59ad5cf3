/*
 * What a tracer has to follow: a program that calls perf_event_open in each way there is, and
 * threads, forks and stops meanwhile. Each argument is a step.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	THREADS = 4,
	TURNS = 25,
	CANNOT = 77,
	HEIRLOOM = 9 /* an fd */
};

static char *self, **rest; /* this program, and with which arguments it is to go on */

static void
must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static struct perf_event_attr
dummy(void)
{
	return (struct perf_event_attr){.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER5,
		.config = PERF_COUNT_SW_DUMMY,
		.exclude_kernel = 1};
}

static void
call(void)
{
	struct perf_event_attr attr = dummy();
	int before = errno = 1234;
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	must(fd >= 0 && errno == before, "open");
	close((int)fd);
}

static void
call_often(void)
{
	for (int turn = 0; turn < TURNS; turn++)
		call();
}

static void
step_tells(void)
{
	for (int turn = 0; turn < TURNS; turn++) {
		call();
		fputs("called\n", stderr);
	}
}

/* --- ways in --- */

static void
step_inline(void)
{
#ifdef __x86_64__
	struct perf_event_attr attr = dummy();
	register long r10 __asm__("r10") = -1;
	register long r8 __asm__("r8") = 0;
	long fd = SYS_perf_event_open;

	__asm__ volatile("syscall"
			 : "+a"(fd)
			 : "D"(&attr), "S"(0L), "d"(-1L), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	must(fd >= 0, "inline");
#else
	exit(CANNOT);
#endif
}

/* i386's way in, from a 64-bit program too: its attr has to lie low. */
static void
step_int80(void)
{
#if defined __x86_64__ || defined __i386__
	struct perf_event_attr *attr = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long fd = 336;

	must(attr != MAP_FAILED, "mmap");
	*attr = dummy();
	__asm__ volatile("int $0x80"
			 : "+a"(fd)
			 : "b"(attr), "c"(0), "d"(-1), "S"(-1), "D"(0)
			 : "memory");
	must((int)fd >= 0, "int80");
#else
	exit(CANNOT);
#endif
}

static void
step_often(void)
{
	call_often();
}

static void
step_refused(void)
{
	struct perf_event_attr attr = dummy();
	long fd;

	errno = 0;
	attr.type = PERF_TYPE_HARDWARE;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	printf("hardware: %ld %d\n", fd, errno);
	errno = 0;
	attr.size = 1;
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	printf("size 1: %ld %d, then %u\n", fd, errno, attr.size);
	errno = 0;
	fd = syscall(SYS_perf_event_open, (void *)8, 0, -1, -1, 0);
	printf("pointer: %ld %d\n", fd, errno);
}

/* --- threads and children --- */

static void *
thread(void *unused)
{
	call_often();
	return unused;
}

static void
step_threads(void)
{
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		must(!pthread_create(&threads[i], NULL, thread, NULL), "thread");
	call_often();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void
wait_for(pid_t child, int wanted)
{
	int status;

	must(waitpid(child, &status, 0) == child && status == wanted, "wait");
}

static void
step_forks(void)
{
	for (int i = 0; i < THREADS; i++) {
		pid_t child = fork();

		if (child) {
			wait_for(child, 3 << 8);
			continue;
		}
		step_threads();
		_exit(3);
	}
}

static void
step_vfork(void)
{
	pid_t child = vfork();

	if (!child) {
		call();
		execl(self, self, "often", NULL);
		_exit(1);
	}
	call();
	wait_for(child, 0);
}

static void
step_spawn(void)
{
	for (int i = 0; i < 100; i++) {
		pid_t child = fork();

		if (!child)
			_exit(0);
		wait_for(child, 0);
	}
}

static void *
executes(void *unused)
{
	call();
	execl(self, self, "often", NULL);
	return unused;
}

/* The process becomes another program by a thread that is not its first. */
static void
step_exec(void)
{
	pthread_t other;

	call();
	must(!pthread_create(&other, NULL, thread, NULL), "thread");
	pthread_join(other, NULL);
	must(!pthread_create(&other, NULL, executes, NULL), "thread");
	pause();
}

/* Threads of which each is gone when the next one calls. */
static void *
calls_once(void *unused)
{
	call();
	return unused;
}

static void
step_short(void)
{
	for (int i = 0; i < TURNS; i++) {
		pthread_t other;

		must(!pthread_create(&other, NULL, calls_once, NULL), "thread");
		pthread_join(other, NULL);
	}
}

/* A group of which the first thread knows nothing, since it has ended. */
static void *
leads_on(void *unused)
{
	struct perf_event_attr attr = dummy();
	int leader;

	usleep(100000);
	leader = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	must(syscall(SYS_perf_event_open, &attr, 0, -1, leader, 0) >= 0, "group");
	exit(unused != NULL);
}

static void
step_headless(void)
{
	pthread_t other;

	must(!pthread_create(&other, NULL, leads_on, NULL), "thread");
	pthread_exit(NULL);
}

/* What the only thread that called executes has its event, and never heard of it. */
static void *
bequeaths(void *unused)
{
	struct perf_event_attr attr = dummy();

	must(dup2((int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0), HEIRLOOM) >= 0, "dup2");
	execl(self, self, "member", NULL);
	return unused;
}

static void
step_heir(void)
{
	pthread_t other;

	must(!pthread_create(&other, NULL, bequeaths, NULL), "thread");
	pause();
}

static void
step_member(void)
{
	struct perf_event_attr attr = dummy();

	syscall(SYS_perf_event_open, &attr, 0, -1, HEIRLOOM, 0);
	attr.type = PERF_TYPE_HARDWARE;
	syscall(SYS_perf_event_open, &attr, 0, -1, HEIRLOOM, 0);
}

/* The other threads of a program that is executed are in the middle of calls that are refused. */
static void *
is_refused(void *unused)
{
	for (;;) {
		struct perf_event_attr attr = dummy();
		long fd;

		attr.type = PERF_TYPE_HARDWARE;
		fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
		if (fd >= 0)
			close((int)fd);
	}
	return unused;
}

static void *
executes_the_rest(void *unused)
{
	usleep(3000);
	execv(self, rest);
	return unused;
}

static void
step_storm(void)
{
	pthread_t other;

	must(!pthread_create(&other, NULL, is_refused, NULL), "thread");
	must(!pthread_create(&other, NULL, executes_the_rest, NULL), "thread");
	is_refused(NULL);
}

/* A child without an environment, as perf daemon starts its sessions. */
static void
step_bare(void)
{
	pid_t child = fork();

	if (!child) {
		execle(self, self, "often", NULL, (char *[]){NULL});
		_exit(1);
	}
	wait_for(child, 0);
}

/* From now on a system call is answered by a filter of the program's own. */
static void
filter_call(unsigned number, unsigned action)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = {.len = sizeof steps / sizeof *steps, .filter = steps};

	must(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	must(!prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "filter");
}

/* Its own filter refuses the call; whoever wants to attach finds it stopped before. */
static void
step_sandboxed(void)
{
	struct perf_event_attr attr = dummy();
	long fd;

	raise(SIGSTOP);
	filter_call(SYS_perf_event_open, SECCOMP_RET_ERRNO | ETXTBSY);
	fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	printf("sandboxed: %ld %d\n", fd, errno);
}

/* A call that its own filter leaves to a tracer of its own, of which there is none. */
static void
step_untraced(void)
{
	filter_call(SYS_getppid, SECCOMP_RET_TRACE);
	printf("untraced: %ld\n", syscall(SYS_getppid));
}

/* --- signals and stops --- */

static volatile sig_atomic_t handled;

static void
handler(int signal)
{
	(void)signal;
	handled++;
	call();
}

static void
step_timer(void)
{
	const struct itimerval often = {{0, 700}, {0, 700}}, never = {{0, 0}, {0, 0}};
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int turn = 0; turn < 20 * TURNS; turn++)
		call();
	setitimer(ITIMER_REAL, &never, NULL);
	must(handled > 0, "timer");
}

/* A child that stops itself is seen to be stopped, and goes on when it is told to. */
static void
step_stops(void)
{
	pid_t child = fork();
	int status;

	if (!child) {
		call();
		raise(SIGSTOP);
		call();
		_exit(4);
	}
	must(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)
			&& WSTOPSIG(status) == SIGSTOP, "stop");
	must(kill(child, SIGCONT) == 0, "cont");
	wait_for(child, 4 << 8);
}

/* Children that are killed whatever they do at that moment. */
static void
step_killed(void)
{
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		if (!child) {
			pthread_t other;

			pthread_create(&other, NULL, thread, NULL);
			for (;;)
				call();
		}
		usleep((useconds_t)(300 * i));
		kill(child, SIGKILL);
		wait_for(child, SIGKILL);
	}
}

/* --- for who comes later --- */

static void *
ticks(void *unused)
{
	for (int tick = 0; tick < 2000; tick++) {
		pid_t child;

		call();
		usleep(1000);
		child = tick % 50 ? -1 : fork();
		if (!child) {
			call();
			_exit(0);
		}
		if (child > 0)
			wait_for(child, 0);
	}
	return unused;
}

/* Two threads that call for two seconds, and then a word. */
static void
step_ticks(void)
{
	pthread_t other;

	must(!pthread_create(&other, NULL, ticks, NULL), "thread");
	ticks(NULL);
	pthread_join(other, NULL);
	puts("ticked");
}

/* For two seconds there is always a thread that has just started. */
static void
step_starts(void)
{
	for (time_t end = time(NULL) + 2; time(NULL) < end;)
		step_short();
}

/* How often a wait that nothing ends but a signal, of which there is none, ends too soon. */
static void
step_waits(void)
{
	int disturbed = 0, queue = epoll_create1(0);
	struct epoll_event event;

	for (int turn = 0; turn < TURNS; turn++)
		disturbed += epoll_wait(queue, &event, 1, 100) < 0;
	printf("disturbed %d times\n", disturbed);
}

static void
step_sleep(void)
{
	sleep(60);
}

static const struct step {
	const char *name;
	void (*run)(void);
} steps[] = {{"inline", step_inline}, {"int80", step_int80}, {"often", step_often},
	{"refused", step_refused}, {"threads", step_threads}, {"forks", step_forks},
	{"vfork", step_vfork}, {"spawn", step_spawn}, {"exec", step_exec}, {"bare", step_bare},
	{"timer", step_timer}, {"stops", step_stops}, {"killed", step_killed},
	{"ticks", step_ticks}, {"sleep", step_sleep}, {"short", step_short},
	{"headless", step_headless}, {"heir", step_heir}, {"member", step_member}, {"storm", step_storm}, {"sandboxed", step_sandboxed},
	{"untraced", step_untraced},
	{"starts", step_starts}, {"tells", step_tells}, {"waits", step_waits}};

int
main(int argc, char **argv)
{
	self = argv[0];
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int at = 1; at < argc; at++) {
		size_t step = 0;

		while (step < sizeof steps / sizeof *steps && strcmp(steps[step].name, argv[at]))
			step++;
		must(step < sizeof steps / sizeof *steps, argv[at]);
		argv[at] = self;
		rest = argv + at;
		steps[step].run();
	}
	return 0;
}
