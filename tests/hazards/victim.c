/*
 * A program that does, one after the other, the awkward steps its arguments name, and says on
 * stdout what it saw. It knows nothing of the shim: run bare and preloaded, it must say the same.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PAGE = 4096,
	ROOM = 2 * PAGE,
	NOBODY = 65534,
	UNKNOWN_TYPE = 0x7fffffff,
	CANNOT = 77 /* exit status: this machine cannot do the step */
};

extern char **environ;

static const struct perf_event_attr dummy = {
	.type = PERF_TYPE_SOFTWARE,
	.size = PERF_ATTR_SIZE_VER0,
	.config = PERF_COUNT_SW_DUMMY,
	.disabled = 1,
	.exclude_kernel = 1,
};
static const struct perf_event_attr unknown = {.type = UNKNOWN_TYPE, .size = PERF_ATTR_SIZE_VER0};

static long number; /* what stands after a step's equals sign */
static volatile int finished;

/* Not stdio: steps run in sandboxes, on small stacks and after a fork. */
__attribute__((format(printf, 1, 2))) static void
say(const char *format, ...)
{
	char text[2 * PAGE + 256];
	va_list list;

	va_start(list, format);
	int length = vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (write(STDOUT_FILENO, text, (size_t)length) != length)
		_exit(CANNOT);
}

static long
perf(const void *attr)
{
	return syscall(SYS_perf_event_open, attr, 0, -1, -1, 0UL);
}

/* Says the outcome of a system call; the number is the descriptor that the program got. */
static void
tell(const char *what, long result)
{
	if (result < 0)
		say("%s: errno %d\n", what, errno);
	else
		say("%s: %ld\n", what, result);
}

/* Calls in every way that can go wrong inside; true if each was answered as it should be. */
static int
call_every_way(void)
{
	static const struct perf_event_attr tracepoint = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = 0xffff,
	};
	static const union {
		struct perf_event_attr attr;
		unsigned char bytes[PAGE];
	} newer = {.bytes = {[4] = PAGE & 0xff, [5] = PAGE >> 8, [PAGE - 1] = 1}};
	int kept = errno, right;
	long fd;

	errno = 0;
	fd = perf(&dummy);
	right = fd >= 0 && syscall(SYS_close, fd) == 0 && errno == 0;
	right &= perf(&tracepoint) == -1 && errno != 0;
	right &= perf(&unknown) == -1 && errno == ENOENT;
	right &= perf(&newer) == -1 && errno == E2BIG;
	right &= perf(NULL) == -1 && errno == EFAULT;
	errno = kept;
	return right;
}

/* --- plain calls --- */

static void
step_call(void)
{
	tell("perf_event_open", perf(&dummy));
}

static void
step_fail(void)
{
	tell("unknown type", perf(&unknown));
}

static void
step_null(void)
{
	tell("NULL", perf(NULL));
}

static void
step_many(void)
{
	for (long i = 0; i < number; i++)
		syscall(SYS_close, perf(&dummy));
}

static void
step_errno(void)
{
	errno = 77;
	say("fd %d, ", perf(&dummy) >= 0);
	say("errno %d after a success, ", errno);
	say("result %ld, ", perf(&unknown));
	say("errno %d after a failure, ", errno);
	errno = 78;
	say("pid %d, ", syscall(SYS_getppid) > 0);
	say("errno %d after another call, ", errno);
	say("result %ld, ", syscall(SYS_close, -1));
	say("errno %d after its failure\n", errno);
}

/* A caller may leave anything in the upper half of a register that passes an int. */
static void
step_garbage(void)
{
	long high = (long)(0x5a5a5a5aULL << 32), low = (long)0xffffffffUL;

	tell("garbage above the ints",
		syscall(SYS_perf_event_open, &dummy, high, high | low, high | low, 0UL));
	tell("garbage above the number",
		syscall(SYS_perf_event_open | high, &dummy, 0, -1, -1, 0UL));
}

static void
step_six(void)
{
#ifdef SYS_mmap2
	long map = SYS_mmap2, offset = 1;
#else
	long map = SYS_mmap, offset = PAGE;
#endif
	int fd = open("six", O_RDWR | O_CREAT, 0600);
	char *second;

	if (pwrite(fd, "sixth", 6, PAGE) != 6)
		exit(CANNOT);
	second = (char *)syscall(map, NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, offset);
	say("the sixth argument reached page %s\n", second);
}

static void
step_passes(void)
{
	for (long i = 0; i < number; i++)
		syscall(SYS_getppid);
}

/* --- attrs flush against an unmapped page --- */

static void *
map(size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static unsigned char *
room_end(void)
{
	static unsigned char *end;

	if (!end) {
		end = map(ROOM + PAGE);
		end += ROOM;
		munmap(end, PAGE);
	}
	return end;
}

/* Says: size, how the call ended, the size it left, and each byte it passed. */
static void
call_with_attr(unsigned char *attr, size_t readable)
{
	static const char digit[] = "0123456789abcdef";
	char hex[2 * ROOM + 1] = "";
	uint32_t before = 0, after = 0;
	long fd;

	for (size_t i = 0; i < readable; i++) {
		hex[2 * i] = digit[attr[i] >> 4];
		hex[2 * i + 1] = digit[attr[i] & 15];
	}
	if (readable >= 8)
		memcpy(&before, attr + 4, 4);
	errno = 0;
	fd = perf(attr);
	if (readable >= 8)
		memcpy(&after, attr + 4, 4);
	say("attr %u %d %u ", before, fd < 0 ? errno : 0, after);
	say("%.*s", 2 * PAGE, hex);
	say("%s\n", hex + (strlen(hex) > 2 * PAGE ? 2 * PAGE : strlen(hex)));
	if (fd >= 0)
		close((int)fd);
}

static void
call_with_size(uint32_t size, int noise)
{
	size_t readable = size == 0 ? 64 : size < 8 ? 8 : size;
	unsigned char attr[ROOM] = {0};

	memcpy(attr, &dummy, PERF_ATTR_SIZE_VER0);
	for (size_t i = 8; noise && i < readable; i++)
		attr[i] = (unsigned char)(i * 37 + 1);
	memcpy(attr + 4, &size, 4);
	memcpy(room_end() - readable, attr, readable);
	call_with_attr(room_end() - readable, readable);
}

static void
step_sizes(void)
{
	static const uint32_t sizes[] = {0, 1, 63, 64, 65, 70, 72, 80, 96, 104, 109, 112, 120, 128,
		136, 144, 152, 4096, 4100};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		call_with_size(sizes[i], 0);
		call_with_size(sizes[i], 1);
	}
}

/* An id that no tracepoint has, asked for again and again. */
static void
step_tracepoints(void)
{
	const struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT, .config = 0xfffe};

	for (long i = 0; i < number; i++)
		syscall(SYS_close, perf(&attr));
}

static void
step_pointers(void)
{
	static const size_t readable[] = {1, 3, 4, 7, 8, 9, 40, 63, 64, 100, 127};
	struct perf_event_attr attr = dummy;
	unsigned char *end = room_end();

	tell("NULL", perf(NULL));
	tell("8", perf((void *)8));
	tell("unmapped", perf(end));
	tell("kernel", perf((void *)-(intptr_t)PAGE));
	attr.size = PERF_ATTR_SIZE_VER7;
	for (size_t i = 0; i < sizeof(readable) / sizeof(*readable); i++) {
		memcpy(end - readable[i], &attr, readable[i]);
		call_with_attr(end - readable[i], readable[i]);
	}
}

/* --- the stack that the caller has --- */

static void *
thread_that_calls(void *argument)
{
	(void)argument;
	return (void *)(intptr_t)call_every_way();
}

/* Maps a stack whose lower neighbour is a page that nobody may touch. */
static void *
guarded_stack(size_t size)
{
	char *memory = map(PAGE + size);

	mprotect(memory, PAGE, PROT_NONE);
	return memory + PAGE;
}

static void
step_small_thread(void)
{
	pthread_attr_t small;
	pthread_t thread;
	void *right;

	pthread_attr_init(&small);
	pthread_attr_setstack(&small, guarded_stack(16 << 10), 16 << 10);
	if (pthread_create(&thread, &small, thread_that_calls, NULL))
		exit(CANNOT);
	pthread_join(thread, &right);
	say("a thread of 16 KiB called: %d\n", right != NULL);
}

static volatile sig_atomic_t handled;

static void
handler_that_calls(int signal)
{
	(void)signal;
	handled += call_every_way();
}

static void
handle(int signal, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(signal, &action, NULL);
}

static void
step_handler(void)
{
	handle(SIGUSR1, handler_that_calls, 0);
	raise(SIGUSR1);
	say("a handler called: %d\n", (int)handled);
}

/* 2 KiB beside what the kernel pushes, rounded up to the alignment of a stack. */
static void
step_signal_stack(void)
{
	size_t frame = getauxval(AT_MINSIGSTKSZ) ? getauxval(AT_MINSIGSTKSZ) : 1024;
	size_t size = (frame + 2048 + 63) / 64 * 64;
	char *stack = guarded_stack(ROOM);
	stack_t alternate = {.ss_sp = stack, .ss_size = size};

	/* The dynamic linker binds both functions now, on this stack, not on the small one. */
	errno = (int)syscall(SYS_getppid);
	if (sigaltstack(&alternate, NULL))
		exit(CANNOT);
	handle(SIGUSR1, handler_that_calls, SA_ONSTACK);
	raise(SIGUSR1);
	say("a handler on a small stack called: %d\n", (int)handled);
}

#ifdef __x86_64__

static void
child_on_new_stack(void)
{
	_exit(perf(&dummy) >= 0 ? 42 : 1);
}

/* The child of a raw clone returns from syscall() by the address that lies on its own stack. */
static void
step_clone(void)
{
	uintptr_t *stack = (uintptr_t *)((char *)guarded_stack(64 << 10) + (32 << 10));
	int status = 0;

	stack[0] = (uintptr_t)child_on_new_stack;
	waitpid((pid_t)syscall(SYS_clone, (long)SIGCHLD, stack, NULL, NULL, 0L), &status, 0);
	say("the clone's child exited with %d\n", WEXITSTATUS(status));
}

/* The callee's frame ends just below a read-only page that holds the caller's own locals. */
static long
call_under_locals(char *locals, long call, const void *attr)
{
	register long group_fd __asm__("r8") = -1, flags __asm__("r9") = 0;
	long result = 0, pid = 0, cpu = -1;

	__asm__ volatile("mov %%rsp, %%rbx\n\t"
		"mov %[locals], %%rsp\n\t"
		"call syscall@PLT\n\t"
		"mov %%rbx, %%rsp"
		: "+a"(result), "+D"(call), "+S"(attr), "+d"(pid), "+c"(cpu), "+r"(group_fd),
		"+r"(flags)
		: [locals] "r"(locals)
		: "rbx", "r10", "r11", "memory", "cc");
	return result;
}

static void
step_locals(void)
{
	char *locals = (char *)guarded_stack(16 * PAGE) + 15 * PAGE;

	mprotect(locals, PAGE, PROT_READ);
	say("parent %d\n", call_under_locals(locals, SYS_getppid, NULL) > 0);
	tell("perf_event_open", call_under_locals(locals, SYS_perf_event_open, &dummy));
	tell("unknown type", call_under_locals(locals, SYS_perf_event_open, &unknown));
}

static void *
thread_that_counts(void *argument)
{
	volatile long *counter = argument;
	long lost = 0;

	for (long next = *counter; !finished; next++) {
		lost += *counter != next;
		*counter = next + 1;
	}
	return (void *)lost;
}

/* The counter lies just above the callee's return address; only the other thread writes it. */
static void
step_shared_local(void)
{
	char *locals = (char *)guarded_stack(16 * PAGE) + 15 * PAGE;
	pthread_t thread;
	void *lost;

	pthread_create(&thread, NULL, thread_that_counts, locals);
	for (long i = 0; i < number; i++)
		call_under_locals(locals, SYS_getppid, NULL);
	finished = 1;
	pthread_join(thread, &lost);
	say("another thread lost %ld updates of a local\n", (long)lost);
}

#else

static void
step_clone(void)
{
	exit(CANNOT);
}

#define step_locals step_clone
#define step_shared_local step_clone

#endif

/* --- who calls, and when --- */

static void
step_fork(void)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(perf(&dummy) >= 0 ? 42 : 1);
	waitpid(child, &status, 0);
	say("the forked child exited with %d\n", WEXITSTATUS(status));
}

static void
wait_for_children(void)
{
	while (wait(NULL) > 0)
		continue;
}

/* From here on there are as many processes, and each does the steps that follow. */
static void
step_processes(void)
{
	atexit(wait_for_children);
	for (long i = 1; i < number; i++)
		if (fork() == 0)
			return;
}

static void
step_vfork(void)
{
	int status;
	pid_t child = vfork();

	if (child == 0)
		_exit(perf(&dummy) >= 0 && perf(NULL) == -1 ? 42 : 1);
	waitpid(child, &status, 0);
	say("the vforked child exited with %d\n", WEXITSTATUS(status));
}

static int cancelled_fd = -1;

static void *
thread_that_is_cancelled(void *argument)
{
	(void)argument;
	pthread_cancel(pthread_self());
	cancelled_fd = (int)perf(&dummy);
	pthread_testcancel();
	return NULL;
}

static void
step_cancel(void)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, thread_that_is_cancelled, NULL);
	pthread_join(thread, &result);
	say("cancelled %d, but not before it had descriptor %d\n", result == PTHREAD_CANCELED,
		cancelled_fd);
}

static volatile int calls, wrong;

/* A success and a failure. */
static void
call_twice(void)
{
	int kept = errno;
	long fd = perf(&dummy);
	int right = fd >= 0 && syscall(SYS_close, fd) == 0 && errno == kept;

	right &= perf(NULL) == -1 && errno == EFAULT;
	errno = kept;
	__atomic_fetch_add(&calls, 2, __ATOMIC_RELAXED);
	__atomic_fetch_add(&wrong, !right, __ATOMIC_RELAXED);
}

static void
handler_in_the_storm(int signal)
{
	(void)signal;
	call_twice();
}

static void *
thread_in_the_storm(void *argument)
{
	errno = 77;
	for (long i = 0; i < number; i++)
		call_twice();
	return errno == 77 ? NULL : argument;
}

/* Threads call, under a timer whose handler calls too. The file says how often. */
static void
step_storm(void)
{
	static const struct itimerval often = {{0, 300}, {0, 300}}, never;
	pthread_t threads[4];
	void *result;

	handle(SIGALRM, handler_in_the_storm, 0);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, thread_in_the_storm, threads);
	for (int i = 0; i < 4; i++) {
		while (pthread_join(threads[i], &result))
			continue;
		wrong += result != NULL;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	say("%d calls answered wrongly\n", wrong);
	dprintf(open("calls", O_WRONLY | O_CREAT | O_APPEND, 0600), "%d\n", calls);
}

static void *
thread_until_finished(void *argument)
{
	while (!finished)
		call_twice();
	return argument;
}

/* Threads call while their process forks, and the child does the same. The file says how often. */
static void
step_generations(void)
{
	pthread_t threads[4];
	int status = 0;
	pid_t child;

	finished = calls = 0;
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, thread_until_finished, NULL);
	usleep(1000);
	child = number-- > 0 ? fork() : -1;
	if (child == 0) {
		step_generations();
		_exit(wrong != 0);
	}
	finished = 1;
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	waitpid(child, &status, 0);
	wrong += status != 0;
	dprintf(open("calls", O_WRONLY | O_CREAT | O_APPEND, 0600), "%d\n", calls);
	say("after %ld more generations, calls answered wrongly: %d\n", number + 1, wrong);
}

static volatile int ended;

/* Of which each has a timer of its own, whose handler calls too. */
static void *
thread_under_a_timer(void *argument)
{
	const struct itimerspec often = {{0, 3000000}, {0, 3000000}}, never = {{0, 0}, {0, 0}};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN};
	timer_t timer;

#ifdef sigev_notify_thread_id
	event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
#else
	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
#endif
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		exit(CANNOT);
	timer_settime(timer, 0, &often, NULL);
	for (int turn = 0; turn < 200; turn++)
		call_twice();
	timer_settime(timer, 0, &never, NULL);
	__atomic_fetch_add(&ended, 1, __ATOMIC_RELAXED);
	return argument;
}

static void
step_timers(void)
{
	handle(SIGRTMIN, handler_that_calls, SA_RESTART);
	for (long i = 0; i < number; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, thread_under_a_timer, NULL))
			exit(CANNOT);
	}
	for (int turn = 0; turn < 100 && ended < number; turn++)
		usleep(100000);
	say("%d ended\n", ended);
}

static pthread_barrier_t start;

static void *
thread_in_the_crowd(void *argument)
{
	pthread_barrier_wait(&start);
	for (int i = 0; i < 4; i++)
		call_twice();
	return argument;
}

static void
step_crowd(void)
{
	pthread_t threads[500];
	pthread_attr_t small;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 64 << 10);
	pthread_barrier_init(&start, NULL, (unsigned)number);
	for (long i = 0; i < number; i++)
		if (pthread_create(&threads[i], &small, thread_in_the_crowd, NULL))
			exit(CANNOT);
	for (long i = 0; i < number; i++)
		pthread_join(threads[i], NULL);
	say("%d calls, %d pairs answered wrongly\n", calls, wrong);
}

/* What calls that never came back left open; programs that jump out of them clean up so. */
static void
close_left_open(void)
{
	syscall(SYS_close_range, 3U, 899U, 0U);
}

static sigjmp_buf out_of_the_call;

static void
handler_that_jumps(int signal)
{
	(void)signal;
	siglongjmp(out_of_the_call, 1);
}

static void
step_jump(void)
{
	handle(SIGALRM, handler_that_jumps, 0);
	for (volatile long i = 0; i < number; i++) {
		const struct itimerval soon = {.it_value.tv_usec = 20 + rand() % 200};

		if (sigsetjmp(out_of_the_call, 1) == 0) {
			setitimer(ITIMER_REAL, &soon, NULL);
			for (;;)
				perf(&dummy);
		}
		close_left_open();
	}
}

/* From further down the stack than any other step. */
static void
step_deep(void)
{
	volatile char room[4 * PAGE];

	room[0] = 0;
	perf(&unknown);
	room[1] = room[0];
}

static void *
thread_that_calls_for_ever(void *argument)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;)
		syscall(SYS_close, perf(&dummy));
	return argument;
}

static void
step_cancel_threads(void)
{
	pthread_t thread;
	void *result;

	for (long i = 0; i < number; i++) {
		pthread_create(&thread, NULL, thread_that_calls_for_ever, NULL);
		usleep(300);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		close_left_open();
	}
}

/* Another of our libraries, from the victim's own folder; its constructor calls. */
static const char *
calling_library(void)
{
	static char path[PAGE];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 32);

	if (length < 0)
		exit(CANNOT);
	path[length] = '\0';
	strcpy(strrchr(path, '/'), "/lib_constructor.so");
	return path;
}

#ifdef RTLD_DEEPBIND

/* Finds libc's own syscall() before that of a preload. */
static void
step_deepbind(void)
{
	say("deep: %d\n", dlopen(calling_library(), RTLD_NOW | RTLD_DEEPBIND) != NULL);
}

/* Has a libc of its own, and no preload. */
static void
step_dlmopen(void)
{
	say("apart: %d\n", dlmopen(LM_ID_NEWLM, calling_library(), RTLD_NOW) != NULL);
}

#else

static void
step_deepbind(void)
{
	say("no namespaces beside %s\n", calling_library());
	exit(CANNOT);
}

#define step_dlmopen step_deepbind

#endif

static void
step_drop(void)
{
	if (setgid(NOBODY) || setuid(NOBODY))
		exit(CANNOT);
}

/* As programs do that write their title over their arguments and environment. */
static void
step_clear_environment(void)
{
	for (char **variable = environ; *variable; variable++)
		memset(*variable, 'x', strlen(*variable));
	clearenv();
}

/* --- descriptors --- */

static void
step_open(void)
{
	int ends[2] = {-1, -1};

	tell("open", open("/dev/null", O_RDONLY));
	if (pipe(ends) == 0)
		say("pipe: %d %d\n", ends[0], ends[1]);
}

static void
step_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	for (int fd = 0; fd < (int)limit.rlim_cur; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			say("descriptor %d is open\n", fd);
}

static void
step_exec(void)
{
	execl("/proc/self/exe", "victim", "descriptors", (char *)NULL);
}

static void
step_limit(void)
{
	struct rlimit limit = {(rlim_t)number, (rlim_t)number};

	if (setrlimit(RLIMIT_NOFILE, &limit))
		exit(CANNOT);
}

/* Leaves as many descriptors free as the number says. */
static void
step_fill_table(void)
{
	int fd, last = -1;

	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	for (long i = 0; i < number; i++)
		close(last--);
}

static void
step_limit_files(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = (rlim_t)number;
	setrlimit(RLIMIT_FSIZE, &limit);
}

/* Closes everything, and puts its own data file wherever anything had been open. */
static void
step_close_everything(void)
{
	struct rlimit limit;
	char *was_open;
	int data;

	getrlimit(RLIMIT_NOFILE, &limit);
	was_open = calloc(limit.rlim_cur, 1);
	for (int fd = 3; fd < (int)limit.rlim_cur; fd++)
		was_open[fd] = fcntl(fd, F_GETFD) >= 0;
	syscall(SYS_close_range, 3U, ~0U, 0U);
	data = open("data", O_RDWR | O_CREAT, 0600);
	for (int fd = data + 1; fd < (int)limit.rlim_cur; fd++)
		if (was_open[fd])
			dup2(data, fd);
	for (int i = 0; i < 3; i++) {
		if (write(data, "the program's own bytes\n", 24) != 24)
			exit(CANNOT);
		call_every_way();
	}
	for (int fd = data + 1; fd < (int)limit.rlim_cur; fd++)
		if (was_open[fd])
			close(fd);
	free(was_open);
}

static void
step_make_room(void)
{
	tell("unlink", unlink("ballast"));
}

static void
step_mkdir(void)
{
	tell("mkdir", mkdir("later", 0700));
}

static void
step_remove(void)
{
	unlink("later/dumps");
	tell("rmdir", rmdir("later"));
}

/* --- stderr --- */

/* The number of the descriptor is 2 where stderr was closed. */
static void
step_open_words(void)
{
	tell("words", open("words", O_RDWR | O_CREAT | O_APPEND, 0600));
}

static void
step_words(void)
{
	if (write(STDERR_FILENO, "the program's own words\n", 24) < 0)
		say("stderr: errno %d\n", errno);
}

static void
step_stderr_to_file(void)
{
	int fd = open("words", O_RDWR | O_CREAT, 0600);

	dup2(fd, STDERR_FILENO);
	close(fd);
}

static int far_end;

static void
step_stderr_to_socket(void)
{
	int ends[2];

	socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
	dup2(ends[0], STDERR_FILENO);
	close(ends[0]);
	far_end = ends[1];
}

static void
step_read_socket(void)
{
	char text[PAGE];
	ssize_t length = recv(far_end, text, sizeof(text), MSG_DONTWAIT);

	say("the socket's far end got: %.*s\n", length < 0 ? 0 : (int)length, text);
}

static volatile sig_atomic_t broken_pipes;

static void
count_broken_pipes(int signal)
{
	(void)signal;
	broken_pipes++;
}

static void
step_watch_pipe(void)
{
	handle(SIGPIPE, count_broken_pipes, 0);
}

static void
step_broken_pipes(void)
{
	sigset_t pending;

	sigpending(&pending);
	say("%d SIGPIPE seen, %d pending\n", (int)broken_pipes, sigismember(&pending, SIGPIPE));
}

static void
step_fill_stderr(void)
{
	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	while (write(STDERR_FILENO, "-", 1) == 1)
		continue;
}

/* So many threads write to a standard error that nobody reads; then this one calls too. */
static void
step_stand_still(void)
{
	step_fill_stderr();
	fcntl(STDERR_FILENO, F_SETFL, 0);
	for (long i = 0; i < number; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, thread_that_calls, NULL))
			exit(CANNOT);
	}
	usleep(200000);
	for (int turn = 0; turn < 4; turn++) {
		struct timespec before, after;

		clock_gettime(CLOCK_MONOTONIC, &before);
		perf(&dummy);
		clock_gettime(CLOCK_MONOTONIC, &after);
		say("%ld ms\n", (after.tv_sec - before.tv_sec) * 1000
			+ (after.tv_nsec - before.tv_nsec) / 1000000);
	}
}

/* Standard input is the other end of standard error. */
static void
step_drain_stderr(void)
{
	char text[PAGE];

	fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
	while (read(STDIN_FILENO, text, sizeof(text)) > 0)
		for (char *letter = text; letter < text + sizeof(text); letter++)
			if (*letter != '-')
				say("stderr held a %d\n", *letter);
}

/* Lives on with all its standard descriptors closed; $(cmd) waits for whoever keeps the pipe. */
static void
step_daemon(void)
{
	if (fork())
		return;
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	sleep(60);
	_exit(0);
}

/* --- sandboxes --- */

static void
sandbox(struct sock_filter *filter, size_t length)
{
	struct sock_fprog program = {(unsigned short)length, filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		|| prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		exit(CANNOT);
}

static void
step_refuse_readv(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)number),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	sandbox(filter, sizeof(filter) / sizeof(*filter));
}

/* From here on anything but write, exit and perf_event_open kills. */
static void
step_confine(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	sandbox(filter, sizeof(filter) / sizeof(*filter));
}

/* --- endings --- */

static void
step_exit(void)
{
	exit((int)number);
}

static void
step_raise(void)
{
	raise((int)number);
}

static const struct step {
	const char *name;
	void (*run)(void);
} steps[] = {
	{"broken_pipes", step_broken_pipes},
	{"call", step_call},
	{"cancel", step_cancel},
	{"cancel_threads", step_cancel_threads},
	{"clear_environment", step_clear_environment},
	{"clone", step_clone},
	{"close_everything", step_close_everything},
	{"confine", step_confine},
	{"crowd", step_crowd},
	{"daemon", step_daemon},
	{"deep", step_deep},
	{"deepbind", step_deepbind},
	{"descriptors", step_descriptors},
	{"dlmopen", step_dlmopen},
	{"drain_stderr", step_drain_stderr},
	{"drop", step_drop},
	{"errno", step_errno},
	{"exec", step_exec},
	{"exit", step_exit},
	{"fail", step_fail},
	{"fill_stderr", step_fill_stderr},
	{"fill_table", step_fill_table},
	{"fork", step_fork},
	{"garbage", step_garbage},
	{"generations", step_generations},
	{"handler", step_handler},
	{"jump", step_jump},
	{"limit", step_limit},
	{"limit_files", step_limit_files},
	{"locals", step_locals},
	{"make_room", step_make_room},
	{"many", step_many},
	{"mkdir", step_mkdir},
	{"null", step_null},
	{"open", step_open},
	{"open_words", step_open_words},
	{"passes", step_passes},
	{"pointers", step_pointers},
	{"processes", step_processes},
	{"raise", step_raise},
	{"read_socket", step_read_socket},
	{"refuse_readv", step_refuse_readv},
	{"remove", step_remove},
	{"shared_local", step_shared_local},
	{"signal_stack", step_signal_stack},
	{"six", step_six},
	{"sizes", step_sizes},
	{"small_thread", step_small_thread},
	{"stand_still", step_stand_still},
	{"stderr_to_file", step_stderr_to_file},
	{"stderr_to_socket", step_stderr_to_socket},
	{"storm", step_storm},
	{"timers", step_timers},
	{"tracepoints", step_tracepoints},
	{"vfork", step_vfork},
	{"watch_pipe", step_watch_pipe},
	{"words", step_words},
};

static const struct step *
step_named(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (strlen(steps[i].name) == length && memcmp(steps[i].name, name, length) == 0)
			return &steps[i];
	fprintf(stderr, "victim: no step %s\n", name);
	exit(2);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		size_t length = strcspn(argv[i], "=");

		number = argv[i][length] ? strtol(argv[i] + length + 1, NULL, 0) : 0;
		step_named(argv[i], length)->run();
	}
	return 0;
}
