/* The door: which verb is meant. */
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/option.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "tables/tables.h"

static const struct verb {
	const char *name;
	int (*main)(int argc, char **argv);
	int trouble; /* the exit status of a mistake in the options */
	const char *usage;
	const char *help;
} verbs[] = {
	{"run", run_main, 125, "[OPTION]... [--] COMMAND [ARGUMENT]...",
		"run a command and dump its perf_event_open calls"},
	{"show", show_main, 2, "[OPTION]... [FILE]...", "show the calls of a dump"},
	{"diff", diff_main, 2, "[OPTION]... OLD NEW", "show what differs between two dumps"},
	{"fields", fields_main, 2, "[OPTION]... [RELEASE|RELEASE..RELEASE]",
		"the reference card of struct perf_event_attr"},
	{"explain", explain_main, 2, "[OPTION]... [FILE]...",
		"which of the kernel's checks would refuse an attr"},
};

static void
print_help(FILE *out)
{
	fputs("usage: peodump [run] [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	      "       peodump [run] [OPTION]... -p PID\n",
		out);
	for (size_t verb = 1; verb < COUNT_OF(verbs); verb++)
		fprintf(out, "       peodump %s %s\n", verbs[verb].name, verbs[verb].usage);
	fputs("       peodump help [VERB]\n"
	      "       peodump --version\n",
		out);
	fputs("\nShows perf_event_open(2) calls with every field named.\n\n", out);
	for (size_t verb = 0; verb < COUNT_OF(verbs); verb++)
		fprintf(out, "  %-12s  %s\n", verbs[verb].name, verbs[verb].help);
	fputs("  help [VERB]   this, or the options of a verb, as VERB --help\n"
	      "\n"
	      "  -h, --help    this help\n"
	      "  -V, --version the version of peodump\n",
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

/* Of a verb, what stands behind it; its own name takes the place before that. */
static int
run_verb(const struct verb *verb, int argc, char **argv)
{
	char title[32];

	snprintf(title, sizeof title, "peodump %s", verb->name);
	argv[0] = title; /* getopt starts its messages with it */
	option_begin(verb->name, verb->trouble);
	return finish(verb->main(argc, argv));
}

static int
help(const char *name)
{
	static char option[] = "--help";
	const struct verb *verb = name ? find_verb(name) : NULL;

	if (verb)
		return run_verb(verb, 2, (char *[]){NULL, option, NULL});
	if (name)
		die("there is no verb '%s': peodump --help lists them", name);
	print_help(stdout);
	return finish(0);
}

int
main(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";
	const struct verb *verb = find_verb(first);

	if (verb)
		return run_verb(verb, argc - 1, argv + 1);
	if (argc < 2) {
		print_help(stderr);
		return verbs[0].trouble;
	}
	if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
		return help(NULL);
	if (strcmp(first, "help") == 0)
		return help(argv[2]);
	if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
		puts("peodump 0.1");
		return finish(0);
	}
	return run_verb(find_verb("run"), argc, argv);
}
