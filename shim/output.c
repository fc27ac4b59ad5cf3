/*
 * Where dumps go. The program owns its fds: it may close ours, or put its own file where standard
 * error was, so what an fd was when we learnt it is compared before each write.
 */
#include "shim/output.h"

#include <asm/errno.h>
#include <asm/resource.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/major.h>
#include <linux/stat.h>

#include "decoder/bytes.h"
#include "shim/settings.h"
#include "shim/since.h"
#include "shim/sys.h"

enum {
	STDERR = 2,
	HIGH_FD = 1000, /* out of the program's way, and below the usual limit of 1024 */
	MARK = 0x70656f64 /* "peod": a place where nobody's file happens to be */
};

/* An open file, known again by what it is rather than by its number. */
struct target {
	int fd;
	int32_t pid; /* whose file it is, when %p makes it another one for each process; else 0 */
	uint64_t device;
	uint64_t inode;
	uint32_t mode;
	bool memory; /* /dev/null and its kind, which are no terminals */
	bool marked; /* a file that we opened: its position is MARK, and stays it */
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
static uint32_t load_due = 1; /* not zero: see none_lost */
static bool to_inherited = true;

#ifdef __NR_fstat64
typedef struct stat64 file_status;
#define FSTAT __NR_fstat64
#else
typedef struct stat file_status;
#define FSTAT __NR_fstat
#endif

/* For kernels and filters without statx. */
static bool
identify_by_fstat(struct target *target, int fd)
{
	file_status status;

	if (SYS_FAILED(sys2(FSTAT, fd, &status)))
		return false;
	*target = (struct target){
		fd, 0, status.st_dev, status.st_ino, status.st_mode & S_IFMT,
		status.st_rdev >> 8 == MEM_MAJOR, false};
	return true;
}

/* As fstat has it (new_encode_dev). */
static uint64_t
device_of(const struct status *status)
{
	uint64_t minor = status->device_minor;

	return (minor & 0xff) | (uint64_t)status->device_major << 8 | (minor & ~0xffULL) << 12;
}

/*
 * Not asking for the times: where they were asked for, the next write takes a finer one and puts it
 * into the journal, which makes it twice as long (fill_mg_cmtime, 6.13).
 */
static bool
identify(struct target *target, int fd)
{
	const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
	struct status status;

	if (SYS_FAILED(sys5(__NR_statx, fd, "", flags, STATUS_TYPE | STATUS_INODE, &status)))
		return identify_by_fstat(target, fd);
	*target = (struct target){fd, 0, device_of(&status), status.inode,
		status.mode & S_IFMT, status.special_major == MEM_MAJOR, false};
	return true;
}

/*
 * What is appended needs no position, so the position can tell our file from whatever took its
 * number, with the cheapest of calls.
 */
static bool
mark(const struct target *target)
{
	return target->mode == S_IFREG && sys3(__NR_lseek, target->fd, MARK, SEEK_SET) == MARK;
}

static bool
still_there(const struct target *target)
{
	long place = target->marked ? sys3(__NR_lseek, target->fd, 0, SEEK_CUR) : -ENOSYS;
	struct target now;

	if (!SYS_FAILED(place))
		return place == MARK;
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

static bool
writable(int fd)
{
	long flags = sys2(__NR_fcntl, fd, F_GETFL);

	return !SYS_FAILED(flags) && (flags & O_ACCMODE) != O_RDONLY;
}

/* Once: what becomes fd 2 later is not what it was at load. */
void
output_load(void)
{
	int number;

	if (!__atomic_load_n(&load_due, __ATOMIC_ACQUIRE))
		return;
	number = inherited_number(settings_get()->out);
	identify(&standard_error, STDERR);
	to_inherited = !settings_get()->out[0] || number >= 0;
	if (number >= 0 && (!writable(number) || !identify(&inherited, number)))
		open_error = EBADF;
	__atomic_store_n(&load_due, 0, __ATOMIC_RELEASE);
}

int
output_error(void)
{
	return __atomic_load_n(&open_error, __ATOMIC_RELAXED);
}

/*
 * Out of the low numbers, which the program expects for its own files. F_DUPFD answers EINVAL
 * above RLIMIT_NOFILE; where no higher number is free, this one is the program's too.
 */
static long
move_high(int fd)
{
	long high = -EMFILE;

	for (int least = HIGH_FD; least > fd && SYS_FAILED(high); least /= 2)
		high = sys3(__NR_fcntl, fd, F_DUPFD_CLOEXEC, least);
	if (SYS_FAILED(high))
		high = sys3(__NR_fcntl, fd, F_DUPFD_CLOEXEC, fd + 1);
	sys1(__NR_close, fd);
	return high;
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
	long fd = sys4(__NR_openat, AT_FDCWD, path, flags, 0600);

	return SYS_FAILED(fd) ? fd : move_high((int)fd);
}

static bool
fresh(const struct target *target, int32_t pid)
{
	return target && target->pid == pid && still_there(target);
}

/*
 * Two threads may both have found `before` stale and opened: the first one's entry is used from
 * then on, and the other file is closed.
 */
static void
publish(struct target *opened, struct target *before)
{
	if (!__atomic_compare_exchange_n(&current, &before, opened, false, __ATOMIC_RELEASE,
		    __ATOMIC_RELAXED))
		sys1(__NR_close, opened->fd);
}

static void
open_target(struct target *before, int32_t owner, const char *path)
{
	struct target *next =
		&targets[__atomic_fetch_add(&targets_used, 1, __ATOMIC_RELAXED) % TARGETS];
	long fd = open_file(path);

	__atomic_store_n(&open_error, SYS_FAILED(fd) ? (int)-fd : 0, __ATOMIC_RELAXED);
	if (SYS_FAILED(fd))
		return;
	if (before && before->pid != owner && still_there(before))
		sys1(__NR_close, before->fd); /* the parent's, inherited */
	identify(next, (int)fd);
	next->marked = mark(next);
	next->pid = owner;
	publish(next, before);
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

/* RLIMIT_FSIZE makes a write that is too long a SIGXFSZ. */
static bool
size_limited(const struct target *target)
{
	uint64_t limit[2] = {~0ULL, ~0ULL};

	if (target->mode == S_IFREG)
		sys4(__NR_prlimit64, 0, RLIMIT_FSIZE, 0, limit);
	return limit[0] != ~0ULL;
}

/* A target that was just seen to be there. */
static void
use(struct outlet *outlet, const struct target *target)
{
	outlet->fd = target->fd;
	outlet->appends = target->marked;
	outlet->may_break = target->mode == S_IFIFO || target->mode == S_IFSOCK;
	outlet->may_stop = target->mode == S_IFCHR && !target->memory;
	outlet->may_exceed = size_limited(target);
}

static void
use_file(struct outlet *outlet, int32_t pid, char *path, size_t size)
{
	int32_t owner = file_owner(pid);
	struct target *target = __atomic_load_n(&current, __ATOMIC_ACQUIRE);

	if (!fresh(target, owner)) {
		if (settings_path(settings_get()->out, pid, path, size))
			open_target(target, owner, path);
		target = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
		if (!fresh(target, owner))
			return;
	}
	use(outlet, target);
}

static void
use_inherited(struct outlet *outlet, const struct target *target)
{
	if (still_there(target))
		use(outlet, target);
}

void
output_prepare(struct outlet *outlet, int32_t pid, char *path, size_t size)
{
	*outlet = (struct outlet){.fd = -1, .patient = true};
	output_load();
	if (!to_inherited)
		use_file(outlet, pid, path, size);
	else
		use_inherited(outlet, settings_get()->out[0] ? &inherited : &standard_error);
}

bool
output_say(const char *text, size_t length)
{
	struct outlet outlet = {.fd = -1, .patient = true};

	use_inherited(&outlet, &standard_error);
	return outlet_is_read(&outlet) && outlet_write(&outlet, text, length);
}
