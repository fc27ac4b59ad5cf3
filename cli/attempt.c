/* Calls that are only thought of. */
#include "cli/attempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/release.h"
#include "cli/say.h"
#include "decoder/field.h"
#include "decoder/host.h"
#include "shim/facts.h"
#include "shim/names.h"

static const char marker[] = "/* perf_event_open ";

/* All of a file. Never NULL; freed with free(). */
static char *
read_all(FILE *file, const char *name)
{
	size_t size = 1 << 16, length = 0;
	char *text = malloc(size);

	while (text && (length += fread(text + length, 1, size - 1 - length, file)) == size - 1)
		text = realloc(text, size *= 2);
	if (!text || ferror(file))
		die("%s:", name);
	text[length] = '\0';
	return text;
}

/* The text between the first brace and its other one; false: there are none. */
static bool
find_braces(char *text, char **start, char **end)
{
	unsigned depth = 0;

	*start = strchr(text, '{');
	if (!*start)
		return false;
	for (*end = *start; **end; ++*end) {
		depth += **end == '{';
		depth -= **end == '}';
		if (!depth)
			return true;
	}
	return false;
}

/* Comments become blanks. */
static void
drop_comments(char *text)
{
	char *at, *end;

	while ((at = strstr(text, "/*"))) {
		end = strstr(at + 2, "*/");
		memset(at, ' ', end ? (size_t)(end + 2 - at) : strlen(at));
	}
	while ((at = strstr(text, "//")))
		memset(at, ' ', strcspn(at, "\n"));
	for (at = text; *at; at++)
		if (*at == '\n' || *at == '\t' || *at == '\r')
			*at = ' ';
}

/* `.member = value` as a line of a dump; sizeof is the newest struct's, whose end is zero. */
static void
write_member(FILE *out, char *member)
{
	char *value = strchr(member, '='), *name_end;

	while (*member == ' ')
		member++;
	if (!*member)
		return;
	if (!value) {
		fprintf(out, "\t\t%s,\n", member);
		return;
	}
	for (name_end = value; name_end > member && name_end[-1] == ' ';)
		name_end--;
	for (value++; *value == ' ';)
		value++;
	for (size_t length = strlen(value); length && value[length - 1] == ' ';)
		value[--length] = '\0';
	fprintf(out, "\t\t%.*s = %s,\n", (int)(name_end - member), member,
		strstr(value, "sizeof") ? "PERF_ATTR_SIZE_VER9" : value);
}

/* `int cpu = 0;` behind the attr, as in a dump; or what is most usual. */
static void
write_argument(FILE *out, const char *rest, enum argument_id id)
{
	static const char *const usual[ARGUMENTS] = {"0", "-1", "-1", "0", "-1"};
	char name[32];
	const char *found;

	snprintf(name, sizeof name, " %s = ", arguments[id].name);
	found = id == ARGUMENT_fd ? NULL : strstr(rest, name);
	fprintf(out, "\t%s%s", arguments[id].type, name);
	if (found)
		fprintf(out, "%.*s;\n", (int)strcspn(found + strlen(name), ";"),
			found + strlen(name));
	else
		fprintf(out, "%s;\n", usual[id]);
}

/* C with an initialiser as a dump of one call. */
static void
write_initialiser(FILE *out, char *text)
{
	char *start, *end;

	drop_comments(text);
	if (!find_braces(text, &start, &end))
		return;
	*end = '\0';
	fprintf(out, "%s1: C[0] thread 0, Linux ? %s */\n{\n\tstruct perf_event_attr attr = {\n",
		marker, arches[HOST_ARCH].name);
	if (!strstr(start, ".size"))
		fputs("\t\t.size = PERF_ATTR_SIZE_VER9,\n", out);
	for (char *member = strtok(start + 1, ","); member; member = strtok(NULL, ","))
		write_member(out, member);
	fputs("\t};\n", out);
	for (int id = 0; id < ARGUMENTS; id++)
		write_argument(out, end + 1, (enum argument_id)id);
	fputs("}\n", out);
}

static void
add_file(FILE *out, const char *name)
{
	bool standard = strcmp(name, "-") == 0;
	FILE *file = standard ? stdin : fopen(name, "re");
	char *text;

	if (!file)
		die("%s:", name);
	text = read_all(file, standard ? "standard input" : name);
	if (strstr(text, marker))
		fputs(text, out);
	else
		write_initialiser(out, text);
	free(text);
	if (!standard)
		fclose(file);
}

void
attempt_begin(struct attempt *attempt, char **files, int count)
{
	static char path[40];
	static char *paths[] = {path};
	static char standard[] = "-";
	static char *only[] = {standard};
	int fd = memfd_create("calls", MFD_CLOEXEC);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out)
		die("keep calls:");
	for (int i = 0; i < (count ? count : 1); i++)
		add_file(out, count ? files[i] : only[i]);
	if (fflush(out))
		die("keep calls:");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	attempt->input = input_open(paths, 1);
}

/*
 * What the facts say of fds and strings of another process comes from its dump or not at all; what
 * the running kernel answers is not what another release would.
 */
static void
keep_what_holds(struct attempt *attempt, const struct facts *dumped)
{
	static const enum fact_id behaviour[] = {FACT_null_answer, FACT_group_answer,
		FACT_kernel_answer, FACT_attr_size, FACT_distribution, FACT_release};
	struct facts *facts = &attempt->facts;

	for (int id = FACT_cgroup_fd; id < FACTS; id++) {
		facts->known &= ~(1ULL << id);
		if (dumped && fact_known(dumped, (enum fact_id)id))
			fact_set(facts, (enum fact_id)id, dumped->value[id]);
	}
	if (!attempt->call.probe[0])
		facts->known &= ~(1ULL << FACT_probe_readable | 1ULL << FACT_probe_length);
	for (size_t i = 0; attempt->kernel && i < COUNT_OF(behaviour); i++)
		facts->known &= ~(1ULL << behaviour[i]);
	if (attempt->kernel)
		fact_set(facts, FACT_release, attempt->release);
}

/* The names and facts of this machine for a call that may be another one's. */
static void
look_around(struct attempt *attempt)
{
	static struct names_room names_room;
	static struct facts_room facts_room;
	static struct utsname kernel;
	struct call here = attempt->call;
	const char *probe = here.probe;

	here.caller_pid = (int32_t)getpid();
	here.caller_tid = here.caller_pid;
	here.group_fd = -1;
	here.flags = 0;
	here.error = 0;
	here.fd = -1;
	here.pmu = here.tracepoint = here.event = here.alias = here.cgroup = "";
	names_find(&here, NULL, &names_room);
	here.probe = probe;
	here.probe_cut = attempt->call.probe_cut;
	facts_gather(&here, NULL, NULL, &attempt->facts, &facts_room);
	uname(&kernel);
	attempt->call.kernel = kernel.release;
	attempt->call.pmu = here.pmu;
	attempt->call.tracepoint = here.tracepoint;
	attempt->call.event = here.event;
	attempt->call.alias = here.alias;
}

bool
attempt_next(struct attempt *attempt)
{
	const struct facts *dumped;

	if (!input_next(attempt->input, &attempt->call))
		return false;
	dumped = attempt->call.facts;
	look_around(attempt);
	keep_what_holds(attempt, dumped);
	attempt->call.facts = &attempt->facts;
	attempt->call.error = 0;
	attempt->call.size_after = 0;
	attempt->call.fd = -1;
	if (attempt->kernel)
		snprintf(attempt->where, sizeof attempt->where, "Linux %s", attempt->kernel);
	else
		snprintf(attempt->where, sizeof attempt->where, "this machine, Linux %s",
			attempt->call.kernel);
	return true;
}

bool
attempt_end(struct attempt *attempt)
{
	bool trouble = input_trouble(attempt->input);

	input_close(attempt->input);
	return trouble;
}
