/*
 * What the traced program does with its events: the functions of libc that can do something to an
 * fd, of which all but those on events go straight on.
 *
 * Which event an fd is the kernel says; which fds are worth the question stands in a set of bits,
 * so that all others cost a load and a jump.
 */
#include "shim/life.h"

#include <asm/errno.h>
#include <linux/auxvec.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <stdarg.h>

#include "decoder/act_text.h"
#include "decoder/host.h"
#include "shim/act.h"
#include "shim/caller.h"
#include "shim/next.h"
#include "shim/opened.h"
#include "shim/output.h"
#include "shim/settings.h"
#include "shim/slot.h"
#include "shim/sys.h"

#define RTLD_NEXT ((void *)-1L)
#define EXPORTED __attribute__((visibility("default")))
#define SLOW __attribute__((noinline))

enum {
	FDS = 65536, /* that are looked at */
	WORD_BITS = 64
};

/*
 * mmap's last argument, which glibc has as a long. On a 32-bit stack it may be one of musl's, which
 * are longer: handed on with what stands behind it, it is right for both.
 */
#ifdef __i386__
typedef int64_t small_offset;
#else
typedef long small_offset;
#endif

extern void *dlsym(void *handle, const char *name) __attribute__((weak));
extern unsigned long getauxval(unsigned long type) __attribute__((weak));

/* Libc's, or another preload's. NULL until our constructor ran: enter the kernel ourselves. */
static struct {
	void *(*mmap)(void *, size_t, int, int, int, small_offset);
	void *(*mmap64)(void *, size_t, int, int, int, int64_t);
	int (*ioctl)(int, unsigned long, ...);
	int (*fcntl)(int, int, ...);
	int (*fcntl64)(int, int, ...);
	int (*prctl)(int, ...);
	int (*dup)(int);
	int (*dup2)(int, int);
	int (*dup3)(int, int, int);
	int (*close)(int);
} next;

static uint64_t watched[FDS / WORD_BITS];
static int32_t home; /* the process whose memory this is; a vfork child only borrows it */

static inline bool
is_watched(int fd)
{
	uint64_t word;

	if ((unsigned)fd >= FDS)
		return false;
	word = __atomic_load_n(&watched[fd / WORD_BITS], __ATOMIC_RELAXED);
	return word >> fd % WORD_BITS & 1;
}

static void
watch_fd(int fd)
{
	if ((unsigned)fd < FDS)
		__atomic_fetch_or(&watched[fd / WORD_BITS], 1ULL << fd % WORD_BITS,
			__ATOMIC_RELAXED);
}

/* A child that shares our memory has closed an fd of its own. */
static void
unwatch(int fd, int32_t pid)
{
	if ((unsigned)fd < FDS && pid == home)
		__atomic_fetch_and(&watched[fd / WORD_BITS], ~(1ULL << fd % WORD_BITS),
			__ATOMIC_RELAXED);
}

static bool
is_on(void)
{
	const struct settings *settings = settings_get();

	return settings && settings->life && !settings->safe;
}

void
life_note(const struct call *call)
{
	if (call->fd >= 0 && is_on())
		watch_fd(call->fd);
}

/* A prctl that is about events. */
static bool
is_told(int option)
{
	return command_find(FUNCTION_prctl, HOST_ARCH, (uint32_t)option) != NAMES && is_on();
}

static void
find(void *function, const char *name)
{
	void *found = dlsym ? dlsym(RTLD_NEXT, name) : NULL;

	__builtin_memcpy(function, &found, sizeof found);
}

/* Here and nowhere else, as in next.c. */
__attribute__((constructor)) static void
find_next(void)
{
	home = (int32_t)sys0(__NR_getpid);
	find(&next.mmap, "mmap");
	find(&next.mmap64, "mmap64");
	find(&next.ioctl, "ioctl");
	find(&next.fcntl, "fcntl");
	find(&next.fcntl64, "fcntl64");
	find(&next.prctl, "prctl");
	find(&next.dup, "dup");
	find(&next.dup2, "dup2");
	find(&next.dup3, "dup3");
	find(&next.close, "close");
}

static long
answer(long result)
{
	return SYS_FAILED(result) ? shim_fail(result, shim_next) : result;
}

static long
enter_mmap(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
#ifdef __NR_mmap2
	enum {
		UNIT = 4096 /* of mmap2's offset, whatever the size of a page */
	};

	if (offset < 0 || offset % UNIT)
		return shim_fail(-EINVAL, shim_next);
	return answer(sys6(__NR_mmap2, address, length, prot, flags, fd, offset / UNIT));
#elif defined __s390__
	const unsigned long passed[6] = {(uintptr_t)address, length, (unsigned)prot,
		(unsigned)flags, (unsigned)fd, (unsigned long)offset};

	return answer(sys1(__NR_mmap, passed)); /* s390_mmap_arg_struct */
#else
	return answer(sys6(__NR_mmap, address, length, prot, flags, fd, offset));
#endif
}

static long
enter_dup2(int fd, int new_fd)
{
#ifdef __NR_dup2
	return answer(sys2(__NR_dup2, fd, new_fd));
#else
	if (fd == new_fd) {
		long flags = sys2(__NR_fcntl, fd, F_GETFD);

		return SYS_FAILED(flags) ? shim_fail(flags, shim_next) : fd;
	}
	return answer(sys3(__NR_dup3, fd, new_fd, 0));
#endif
}

#ifdef __NR_fcntl64
#define FCNTL __NR_fcntl64
#else
#define FCNTL __NR_fcntl
#endif

static void *
go_mmap(void *address, size_t length, int prot, int flags, int fd, small_offset offset)
{
	if (next.mmap)
		return next.mmap(address, length, prot, flags, fd, offset);
	return (void *)enter_mmap(address, length, prot, flags, fd, (long)offset);
}

static void *
go_mmap64(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
	if (next.mmap64)
		return next.mmap64(address, length, prot, flags, fd, offset);
	return (void *)enter_mmap(address, length, prot, flags, fd, offset);
}

static int
go_ioctl(int fd, unsigned long request, unsigned long argument)
{
	if (next.ioctl)
		return next.ioctl(fd, request, argument);
	return (int)answer(sys3(__NR_ioctl, fd, request, argument));
}

static int
go_fcntl(int fd, int command, unsigned long argument)
{
	if (next.fcntl)
		return next.fcntl(fd, command, argument);
	return (int)answer(sys3(FCNTL, fd, command, argument));
}

static int
go_fcntl64(int fd, int command, unsigned long argument)
{
	if (next.fcntl64)
		return next.fcntl64(fd, command, argument);
	return (int)answer(sys3(FCNTL, fd, command, argument));
}

static int
go_prctl(int option, const unsigned long a[4])
{
	if (next.prctl)
		return next.prctl(option, a[0], a[1], a[2], a[3]);
	return (int)answer(sys5(__NR_prctl, option, a[0], a[1], a[2], a[3]));
}

static int
go_dup(int fd)
{
	return next.dup ? next.dup(fd) : (int)answer(sys1(__NR_dup, fd));
}

static int
go_dup2(int fd, int new_fd)
{
	return next.dup2 ? next.dup2(fd, new_fd) : (int)enter_dup2(fd, new_fd);
}

static int
go_dup3(int fd, int new_fd, int flags)
{
	if (next.dup3)
		return next.dup3(fd, new_fd, flags);
	return (int)answer(sys3(__NR_dup3, fd, new_fd, flags));
}

static int
go_close(int fd)
{
	return next.close ? next.close(fd) : (int)answer(sys1(__NR_close, fd));
}

static uint64_t
own_event_id(const struct actor *actor, int fd)
{
	(void)actor;
	return event_id(fd);
}

/* What the program would find in errno. */
static int32_t
error_now(void)
{
	const int *error = next_errno(shim_next);

	return error ? *error : 0;
}

static struct actor
actor_of(const struct caller *caller)
{
	return (struct actor){
		.pid = caller->pid,
		.tid = caller->tid,
		.comm = caller->comm,
		.arch = HOST_ARCH,
		.page = getauxval ? (uint32_t)getauxval(AT_PAGESZ) : 0,
		.event_id = own_event_id,
	};
}

static void
write_act(struct slot *slot, const struct act *act)
{
	const struct settings *settings = settings_get();
	struct buf out = {.text = slot->text, .size = sizeof slot->text};

	if (outlet_torn())
		buf_char(&out, '\n');
	if (settings->form == &form_json)
		act_json(&out, act, settings->selection);
	else
		act_c(&out, act, settings->selection);
	if (out.overflow || !outlet_write(&slot->outlet, out.text, out.length))
		caller_lose(slot->caller.pid, 1);
}

/* An act between its begin and its end, around the function itself. */
struct watch {
	struct slot *slot; /* NULL: nothing is to be told */
	struct actor actor;
	struct act act;
	struct act_room room;
	uint32_t programs[2 + ACT_PROGRAMS_MAX];
};

/*
 * An fd that is no event any more is not looked at again. One that is to be closed is not either:
 * once it is, another thread may open an event that gets its number.
 */
static void
forget(enum function function, int fd, int32_t pid, bool ours)
{
	if (!ours || function == FUNCTION_close)
		unwatch(fd, pid);
}

static bool
begin(struct watch *watch, enum function function, int fd,
	const uint64_t passed[ACT_ARGUMENTS])
{
	struct slot *slot = watch->slot;
	bool ours;

	watch->actor = actor_of(&slot->caller);
	watch->room = (struct act_room){slot->names.probe, watch->programs, &slot->call, slot->attr,
		&slot->names};
	ours = act_begin(&watch->act, &watch->actor, function, passed, &watch->room);
	forget(function, fd, slot->caller.pid, ours);
	if (ours)
		output_prepare(&slot->outlet, slot->caller.pid, slot->text, sizeof slot->text);
	return ours;
}

/* Before the function: what it is told. fd: the event's. */
static void
watch_begin(struct watch *watch, enum function function, int fd,
	const uint64_t passed[ACT_ARGUMENTS])
{
	struct caller caller;

	caller_ask(&caller);
	watch->slot = slot_claim(&caller, false);
	if (!watch->slot) {
		caller_lose(caller.pid, 1);
		return;
	}
	watch->slot->caller = caller;
	if (begin(watch, function, fd, passed))
		return;
	slot_release(watch->slot);
	watch->slot = NULL;
}

/* And behind it: what came of it. */
static void
watch_end(struct watch *watch, int64_t result)
{
	if (!watch->slot)
		return;
	act_end(&watch->act, &watch->actor, result, result == -1 ? error_now() : 0, &watch->room);
	if (act_duplicates(&watch->act) && result >= 0)
		watch_fd((int)result);
	write_act(watch->slot, &watch->act);
	slot_release(watch->slot);
}

static int64_t
address_of(const void *ring)
{
	return ring == (void *)-1L ? -1 : (int64_t)(uintptr_t)ring;
}

/*
 * The functions themselves. What tells is apart from what goes straight on, which so has no frame
 * to speak of.
 */

static SLOW void *
tell_mmap(void *address, size_t length, int prot, int flags, int fd, small_offset offset)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(uintptr_t)address, length, (unsigned)prot,
		(unsigned)flags, (unsigned)fd, (unsigned long)offset};
	struct watch watch;
	void *ring;

	watch_begin(&watch, FUNCTION_mmap, fd, passed);
	ring = go_mmap(address, length, prot, flags, fd, offset);
	watch_end(&watch, address_of(ring));
	return ring;
}

EXPORTED void *
mmap(void *address, size_t length, int prot, int flags, int fd, small_offset offset)
{
	if (is_watched(fd))
		return tell_mmap(address, length, prot, flags, fd, offset);
	return go_mmap(address, length, prot, flags, fd, offset);
}

static SLOW void *
tell_mmap64(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(uintptr_t)address, length, (unsigned)prot,
		(unsigned)flags, (unsigned)fd, (uint64_t)offset};
	struct watch watch;
	void *ring;

	watch_begin(&watch, FUNCTION_mmap, fd, passed);
	ring = go_mmap64(address, length, prot, flags, fd, offset);
	watch_end(&watch, address_of(ring));
	return ring;
}

EXPORTED void *
mmap64(void *address, size_t length, int prot, int flags, int fd, int64_t offset)
{
	if (is_watched(fd))
		return tell_mmap64(address, length, prot, flags, fd, offset);
	return go_mmap64(address, length, prot, flags, fd, offset);
}

static SLOW int
tell_ioctl(int fd, unsigned long request, unsigned long argument)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(unsigned)fd, request, argument};
	struct watch watch;
	int result;

	watch_begin(&watch, FUNCTION_ioctl, fd, passed);
	result = go_ioctl(fd, request, argument);
	watch_end(&watch, result);
	return result;
}

EXPORTED int
ioctl(int fd, unsigned long request, ...)
{
	unsigned long argument;
	va_list list;

	va_start(list, request);
	argument = va_arg(list, unsigned long);
	va_end(list);
	if (is_watched(fd))
		return tell_ioctl(fd, request, argument);
	return go_ioctl(fd, request, argument);
}

/* fcntl, or fcntl64: they differ in the locks of 32-bit programs. */
static SLOW int
tell_fcntl(int (*go)(int, int, unsigned long), int fd, int command, unsigned long argument)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(unsigned)fd, (unsigned)command, argument};
	struct watch watch;
	int result;

	watch_begin(&watch, FUNCTION_fcntl, fd, passed);
	result = go(fd, command, argument);
	watch_end(&watch, result);
	return result;
}

EXPORTED int
fcntl(int fd, int command, ...)
{
	unsigned long argument;
	va_list list;

	va_start(list, command);
	argument = va_arg(list, unsigned long);
	va_end(list);
	if (is_watched(fd))
		return tell_fcntl(go_fcntl, fd, command, argument);
	return go_fcntl(fd, command, argument);
}

EXPORTED int
fcntl64(int fd, int command, ...)
{
	unsigned long argument;
	va_list list;

	va_start(list, command);
	argument = va_arg(list, unsigned long);
	va_end(list);
	if (is_watched(fd))
		return tell_fcntl(go_fcntl64, fd, command, argument);
	return go_fcntl64(fd, command, argument);
}

static SLOW int
tell_prctl(int option, const unsigned long rest[4])
{
	const uint64_t passed[ACT_ARGUMENTS] = {(unsigned)option};
	struct watch watch;
	int result;

	watch_begin(&watch, FUNCTION_prctl, -1, passed);
	result = go_prctl(option, rest);
	watch_end(&watch, result);
	return result;
}

EXPORTED int
prctl(int option, ...)
{
	unsigned long rest[4];
	va_list list;

	va_start(list, option);
	for (int i = 0; i < 4; i++)
		rest[i] = va_arg(list, unsigned long);
	va_end(list);
	return is_told(option) ? tell_prctl(option, rest) : go_prctl(option, rest);
}

/* dup, or close. */
static SLOW int
tell_one(int (*go)(int), enum function function, int fd)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(unsigned)fd};
	struct watch watch;
	int result;

	watch_begin(&watch, function, fd, passed);
	result = go(fd);
	watch_end(&watch, result);
	return result;
}

EXPORTED int
dup(int fd)
{
	return is_watched(fd) ? tell_one(go_dup, FUNCTION_dup, fd) : go_dup(fd);
}

EXPORTED int
close(int fd)
{
	return is_watched(fd) ? tell_one(go_close, FUNCTION_close, fd) : go_close(fd);
}

static SLOW int
tell_dup2(int fd, int new_fd)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(unsigned)fd, (unsigned)new_fd};
	struct watch watch;
	int result;

	watch_begin(&watch, FUNCTION_dup2, fd, passed);
	result = go_dup2(fd, new_fd);
	watch_end(&watch, result);
	return result;
}

EXPORTED int
dup2(int fd, int new_fd)
{
	return is_watched(fd) ? tell_dup2(fd, new_fd) : go_dup2(fd, new_fd);
}

static SLOW int
tell_dup3(int fd, int new_fd, int flags)
{
	const uint64_t passed[ACT_ARGUMENTS] = {(unsigned)fd, (unsigned)new_fd, (unsigned)flags};
	struct watch watch;
	int result;

	watch_begin(&watch, FUNCTION_dup3, fd, passed);
	result = go_dup3(fd, new_fd, flags);
	watch_end(&watch, result);
	return result;
}

EXPORTED int
dup3(int fd, int new_fd, int flags)
{
	return is_watched(fd) ? tell_dup3(fd, new_fd, flags) : go_dup3(fd, new_fd, flags);
}
