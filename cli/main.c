/* The door: which verb is meant. */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/verbs.h"
#include "tables/tables.h"

static const struct verb {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *usage;
	const char *help;
} verbs[] = {
	{"run", run_main, "[OPTION]... [--] COMMAND [ARGUMENT]...",
		"run a command and dump its perf_event_open calls"},
	{"show", show_main, "[OPTION]... [FILE]...", "show the calls of a dump"},
	{"diff", diff_main, "[OPTION]... FILE FILE", "show what differs between two dumps"},
	{"fields", fields_main, "[OPTION]... [RELEASE|RELEASE..RELEASE]",
		"the reference card of struct perf_event_attr"},
	{"explain", explain_main, "[OPTION]... [FILE]...",
		"which of the kernel's checks would refuse an attr"},
};

static void
print_help(FILE *out)
{
	fputs("usage: peodump [run] [OPTION]... [--] COMMAND [ARGUMENT]...\n", out);
	for (size_t verb = 1; verb < COUNT_OF(verbs); verb++)
		fprintf(out, "       peodump %s %s\n", verbs[verb].name, verbs[verb].usage);
	fputs("\nShows perf_event_open(2) calls with every field named.\n\n", out);
	for (size_t verb = 0; verb < COUNT_OF(verbs); verb++)
		fprintf(out, "  %-12s  %s\n", verbs[verb].name, verbs[verb].help);
	fputs("  VERB --help   the options of that verb\n"
	      "  --version     the version of peodump\n",
		out);
}

static const struct verb *
find_verb(const char *name)
{
	for (size_t verb = 0; verb < COUNT_OF(verbs); verb++)
		if (strcmp(verbs[verb].name, name) == 0)
			return &verbs[verb];
	return NULL;
}

static bool
reader_left(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* What could not be written is trouble, unless it is no longer wanted. */
static int
finish(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	if (reader_left())
		return status;
	warn("write to standard output:");
	return 2;
}

int
main(int argc, char **argv)
{
	char title[32];
	const char *first = argc > 1 ? argv[1] : "";
	const struct verb *verb = find_verb(first);

	if (verb) {
		snprintf(title, sizeof title, "peodump %s", verb->name);
		argv[1] = title; /* getopt starts its messages with it */
		return finish(verb->main(argc - 1, argv + 1));
	}
	if (argc < 2) {
		print_help(stderr);
		return 2;
	}
	if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
		print_help(stdout);
		return finish(0);
	}
	if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
		puts("peodump 0.1");
		return finish(0);
	}
	return finish(run_main(argc, argv));
}
