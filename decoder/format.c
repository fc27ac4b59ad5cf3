/* The public face of the decoder: a peodump_call through the walk. */
#include "decoder/peodump.h"

#include "decoder/bytes.h"
#include "decoder/decode.h"
#include "decoder/host.h"

static unsigned
arch_find(const char *name)
{
	unsigned id = 0;

	if (!name)
		return HOST_ARCH;
	while (id < ARCHES && !text_equal(arches[id].name, name))
		id++;
	return id;
}

static const char *
known(const char *text)
{
	return text ? text : "";
}

static void
call_from(struct call *call, const struct peodump_call *from)
{
	call_clear(call);
	call->number = from->number;
	call->caller_pid = from->caller_pid;
	call->caller_tid = from->caller_tid;
	call->comm = known(from->comm);
	call->kernel = known(from->kernel);
	call->pmu = known(from->pmu);
	call->tracepoint = known(from->tracepoint);
	call->probe = known(from->probe);
	call->size_after = from->size_after;
	call->pid = from->pid;
	call->cpu = from->cpu;
	call->group_fd = from->group_fd;
	call->flags = from->flags;
	call->fd = from->fd;
	call->error = from->error;
}

/* As much of the attr as its size asks for. */
static void
attr_from(struct call *call, const struct peodump_call *from)
{
	size_t wanted;

	call->attr = from->attr;
	call->readable =
		(uint16_t)(from->readable < CALL_ATTR_MAX ? from->readable : CALL_ATTR_MAX);
	wanted = call_attr_wanted(call_attr_size(call));
	if (call->readable > wanted)
		call->readable = (uint16_t)wanted;
	if (call->readable < wanted)
		call->attr_addr = (uintptr_t)from->attr;
}

size_t
peodump_format(char *text, size_t size, const struct peodump_call *from, enum peodump_form form)
{
	struct buf out = {.text = text, .size = size ? size - 1 : 0};
	struct call call;
	unsigned arch = arch_find(from->arch);

	if (arch == ARCHES)
		return 0;
	call_from(&call, from);
	call.arch = (uint8_t)arch;
	attr_from(&call, from);
	call_decode(&out, &call, form == PEODUMP_JSON ? &form_json : &form_c, SELECT_ALL);
	if (size)
		text[out.length] = '\0';
	return out.length + out.overflow;
}
