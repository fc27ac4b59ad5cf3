/*
 * One record, one write, and no signal from it: the program would be killed by what it never did.
 */
#include "shim/outlet.h"

#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/fs.h>
#include <linux/uio.h>
#include <stdint.h>

#include "shim/since.h"
#include "shim/sys.h"

enum {
	PATIENCE_NS = 50000000, /* for the reader of a full non-blocking pipe */
	NOSIGNAL = 0x100        /* RWF_NOSIGNAL, 6.18; headers lag */
};

static uint32_t no_signal_missing;
static uint32_t impatient;
static uint32_t last_error;
static uint32_t torn;

/*
 * With O_APPEND the kernel takes the end for any position that it is given; a 0 is the same in
 * whichever registers an architecture passes it.
 */
static long
write_in_place(int fd, const char *text, size_t length)
{
	long result = sys6(__NR_pwrite64, fd, text, length, 0, 0, 0);
	long place;

	if (result != -EPERM && result != -ENOSYS)
		return result;
	place = sys3(__NR_lseek, fd, 0, SEEK_CUR); /* a filter that knows write alone */
	result = sys3(__NR_write, fd, text, length);
	sys3(__NR_lseek, fd, place, SEEK_SET);
	return result;
}

static long
write_plain(const struct outlet *outlet, const char *text, size_t length)
{
	return outlet->appends ? write_in_place(outlet->fd, text, length)
			       : sys3(__NR_write, outlet->fd, text, length);
}

/*
 * SIGPIPE, SIGXFSZ and SIGTTOU held back, and the one that is ours taken away. A terminal takes
 * the words of a background job that blocks SIGTTOU.
 */
static long
write_masked(const struct outlet *outlet, const char *text, size_t length)
{
	const uint64_t ours = 1ULL << (SIGPIPE - 1) | 1ULL << (SIGXFSZ - 1) | 1ULL << (SIGTTOU - 1);
	const long no_time[2] = {0, 0};
	uint64_t before, pending = 0, raised;
	long result;

	sys2(__NR_rt_sigpending, &pending, sizeof pending);
	sys4(__NR_rt_sigprocmask, SIG_BLOCK, &ours, &before, sizeof ours);
	result = write_plain(outlet, text, length);
	raised = ours & ~pending;
	if (raised && (result == -EPIPE || result == -EFBIG))
		sys4(__NR_rt_sigtimedwait, &raised, 0, no_time, sizeof raised);
	sys4(__NR_rt_sigprocmask, SIG_SETMASK, &before, 0, sizeof before);
	return result;
}

/* One system call where the kernel has it. */
static long
write_unsignalled(const struct outlet *outlet, const char *text, size_t length)
{
	const struct iovec piece = {(void *)(uintptr_t)text, length};
	long result = sys6(__NR_pwritev2, outlet->fd, &piece, 1, -1, -1, NOSIGNAL);

	if (result != -EOPNOTSUPP && result != -ENOSYS && result != -EINVAL)
		return result;
	__atomic_store_n(&no_signal_missing, 1, __ATOMIC_RELAXED);
	return write_masked(outlet, text, length);
}

static long
write_once(const struct outlet *outlet, const char *text, size_t length)
{
	bool masked = outlet->may_exceed || outlet->may_stop
		|| (outlet->may_break && __atomic_load_n(&no_signal_missing, __ATOMIC_RELAXED));

	if (masked)
		return write_masked(outlet, text, length);
	if (outlet->may_break)
		return write_unsignalled(outlet, text, length);
	return write_plain(outlet, text, length);
}

static bool
has_room(const struct outlet *outlet, long nanoseconds)
{
	const long patience[2] = {0, nanoseconds};
	struct pollfd poll = {.fd = outlet->fd, .events = POLLOUT};

	return outlet->fd >= 0 && sys5(__NR_ppoll, &poll, 1, patience, 0, 0) > 0;
}

/* Waits a moment for a full pipe's reader; not again until it has read something. */
static bool
wait_for(const struct outlet *outlet)
{
	if (!outlet->patient || __atomic_exchange_n(&impatient, 1, __ATOMIC_RELAXED))
		return false;
	return has_room(outlet, PATIENCE_NS);
}

bool
outlet_is_read(const struct outlet *outlet)
{
	bool waited = __atomic_load_n(&impatient, __ATOMIC_RELAXED);

	return has_room(outlet, waited ? 0 : PATIENCE_NS);
}

int
outlet_error(void)
{
	return (int)__atomic_load_n(&last_error, __ATOMIC_RELAXED);
}

bool
outlet_torn(void)
{
	return __atomic_load_n(&torn, __ATOMIC_RELAXED);
}

bool
outlet_write(const struct outlet *outlet, const char *text, size_t length)
{
	size_t written = 0;

	if (outlet->fd < 0)
		return false;
	while (written < length) {
		long done = write_once(outlet, text + written, length - written);

		if (done == -EINTR || (done == -EAGAIN && wait_for(outlet)))
			continue;
		if (SYS_FAILED(done)) {
			__atomic_store_n(&last_error, (uint32_t)-done, __ATOMIC_RELAXED);
			if (written)
				__atomic_store_n(&torn, 1, __ATOMIC_RELAXED);
			return false;
		}
		written += (size_t)done;
	}
	__atomic_store_n(&impatient, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&torn, 0, __ATOMIC_RELAXED);
	return true;
}
