/* Calls of our own that open the program's event once more, changed. */
#include "shim/reopen.h"

#include <linux/fcntl.h>

#include "decoder/buf.h"
#include "shim/files.h"
#include "shim/sys.h"

void
attr_store(const struct call *call, unsigned char *attr, enum field_id id, uint64_t value)
{
	if (field_present(&fields[id], call_attr_held(call)))
		field_store(&fields[id], attr, call->arch, value);
}

static long
open_here(void *with, const struct call *call, const unsigned char *attr)
{
	(void)with;
	return sys5(__NR_perf_event_open, attr, call->pid, call->cpu, call->group_fd, call->flags);
}

static void
close_here(void *with, long fd)
{
	(void)with;
	sys1(__NR_close, fd);
}

struct opener
opener_here(void)
{
	return (struct opener){open_here, close_here, NULL};
}

bool
machine_has_pmu(const struct call *call)
{
	char path[sizeof "/sys/bus/event_source/devices//type" + CALL_NAME_MAX];
	char type[16], wanted[16];
	struct buf number = {.text = wanted, .size = sizeof wanted - 1};

	path_join(path, sizeof path, PATH("/sys/bus/event_source/devices/", call->pmu, "/type"));
	buf_decimal(&number, attr_value(call, FIELD_type));
	wanted[number.length] = '\0';
	return file_read(AT_FDCWD, path, type, sizeof type) && text_equal(type, wanted);
}
