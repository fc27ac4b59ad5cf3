/* A traced process: its events, and the dumps that it gets. */
#include "cli/process.h"

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/say.h"
#include "shim/output.h"
#include "shim/settings.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* 5.3, on every architecture; headers lag */
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438 /* 5.6 */
#endif

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL
#endif

static uint64_t newest; /* id of an event that was seen */

static int
copy_fd(int pidfd, int fd)
{
	return pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
}

/* Of a process whose first thread has ended another thread still has the fds (6.9). */
static int
copy_fd_of_thread(pid_t tid, int fd)
{
	int pidfd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
	int copy = copy_fd(pidfd, fd);

	if (pidfd >= 0)
		close(pidfd);
	return copy;
}

uint64_t
process_event_id(struct process *process, pid_t tid, int fd)
{
	uint64_t id;
	int copy;

	if (fd < 0)
		return 0;
	if (!process->pidfd)
		process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
	copy = copy_fd(process->pidfd, fd);
	if (copy < 0 && tid != process->pid)
		copy = copy_fd_of_thread(tid, fd);
	if (copy < 0)
		return 0;
	id = event_id(copy);
	close(copy);
	newest = id > newest ? id : newest;
	return id;
}

void
process_event(struct process *process, pid_t tid, int fd, struct opened *opened)
{
	uint64_t id = process_event_id(process, tid, fd);

	opened_find(opened, id <= process->forgets ? 0 : id);
}

void
process_restart(struct process *process)
{
	process->calls = 0;
	process->forgets = newest;
}

static int
last_error(void)
{
	return outlet_error() ? outlet_error() : output_error();
}

void
process_end(struct process *process)
{
	if (process->lost)
		warn("%u %s of process %d %s lost: %s", process->lost,
			process->lost == 1 ? "dump" : "dumps", (int)process->pid,
			process->lost == 1 ? "was" : "were", strerror(last_error()));
	if (process->pidfd > 0)
		close(process->pidfd);
}

/* A file that cannot be opened is said once: nothing else is lost than the dumps. */
static void
check_output(void)
{
	static bool said;

	if (output_error() && !said)
		warn("cannot open %s: %s; the dumps are lost until it can be opened",
			settings_get()->out, strerror(output_error()));
	said |= output_error() != 0;
}

static struct outlet outlet = {.fd = -1};

/* Nobody else has this process's fds and limits: what was found for the last record holds. */
static void
prepare(pid_t pid, char *path, size_t size)
{
	static pid_t last;

	if (outlet.fd >= 0 && last == pid)
		return;
	output_prepare(&outlet, pid, path, size);
	last = pid;
	check_output();
}

struct buf
record_begin(struct process *process)
{
	static char text[RECORD_MAX];
	struct buf record = {.text = text, .size = sizeof text};

	prepare(process->pid, text, sizeof text);
	if (outlet_torn())
		buf_char(&record, '\n');
	return record;
}

bool
record_end(struct process *process, const struct buf *record)
{
	if (!record->overflow && outlet_write(&outlet, record->text, record->length))
		return true;
	process->lost++;
	return false;
}

bool
record_shared(void)
{
	return !outlet.appends;
}
