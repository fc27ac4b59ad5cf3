/*
 * Where dumps go. The program owns its fds: it may close ours, or put its own file where standard
 * error was, so what an fd was when we learnt it is compared before each write.
 */
#include "shim/output.h"

#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/uio.h>

#include "decoder/bytes.h"
#include "shim/settings.h"
#include "shim/sys.h"

enum {
	STDERR = 2,
	PATIENCE_NS = 50000000, /* for the reader of a full non-blocking pipe */
	HIGH_FD = 1000,         /* out of the program's way, and below the usual limit of 1024 */
	RWF_NOSIGNAL_ = 0x100   /* 6.18; headers lag */
};

/* An open file, known again by what it is rather than by its number. */
struct target {
	int fd;
	int32_t pid; /* whose file it is, when %p makes it another one for each process; else 0 */
	uint64_t device;
	uint64_t inode;
	uint32_t mode;
};

enum {
	TARGETS = 64
};

/*
 * Entries are written before they are published in `current`, and then never changed while they may
 * be read.
 */
static struct target targets[TARGETS];
static uint32_t targets_used;
static struct target *current;
static struct target standard_error = {.fd = -1};
static struct target inherited = {.fd = -1}; /* out=/dev/stdout and its like */
static int open_error;
static bool no_signal_missing;
static bool impatient;

#ifdef __NR_fstat64
typedef struct stat64 file_status;
#define FSTAT __NR_fstat64
#else
typedef struct stat file_status;
#define FSTAT __NR_fstat
#endif

static bool
identify(struct target *target, int fd)
{
	file_status status;

	if (SYS_FAILED(sys2(FSTAT, fd, &status)))
		return false;
	*target = (struct target){fd, 0, status.st_dev, status.st_ino, status.st_mode & S_IFMT};
	return true;
}

static bool
still_there(const struct target *target)
{
	struct target now;

	return target->fd >= 0 && identify(&now, target->fd) && now.device == target->device
		&& now.inode == target->inode && now.mode == target->mode;
}

/* What stands behind the prefix; NULL: another path. */
static const char *
behind(const char *path, const char *prefix)
{
	size_t length = text_length(prefix);

	return text_length(path) > length && bytes_equal(path, prefix, length) ? path + length
									       : NULL;
}

/*
 * The N of /dev/fd/N, or of a name that leads there; -1: another file. Opening one would make a
 * second description of it.
 */
static int
inherited_number(const char *path)
{
	const char *digits = behind(path, "/dev/fd/");
	int number = 0;

	if (text_equal(path, "/dev/stdout"))
		return 1;
	if (text_equal(path, "/dev/stderr"))
		return STDERR;
	if (!digits)
		digits = behind(path, "/proc/self/fd/");
	if (!digits || text_length(digits) > 6)
		return -1;
	for (; *digits >= '0' && *digits <= '9'; digits++)
		number = number * 10 + (*digits - '0');
	return *digits ? -1 : number;
}

void
output_load(void)
{
	int number = inherited_number(settings_get()->out);

	if (standard_error.fd < 0)
		identify(&standard_error, STDERR);
	if (number >= 0 && inherited.fd < 0)
		identify(&inherited, number);
}

int
output_error(void)
{
	return __atomic_load_n(&open_error, __ATOMIC_RELAXED);
}

/* F_DUPFD answers EINVAL above RLIMIT_NOFILE. */
static int
move_high(int fd)
{
	for (int least = HIGH_FD; least > fd; least /= 2) {
		long high = sys3(__NR_fcntl, fd, F_DUPFD_CLOEXEC, least);

		if (SYS_FAILED(high))
			continue;
		sys1(__NR_close, fd);
		return (int)high;
	}
	return fd;
}

/*
 * O_NONBLOCK: a FIFO without a reader must not stop the program. O_APPEND: the kernel puts writers
 * one after another.
 */
static long
open_file(const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
		| O_NONBLOCK;

	return sys4(__NR_openat, AT_FDCWD, path, flags, 0600);
}

static bool
fresh(const struct target *target, int32_t pid)
{
	return target && target->pid == pid && still_there(target);
}

/*
 * Two threads may both have opened: the first one's entry is used from then on, and the other file
 * is closed.
 */
static void
publish(struct target *opened, struct target *before)
{
	if (!__atomic_compare_exchange_n(&current, &before, opened, false, __ATOMIC_RELEASE,
		    __ATOMIC_RELAXED))
		sys1(__NR_close, opened->fd);
}

static void
open_target(int32_t owner, const char *path)
{
	struct target *before = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
	struct target *next =
		&targets[__atomic_fetch_add(&targets_used, 1, __ATOMIC_RELAXED) % TARGETS];
	long fd = open_file(path);

	__atomic_store_n(&open_error, SYS_FAILED(fd) ? (int)-fd : 0, __ATOMIC_RELAXED);
	if (SYS_FAILED(fd))
		return;
	if (before && before->pid != owner && still_there(before))
		sys1(__NR_close, before->fd); /* the parent's, inherited */
	identify(next, move_high((int)fd));
	next->pid = owner;
	publish(next, before);
}

static bool
to_file(void)
{
	return settings_get()->out[0] && inherited.fd < 0;
}

/* Whose file the path of `out` means: everybody's, unless it holds the pid. */
static int32_t
file_owner(int32_t pid)
{
	for (const char *at = settings_get()->out; *at; at++)
		if (*at == '%' && *++at == 'p')
			return pid;
	return 0;
}

void
output_prepare(int32_t pid, char *path, size_t size)
{
	if (!to_file() || fresh(__atomic_load_n(&current, __ATOMIC_ACQUIRE), file_owner(pid)))
		return;
	if (settings_path(settings_get()->out, pid, path, size))
		open_target(file_owner(pid), path);
}

/* SIGPIPE held back, and taken away if it is ours: a broken pipe would kill the program. */
static long
write_masked(int fd, const char *text, size_t length)
{
	const uint64_t pipe = 1 << (SIGPIPE - 1);
	const long no_time[2] = {0, 0};
	uint64_t before, pending = 0;
	long result;

	sys2(__NR_rt_sigpending, &pending, sizeof pending);
	sys4(__NR_rt_sigprocmask, SIG_BLOCK, &pipe, &before, sizeof pipe);
	result = sys3(__NR_write, fd, text, length);
	if (result == -EPIPE && !(pending & pipe))
		sys4(__NR_rt_sigtimedwait, &pipe, 0, no_time, sizeof pipe);
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
	return result;
}

static long
write_once(const struct target *target, const char *text, size_t length)
{
	const struct iovec piece = {(void *)(uintptr_t)text, length};
	long result;

	if (target->mode != S_IFIFO && target->mode != S_IFSOCK)
		return sys3(__NR_write, target->fd, text, length);
	if (!no_signal_missing) {
		result = sys6(__NR_pwritev2, target->fd, &piece, 1, -1, -1, RWF_NOSIGNAL_);
		if (result != -EOPNOTSUPP && result != -ENOSYS && result != -EINVAL)
			return result;
		no_signal_missing = true;
	}
	return write_masked(target->fd, text, length);
}

/* Waits a moment for a full pipe's reader; not again until it has read something. */
static bool
wait_for(const struct target *target)
{
	const long patience[2] = {0, PATIENCE_NS};
	struct pollfd poll = {.fd = target->fd, .events = POLLOUT};

	if (__atomic_exchange_n(&impatient, true, __ATOMIC_RELAXED))
		return false;
	return sys5(__NR_ppoll, &poll, 1, patience, 0, 0) > 0;
}

static bool
write_all(const struct target *target, const char *text, size_t length)
{
	while (length) {
		long done = write_once(target, text, length);

		if (done == -EINTR || (done == -EAGAIN && wait_for(target)))
			continue;
		if (SYS_FAILED(done))
			return false;
		text += done;
		length -= (size_t)done;
	}
	__atomic_store_n(&impatient, false, __ATOMIC_RELAXED);
	return true;
}

bool
output_write(int32_t pid, const char *text, size_t length)
{
	const struct target *target = __atomic_load_n(&current, __ATOMIC_ACQUIRE);

	if (!to_file())
		target = inherited.fd >= 0 ? &inherited : &standard_error;
	else if (!target || target->pid != file_owner(pid))
		return false;
	return still_there(target) && write_all(target, text, length);
}

bool
output_say(const char *text, size_t length)
{
	return still_there(&standard_error) && write_all(&standard_error, text, length);
}

bool
output_trust(const char *text, size_t length)
{
	return !SYS_FAILED(sys3(__NR_write, STDERR, text, length));
}
