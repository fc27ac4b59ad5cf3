/* A thread that is stopped under ptrace. */
#include "cli/tracee.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"

/* What happened while a thread was made to make a call. */
struct news {
	pid_t tid;
	int status;
	struct news *next;
};

static struct news *first, **last = &first;

bool
tracee_look(pid_t tid, struct stop *stop)
{
	struct __ptrace_syscall_info info;

	errno = 0;
	if (ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) < 0) {
		errno = errno == EIO ? ENOSYS : errno;
		return false;
	}
	stop->audit = info.arch;
	stop->end = info.op == PTRACE_SYSCALL_INFO_EXIT;
	if (stop->end) {
		stop->result = info.exit.rval;
		return true;
	}
	/* entry and seccomp have these at the same place */
	stop->number = info.seccomp.nr;
	for (int i = 0; i < 6; i++)
		stop->arguments[i] = info.seccomp.args[i];
	return info.op != PTRACE_SYSCALL_INFO_NONE;
}

void
tracee_read_comm(int file, char comm[CALL_COMM_MAX])
{
	ssize_t length = pread(file, comm, CALL_COMM_MAX, 0);

	comm[length > 0 ? length - 1 : 0] = '\0'; /* for the newline */
}

pid_t
tracee_number(pid_t tid, const char *key)
{
	char path[32], line[128];
	size_t length = strlen(key);
	pid_t number = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)tid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof line, file))
		if (strncmp(line, key, length) == 0 && line[length] == ':')
			number = atoi(line + length + 1);
	if (file)
		fclose(file);
	return number;
}

bool
tracee_write(pid_t tid, uint64_t address, const void *from, size_t size)
{
	char path[32];
	ssize_t written;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)tid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = pwrite(fd, from, size, (off_t)address);
	close(fd);
	return written == (ssize_t)size;
}

bool
tracee_gone(pid_t tid)
{
	char path[32], name;
	int before = errno;
	bool gone;

	snprintf(path, sizeof path, "/proc/%d/exe", (int)tid);
	gone = readlink(path, &name, 1) < 0 && (errno == ENOENT || errno == ESRCH);
	errno = before;
	return gone;
}

bool
tracee_waits(void)
{
	const int any = WEXITED | WSTOPPED | WNOHANG | WNOWAIT | __WALL;
	siginfo_t info = {0};

	return first || (waitid(P_ALL, 0, &info, any) == 0 && info.si_pid);
}

pid_t
tracee_wait(int *status)
{
	struct news *news = first;
	pid_t tid;

	if (!news)
		return waitpid(-1, status, __WALL);
	tid = news->tid;
	*status = news->status;
	first = news->next;
	if (!first)
		last = &first;
	free(news);
	return tid;
}

#if defined __x86_64__

enum {
	I386_CLOSE = 6
};

bool
tracee_callable(enum arch_id arch)
{
	return arch == ARCH_x86_64 || arch == ARCH_x32 || arch == ARCH_i386;
}

static void
set_arguments(struct user_regs_struct *regs, enum arch_id arch, const uint64_t given[6])
{
	bool narrow = arch == ARCH_i386;
	__typeof__(regs->rbx) *const places[6] = {
		narrow ? &regs->rbx : &regs->rdi,
		narrow ? &regs->rcx : &regs->rsi,
		&regs->rdx,
		narrow ? &regs->rsi : &regs->r10,
		narrow ? &regs->rdi : &regs->r8,
		narrow ? &regs->rbp : &regs->r9,
	};

	for (int i = 0; i < 6; i++)
		*places[i] = given[i];
}

/* syscall or int $0x80, two bytes each; behind vdso's sysenter there is an int too. */
static bool
enter_again(pid_t tid, struct user_regs_struct *regs)
{
	long word;

	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, tid, regs->rip - 2, 0);
	regs->rip -= 2;
	return !errno && ((word & 0xffff) == 0x050f || (word & 0xffff) == 0x80cd);
}

static void
keep(pid_t tid, int status)
{
	struct news *news = malloc(sizeof *news);

	if (!news)
		command_no_memory();
	*news = (struct news){tid, status, NULL};
	*last = news;
	last = &news->next;
}

/*
 * False: it ended, or is another program by now. That is kept for tracee_wait(), and so is what
 * others do: a process whose threads nobody waits for does not end, nor become another program.
 */
static bool
wait_for_stop(pid_t tid, int *status)
{
	pid_t other = 0;

	while (other != tid) {
		other = waitpid(-1, status, __WALL);
		if (other < 0 && errno != EINTR)
			return false;
		if (other == tid && WIFSTOPPED(*status) && *status >> 16 != PTRACE_EVENT_EXEC)
			return true;
		if (other > 0)
			keep(other, *status);
	}
	return false;
}

/*
 * On to the end of the call that was begun: it stops for its entry, and for the filter if it is one
 * that is watched. Signals are held back, but for SIGKILL and SIGSTOP. A thread that is to stop
 * with its process does so afterwards, if that is still stopped then.
 */
static bool
run_call(pid_t tid)
{
	bool stopped = false, end = false;
	int status, signal = 0;
	struct stop stop;

	while (!end) {
		if (ptrace(PTRACE_SYSCALL, tid, 0, signal) < 0 || !wait_for_stop(tid, &status))
			return false;
		signal = WSTOPSIG(status) == SIGSTOP && status >> 16 == 0 ? SIGSTOP : 0;
		stopped |= status >> 16 == PTRACE_EVENT_STOP;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			end = tracee_look(tid, &stop) && stop.end;
	}
	if (stopped)
		ptrace(PTRACE_INTERRUPT, tid, 0, 0);
	return true;
}

long
tracee_call(pid_t tid, enum arch_id arch, uint64_t number, const uint64_t given[6])
{
	const uint64_t all = ~0ULL;
	struct user_regs_struct before, regs;
	long result = -ENOTSUP;
	uint64_t blocked;

	if (ptrace(PTRACE_GETREGS, tid, 0, &before) < 0)
		return -ESRCH;
	regs = before;
	if (!enter_again(tid, &regs))
		return -ENOTSUP;
	regs.rax = number;
	regs.orig_rax = ~0ULL; /* no call is to be restarted */
	set_arguments(&regs, arch, given);
	if (ptrace(PTRACE_GETSIGMASK, tid, sizeof blocked, &blocked) < 0
		|| ptrace(PTRACE_SETSIGMASK, tid, sizeof all, &all) < 0
		|| ptrace(PTRACE_SETREGS, tid, 0, &regs) < 0)
		return -ESRCH;
	if (!run_call(tid))
		return -ESRCH;
	if (ptrace(PTRACE_GETREGS, tid, 0, &regs) == 0)
		result = arch == ARCH_i386 ? (int32_t)regs.rax : (long)regs.rax;
	ptrace(PTRACE_SETREGS, tid, 0, &before);
	ptrace(PTRACE_SETSIGMASK, tid, sizeof blocked, &blocked);
	return result;
}

long
tracee_close(pid_t tid, enum arch_id arch, int fd)
{
	const uint64_t given[6] = {(uint64_t)fd};
	const uint64_t x32_bit = 0x40000000;
	uint64_t number = arch == ARCH_i386 ? I386_CLOSE : SYS_close;

	return tracee_call(tid, arch, arch == ARCH_x32 ? number | x32_bit : number, given);
}

void
tracee_answer(pid_t tid, long result)
{
	ptrace(PTRACE_POKEUSER, tid, offsetof(struct user_regs_struct, rax), result);
}

/* The result is ENOSYS until a call is made. */
void
tracee_skip(pid_t tid)
{
	ptrace(PTRACE_POKEUSER, tid, offsetof(struct user_regs_struct, orig_rax), -1L);
}

#else

bool
tracee_callable(enum arch_id arch)
{
	(void)arch;
	return false;
}

long
tracee_call(pid_t tid, enum arch_id arch, uint64_t number, const uint64_t given[6])
{
	(void)tid, (void)arch, (void)number, (void)given;
	return -ENOTSUP;
}

long
tracee_close(pid_t tid, enum arch_id arch, int fd)
{
	(void)tid, (void)arch, (void)fd;
	return -ENOTSUP;
}

void
tracee_answer(pid_t tid, long result)
{
	(void)tid, (void)result;
}

void
tracee_skip(pid_t tid)
{
	(void)tid;
}

#endif
