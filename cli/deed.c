/* What a traced thread does with an event. */
#include "cli/deed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "decoder/act_text.h"
#include "shim/act.h"
#include "shim/settings.h"

enum {
	MMAP2_UNIT = 4096 /* of its offset, whatever the size of a page */
};

struct deed {
	struct actor actor; /* first, so that what is asked for it finds the deed */
	struct act act;
	struct process *process;
	struct traced traced;
	struct act_room room;
	struct names_room names;
	struct call attr;
	uint32_t programs[2 + ACT_PROGRAMS_MAX];
	char comm[CALL_COMM_MAX];
	char text[ACT_TEXT_MAX];
	unsigned char bytes[CALL_ATTR_MAX];
};

/* Most fds are no events, and a link tells so sooner than a copy of the fd. */
static uint64_t
id_of_event(const struct actor *actor, int fd)
{
	static const char event[] = "anon_inode:[perf_event]";
	const struct deed *deed = (const struct deed *)actor;
	char path[48], file[sizeof event];
	struct opened opened;
	ssize_t length;

	snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)actor->pid, fd);
	length = readlink(path, file, sizeof file);
	if (length != sizeof event - 1 || memcmp(file, event, sizeof event - 1) != 0)
		return 0;
	process_event(deed->process, actor->tid, fd, &opened);
	return opened.number ? opened.id : 0;
}

struct deed *
deed_begin(struct process *process, pid_t tid, int comm, const struct sight *sight,
	const struct stop *entry)
{
	struct deed *deed = malloc(sizeof *deed);
	uint64_t passed[ACT_ARGUMENTS];

	if (!deed)
		command_no_memory();
	deed->process = process;
	deed->room = (struct act_room){deed->text, deed->programs, &deed->attr, deed->bytes,
		&deed->names};
	snprintf(deed->traced.folder, sizeof deed->traced.folder, "%d", (int)process->pid);
	tracee_read_comm(comm, deed->comm);
	deed->actor = (struct actor){
		.pid = process->pid,
		.tid = tid,
		.comm = deed->comm,
		.arch = (uint8_t)sight->arch,
		.page = (uint32_t)sysconf(_SC_PAGESIZE),
		.traced = &deed->traced,
		.event_id = id_of_event,
	};
	memcpy(passed, entry->arguments, sizeof passed);
	if (sight->function == FUNCTION_mmap && sight->arch == ARCH_i386)
		passed[5] *= MMAP2_UNIT;
	if (act_begin(&deed->act, &deed->actor, sight->function, passed, &deed->room))
		return deed;
	free(deed);
	return NULL;
}

void
deed_end(struct deed *deed, int64_t result)
{
	const struct settings *settings = settings_get();
	struct buf record = record_begin(deed->process);
	bool failed = result < 0 && result > -4096;

	act_end(&deed->act, &deed->actor, failed ? -1 : result, failed ? (int32_t)-result : 0,
		&deed->room);
	if (settings->form == &form_json)
		act_json(&record, &deed->act, settings->selection);
	else
		act_c(&record, &deed->act, settings->selection);
	record_end(deed->process, &record);
	free(deed);
}

void
deed_drop(struct deed *deed)
{
	free(deed);
}
