/* The traced program's memory, read without trusting its pointers. */
#include "shim/snapshot.h"

#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/fs.h>
#include <linux/uio.h>

#include "decoder/bytes.h"
#include "decoder/field.h"
#include "decoder/host.h"
#include "shim/files.h"
#include "shim/settings.h"
#include "shim/sys.h"

enum {
	PAGE = 4096, /* no page is smaller: where reading fails, it fails at a multiple of this */
	PIECES = 3,  /* CALL_ATTR_MAX bytes touch two pages; a path of PATH_MAX too */
	FIRST_READ = NEWEST /* one call is enough for every attr that a header of today makes */
};

static size_t
piece_length(uint64_t address, size_t size)
{
	size_t left = PAGE - (size_t)(address % PAGE);

	return left < size ? left : size;
}

/* One piece a page, since a transfer stops at the piece that fails. */
static long
read_by_kernel(int pid, uint64_t address, void *to, size_t size)
{
	struct iovec local = {to, size};
	struct iovec remote[PIECES];
	unsigned long pieces = 0;

	for (size_t done = 0; done < size; pieces++) {
		size_t length = piece_length(address + done, size - done);

		remote[pieces] = (struct iovec){(void *)(uintptr_t)(address + done), length};
		done += length;
	}
	return sys6(__NR_process_vm_readv, pid, &local, 1, remote, pieces, 0);
}

/*
 * rt_sigprocmask copies the set before it looks at `how`: EFAULT tells that these 8 bytes cannot be
 * read, EINVAL that they can, and nothing is changed.
 */
static bool
page_readable(uint64_t address)
{
	enum {
		NO_SUCH_HOW = 0x7fff
	};

	return sys4(__NR_rt_sigprocmask, NO_SUCH_HOW, address, 0, 8) != -EFAULT;
}

/* For who may not use process_vm_readv: yama, seccomp, or a kernel without it. */
static size_t
read_by_probing(uint64_t address, char *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t length = piece_length(address + done, size - done);
		uint64_t page_end = (address + done) / PAGE * PAGE + PAGE;

		if (!page_readable(page_end - 8))
			break;
		bytes_copy(to + done, (const void *)(uintptr_t)(address + done), length);
		done += length;
	}
	return done;
}

static long
go_to(long fd, uint64_t address)
{
#ifdef __NR__llseek
	uint64_t place;

	return sys5(__NR__llseek, fd, (uint32_t)(address >> 32), (uint32_t)address, &place,
		SEEK_SET);
#else
	return sys3(__NR_lseek, fd, address, SEEK_SET);
#endif
}

static bool forced;

bool
memory_forced(void)
{
	return forced;
}

/* The same for another process. */
static size_t
read_by_file(int pid, uint64_t address, void *to, size_t size)
{
	char path[ROOT_MAX + 32], number[NUMBER_NAME_MAX];
	long fd = file_open(AT_FDCWD, path_join(path, sizeof path,
		PATH(settings_get()->procfs, "/", number_name(number, pid), "/mem")));
	long got = -EBADF;

	if (SYS_FAILED(fd))
		return 0;
	if (!SYS_FAILED(go_to(fd, address)))
		got = sys3(__NR_read, fd, to, size);
	sys1(__NR_close, fd);
	forced = true;
	return SYS_FAILED(got) ? 0 : (size_t)got;
}

size_t
memory_read(int pid, uint64_t address, void *to, size_t size)
{
	long result;

	if (address > UINTPTR_MAX - size)
		return 0;
	result = read_by_kernel(pid, address, to, size);
	if (!SYS_FAILED(result))
		return (size_t)result;
	if (result == -EFAULT)
		return 0;
	return pid == (int)sys0(__NR_getpid) ? read_by_probing(address, to, size)
					     : read_by_file(pid, address, to, size);
}

/* Keeps what the size asks for, and says where the attr was if that is not all there. */
static void
settle(struct call *call, uint64_t address, size_t got)
{
	size_t wanted = call_attr_wanted(call_attr_size(call));

	call->readable = (uint16_t)(got < wanted ? got : wanted);
	call->attr_addr = got < wanted ? address : 0;
}

void
snapshot_take(struct call *call, int pid, uint64_t address, unsigned char *attr)
{
	size_t got = memory_read(pid, address, attr, FIRST_READ);

	call->attr = attr;
	call->readable = (uint16_t)got;
	if (got == FIRST_READ && call_attr_wanted(call_attr_size(call)) > got)
		got += memory_read(pid, address + got, attr + got,
			call_attr_wanted(call_attr_size(call)) - got);
	settle(call, address, got);
}

void
snapshot_none(struct call *call, uint64_t address)
{
	call->readable = 0;
	call->attr_addr = address;
}

/* Plain loads of what the size asks for; false: that is more than can be trusted to be there. */
static bool
load_attr(struct call *call, uint64_t address, unsigned char *attr, size_t trusted)
{
	const char *from = (const char *)(uintptr_t)address;
	size_t wanted;

	bytes_copy(attr, from, ATTR_HEAD);
	call->attr = attr;
	call->readable = ATTR_HEAD;
	wanted = call_attr_wanted(call_attr_size(call));
	if (wanted > trusted)
		return false;
	bytes_copy(attr, from, wanted);
	settle(call, address, wanted);
	return true;
}

bool
snapshot_on_stack(struct call *call, uint64_t address, unsigned char *attr)
{
	uint64_t frame = (uintptr_t)__builtin_frame_address(0);
	uint64_t page_end = frame / PAGE * PAGE + PAGE;

	return address >= frame && address <= page_end - ATTR_HEAD
		&& load_attr(call, address, attr, (size_t)(page_end - address));
}

void
snapshot_trust(struct call *call, uint64_t address, unsigned char *attr)
{
	load_attr(call, address, attr, CALL_ATTR_MAX);
}

uint32_t
snapshot_size(const struct call *call, int pid, uint64_t address)
{
	const struct field *size = &fields[FIELD_size];
	unsigned char bytes[4];
	uint32_t after;

	if (call->readable < ATTR_HEAD
		|| memory_read(pid, address + size->offset, bytes, sizeof bytes) != sizeof bytes)
		return 0;
	after = (uint32_t)bytes_load(bytes, sizeof bytes, arches[HOST_ARCH].order == BIG);
	return after == call_attr_size(call) ? 0 : after;
}
