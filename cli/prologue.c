/* What stands above the calls in a program that makes them. */
#include "cli/prologue.h"

#include <stdio.h>

#include "tables/tables.h"

enum {
	HEADER_SIZE = VER5 /* of the struct in the oldest headers that the program compiles with */
};

/* A piece of the program that stands there if any of its calls needs it. */
struct piece {
	enum need need;
	const char *text;
};

static const struct piece includes[] = {
	{NEEDS, "#include <errno.h>\n"},
	{NEED_FCNTL, "#include <fcntl.h>\n"},
	{NEED_LIMITS, "#include <limits.h>\n"},
	{NEED_BREAKPOINT, "#include <linux/hw_breakpoint.h>\n"},
	{NEEDS, "#include <linux/perf_event.h>\n"},
	{NEED_SIGNAL, "#include <signal.h>\n"},
	{NEEDS, "#include <stdio.h>\n"},
	{NEED_TASK, "#include <stdlib.h>\n"},
	{NEEDS, "#include <string.h>\n"},
	{NEED_IOCTL, "#include <sys/ioctl.h>\n"},
	{NEED_MMAN, "#include <sys/mman.h>\n"},
	{NEED_PRCTL, "#include <sys/prctl.h>\n"},
	{NEED_FDS, "#include <sys/resource.h>\n"},
	{NEEDS, "#include <sys/syscall.h>\n"},
	{NEED_CLOCK, "#include <time.h>\n"},
	{NEEDS, "#include <unistd.h>\n"},
};

static const struct piece functions[] = {
	{NEEDS,
		"static int expected; /* errno of the next call in the dump; 0: it succeeded */\n"
		"static int failed;   /* whether one did that had succeeded: the exit status */\n"
		"\n"
		"/*\n"
		" * Makes a call, and says so if it fails. The result is then -2, which as a "
		"group_fd is\n"
		" * refused, where -1 would quietly make the event its own leader.\n"
		" */\n"
		"static int\n"
		"event_open(int call, void *attr, pid_t pid, int cpu, int group_fd, unsigned long "
		"flags)\n"
		"{\n"
		"	int result = (int)syscall(SYS_perf_event_open, attr, pid, cpu, group_fd, "
		"flags);\n"
		"	int error = errno, before = expected;\n"
		"\n"
		"	expected = 0;\n"
		"	if (result >= 0)\n"
		"		return result;\n"
		"	fprintf(stderr, \"call %d: %s\", call, strerror(error));\n"
		"	if (before == error)\n"
		"		fprintf(stderr, \", as in the dump\");\n"
		"	else if (before)\n"
		"		fprintf(stderr, \"; in the dump: %s\", strerror(before));\n"
		"	fprintf(stderr, \"\\n\");\n"
		"	failed |= !before;\n"
		"	return -2;\n"
		"}\n"},
	{NEED_PMU,
		"\n/* A PMU's type is handed out at boot; one that is not there has the last type. "
		"*/\n"
		"static __u32\n"
		"pmu_type(const char *name)\n"
		"{\n"
		"	char path[512];\n"
		"	unsigned type = -1u;\n"
		"	FILE *file;\n"
		"\n"
		"	snprintf(path, sizeof path, \"/sys/bus/event_source/devices/%s/type\", "
		"name);\n"
		"	file = fopen(path, \"r\");\n"
		"	if (!file || fscanf(file, \"%u\", &type) != 1)\n"
		"		fprintf(stderr, \"%s: there is no such PMU here\\n\", path);\n"
		"	if (file)\n"
		"		fclose(file);\n"
		"	return type;\n"
		"}\n"},
	{NEED_TRACEPOINT,
		"\n/* A tracepoint's id, by its name SYSTEM:EVENT; one that is not there has the "
		"last id. */\n"
		"static __u64\n"
		"tracepoint_id(const char *name)\n"
		"{\n"
		"	static const char *const roots[] = {\"/sys/kernel/tracing\", "
		"\"/sys/kernel/debug/tracing\"};\n"
		"	int system = (int)strcspn(name, \":\");\n"
		"	unsigned long long id = -1ull;\n"
		"	FILE *file = NULL;\n"
		"	char path[1024];\n"
		"\n"
		"	for (int i = 0; i < 2 && !file; i++) {\n"
		"		snprintf(path, sizeof path, \"%s/events/%.*s/%s/id\", roots[i], "
		"system, name,\n"
		"			name + system + 1);\n"
		"		file = fopen(path, \"r\");\n"
		"	}\n"
		"	if (!file || fscanf(file, \"%llu\", &id) != 1)\n"
		"		fprintf(stderr, \"%s: no such tracepoint, or no right to read "
		"tracefs\\n\", name);\n"
		"	if (file)\n"
		"		fclose(file);\n"
		"	return id;\n"
		"}\n"},
	{NEED_BITS,
		"\n/*\n"
		" * Sets bits of a word, counted from where compilers put the first bit-field: "
		"bits that\n"
		" * <linux/perf_event.h> may be too old to have a name for.\n"
		" */\n"
		"static void\n"
		"set_bits(struct event *event, size_t offset, unsigned long long bits)\n"
		"{\n"
		"	unsigned char *byte = (unsigned char *)event + offset;\n"
		"\n"
		"	for (unsigned bit = 0; bit < 64; bit++) {\n"
		"		unsigned place = bit % 8;\n"
		"\n"
		"		if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)\n"
		"			place = 7 - place;\n"
		"		if (bits >> bit & 1)\n"
		"			byte[bit / 8] |= (unsigned char)(1u << place);\n"
		"	}\n"
		"}\n"},
	{NEED_EDGE,
		"\n/* The first bytes of an attr at the end of what can be read, as in the dump: "
		"the rest faults. */\n"
		"static void *\n"
		"at_edge(const struct event *event, size_t readable)\n"
		"{\n"
		"	size_t page = (size_t)sysconf(_SC_PAGESIZE);\n"
		"	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | "
		"MAP_ANONYMOUS,\n"
		"		-1, 0);\n"
		"\n"
		"	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE))\n"
		"		return NULL;\n"
		"	return memcpy(pages + page - readable, event, readable);\n"
		"}\n"},
	{NEED_TASK,
		"\n/*\n"
		" * Processes that only wait, in the places of those that the calls of the dump "
		"watched: watch\n"
		" * your own instead. They end with this program, which alone holds the pipe's "
		"other end.\n"
		" */\n"
		"static void\n"
		"start_tasks(void)\n"
		"{\n"
		"	int ends[2];\n"
		"	char byte;\n"
		"\n"
		"	if (pipe(ends)) {\n"
		"		perror(\"pipe\");\n"
		"		exit(1);\n"
		"	}\n"
		"	for (size_t i = 0; i < sizeof task / sizeof *task; i++) {\n"
		"		task[i] = fork();\n"
		"		if (task[i] < 0) {\n"
		"			perror(\"fork\");\n"
		"			exit(1);\n"
		"		}\n"
		"		if (task[i] == 0) {\n"
		"			close(ends[1]);\n"
		"			_exit((int)read(ends[0], &byte, 1));\n"
		"		}\n"
		"	}\n"
		"	close(ends[0]);\n"
		"}\n"},
	{NEED_FDS,
		"\n/* As many fds as are allowed, since by default few are. */\n"
		"static void\n"
		"raise_limit(void)\n"
		"{\n"
		"	struct rlimit limit;\n"
		"\n"
		"	if (getrlimit(RLIMIT_NOFILE, &limit))\n"
		"		return;\n"
		"	limit.rlim_cur = limit.rlim_max;\n"
		"	setrlimit(RLIMIT_NOFILE, &limit);\n"
		"}\n"},
	{NEED_CHECK,
		"\n/* Says so if what was done with an event failed, and had not in the dump. */\n"
		"static void\n"
		"check(int call, const char *what, long result)\n"
		"{\n"
		"	int error = errno, before = expected;\n"
		"\n"
		"	expected = 0;\n"
		"	if (result != -1 || error == before)\n"
		"		return;\n"
		"	fprintf(stderr, \"call %d, %s: %s\\n\", call, what, strerror(error));\n"
		"	failed |= !before;\n"
		"}\n"},
	{NEED_CLOSE,
		"\nstatic void\n"
		"event_close(int call)\n"
		"{\n"
		"	check(call, \"close\", close(fd[call]));\n"
		"	fd[call] = -1;\n"
		"}\n"},
	{NEED_RING,
		"\n/* Maps an event's ring: a page that says how far it is filled, and pages of "
		"data. With an offset,\n"
		" * an AUX area, which that page is told of first. */\n"
		"static void\n"
		"ring_map(int call, size_t length, int prot, int flags, size_t offset)\n"
		"{\n"
		"	struct perf_event_mmap_page *control = ring[call].control;\n"
		"	void *map;\n"
		"\n"
		"	if (offset && control) {\n"
		"		control->aux_offset = offset;\n"
		"		control->aux_size = length;\n"
		"	}\n"
		"	map = mmap(NULL, length, prot, flags, fd[call], (off_t)offset);\n"
		"	check(call, \"mmap\", map == MAP_FAILED ? -1 : 0);\n"
		"	if (map == MAP_FAILED || offset)\n"
		"		return;\n"
		"	ring[call].control = map;\n"
		"	ring[call].data = (char *)map + page;\n"
		"	ring[call].size = length - page;\n"
		"	ring[call].writable = prot & PROT_WRITE;\n"
		"}\n"},
	{NEED_READ,
		"\n/* Goes over what came since the last time, and gives its room back. */\n"
		"static void\n"
		"ring_read(int call)\n"
		"{\n"
		"	struct perf_event_mmap_page *control = ring[call].control;\n"
		"	__u64 head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);\n"
		"	__u64 tail = control->data_tail;\n"
		"	unsigned long samples = 0, others = 0;\n"
		"\n"
		"	while (ring[call].writable && tail < head) {\n"
		"		struct perf_event_header *record =\n"
		"			(void *)(ring[call].data + tail % ring[call].size);\n"
		"\n"
		"		samples += record->type == PERF_RECORD_SAMPLE;\n"
		"		others += record->type != PERF_RECORD_SAMPLE;\n"
		"		tail += record->size;\n"
		"	}\n"
		"	printf(\"call %d: %lu samples and %lu other records in %llu bytes\\n\",\n"
		"		call, samples, others, (unsigned long long)(head - "
		"control->data_tail));\n"
		"	if (ring[call].writable)\n"
		"		__atomic_store_n(&control->data_tail, tail, __ATOMIC_RELEASE);\n"
		"}\n"
		"\n/* The count, and what else read_format asks for. */\n"
		"static void\n"
		"count_read(int call)\n"
		"{\n"
		"	__u64 words[64];\n"
		"	ssize_t length = read(fd[call], words, sizeof words);\n"
		"\n"
		"	if (length <= 0)\n"
		"		return;\n"
		"	printf(\"call %d:\", call);\n"
		"	for (size_t i = 0; i < (size_t)length / sizeof *words; i++)\n"
		"		printf(\" %llu\", (unsigned long long)words[i]);\n"
		"	printf(\"\\n\");\n"
		"}\n"
		"\nstatic void\n"
		"events_read(void)\n"
		"{\n"
		"	for (int call = 1; call < (int)(sizeof fd / sizeof *fd); call++) {\n"
		"		if (fd[call] > 0 && ring[call].control)\n"
		"			ring_read(call);\n"
		"		else if (fd[call] > 0)\n"
		"			count_read(call);\n"
		"	}\n"
		"}\n"},
};

static void
write_pieces(const struct prologue *prologue, const struct piece *piece, size_t count)
{
	for (const struct piece *end = piece + count; piece < end; piece++)
		if (piece->need == NEEDS || prologue->needs[piece->need])
			fputs(piece->text, stdout);
}

/* The bytes behind the oldest header's struct, whole words of them. */
static size_t
room(const struct prologue *prologue)
{
	return prologue->size > HEADER_SIZE ? (prologue->size - HEADER_SIZE + 15) / 8 * 8 : 8;
}

void
prologue_write(const struct prologue *prologue)
{
	printf("/* %s calls of perf_event_open that %s made, made again in the same order%s. */\n"
	       "#define _GNU_SOURCE\n",
		prologue->some ? "Some of the" : "The", prologue->title,
		prologue->acts ? ", with what it did then" : "");
	write_pieces(prologue, includes, COUNT_OF(includes));
	printf("\n/* The attrs of these calls may be longer than the one of <linux/perf_event.h>. "
	       "*/\n"
	       "struct event {\n"
	       "	struct perf_event_attr attr;\n"
	       "	unsigned char room[%zu];\n"
	       "};\n\n"
	       "static int fd[%lu]; /* results, by the number of the call, which counts from 1 "
	       "*/\n",
		room(prologue), prologue->calls + 1);
	if (prologue->acts)
		printf("static struct {\n"
		       "	struct perf_event_mmap_page *control; /* NULL: not mapped */\n"
		       "	char *data;\n"
		       "	size_t size;\n"
		       "	int writable;\n"
		       "} ring[%lu]; /* by the number of the call, too */\n",
			prologue->calls + 1);
	if (prologue->needs[NEED_RING])
		fputs("static size_t page;\n", stdout);
	if (prologue->copies)
		printf("static int copy[%lu]; /* further fds of events */\n", prologue->copies + 1);
	if (prologue->tasks)
		printf("static pid_t task[%lu];\n", prologue->tasks);
	putchar('\n');
	write_pieces(prologue, functions, COUNT_OF(functions));
	fputs("\nint\nmain(void)\n{\n", stdout);
	if (prologue->needs[NEED_FDS])
		fputs("	raise_limit();\n", stdout);
	if (prologue->needs[NEED_TASK])
		fputs("	start_tasks();\n", stdout);
	if (prologue->needs[NEED_RING])
		fputs("	page = (size_t)sysconf(_SC_PAGESIZE);\n", stdout);
	if (prologue->needs[NEED_FDS] || prologue->needs[NEED_TASK] || prologue->needs[NEED_RING])
		putchar('\n');
}
