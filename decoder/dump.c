/*
 * perf_event_open_dump(): the one file of the decoder that allocates and asks the system, outside
 * its pure part.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "decoder/peodump.h"

/*
 * attr.size stands behind attr.type in every release; 0 means 64 (perf_copy_attr). After E2BIG it
 * is the kernel's own size, which the caller's struct need not have.
 */
static size_t
size_of(const struct perf_event_attr *attr, int error)
{
	uint32_t head[2];

	memcpy(head, attr, sizeof head);
	if (error == E2BIG)
		return 64;
	return head[1] < 64 ? 64 : head[1];
}

char *
perf_event_open_dump(const struct perf_event_attr *attr, int pid, int cpu, int group_fd,
	unsigned long flags, int fd)
{
	int error = errno;
	char comm[16] = "";
	struct utsname kernel = {0};
	struct peodump_call call = {
		.attr = attr,
		.readable = size_of(attr, fd < 0 ? error : 0),
		.pid = pid,
		.cpu = cpu,
		.group_fd = group_fd,
		.flags = flags,
		.fd = fd,
		.error = fd < 0 ? error : 0,
		.caller_pid = getpid(),
		.caller_tid = (int32_t)syscall(SYS_gettid),
		.comm = comm,
		.kernel = kernel.release,
	};
	size_t length;
	char *text;

	prctl(PR_GET_NAME, comm);
	uname(&kernel);
	length = peodump_format(NULL, 0, &call, PEODUMP_C);
	text = malloc(length + 1);
	if (!text)
		return NULL;
	peodump_format(text, length + 1, &call, PEODUMP_C);
	errno = error;
	return text;
}
