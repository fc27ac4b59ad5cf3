/* peodump run: a command with a library loaded into it, or traced. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/loading.h"
#include "cli/option.h"
#include "cli/outfile.h"
#include "cli/say.h"
#include "cli/tracer.h"
#include "cli/variable.h"
#include "cli/verbs.h"

static const char help[] =
	"usage: peodump [run] [OPTION]... [--] COMMAND [ARGUMENT]...\n"
	"       peodump [run] [OPTION]... -p PID\n"
	"\n"
	"Runs the command and dumps every perf_event_open(2) call that it and its children\n"
	"make, to standard error or to a file.\n"
	"\n"
	"  -o, --output FILE      write the dump to FILE; %p in it is the process: a file for "
	"each\n"
	"  -f, --format c|json    C that compiles (the default), or one JSON object a line\n"
	"      --fields all|set   every member (the default), or no zeros without a name\n"
	"      --needs            say the oldest kernel that accepts each attr\n"
	"      --life             tell too what is done with each event: mmap, ioctl, close...\n"
	"      --probe            where a refusal's cause is not certain, open again to find it\n"
	"      --rehearse         put a software dummy in the place of an event that this machine\n"
	"                         lacks or does not permit, so that the command goes on\n"
	"      --safe             for a command whose seccomp filter kills: only write() to "
	"stderr\n"
	"      --trace            catch the calls by ptrace, in any kind of program: the way of\n"
	"                         programs that are static, Go's or of another architecture\n"
	"      --preload          catch them in libc, even where that sees none\n"
	"      --audit            catch them by LD_AUDIT: for a command that has libraries with\n"
	"                         RTLD_DEEPBIND or a libc of their own, or looks in libc itself\n"
	"  -p, --pid PID          trace a process that runs already, till ^C; may be repeated\n"
	"      --lib FILE         the libpeodump.so to preload, or the libpeodump-audit.so\n"
	"  -h, --help             this help\n"
	"\n"
	"The exit status is the command's; 125 if peodump fails, 126 if the command cannot be\n"
	"executed, 127 if it is not found.\n";

/* How calls are caught. */
enum way {
	WAY_FITTING, /* preloading, or tracing where that would see nothing */
	WAY_PRELOAD,
	WAY_AUDIT,
	WAY_TRACE
};

/* What the options ask for. */
struct run {
	enum way way;
	pid_t *pids; /* that run already */
	size_t pids_count;
	char *settings;
	const char *output;
	const char *library;
	bool safe;
	bool life;
	const char *unsafe; /* an option that --safe has no room for */
	bool help;
};

static void
add_setting(struct run *run, const char *key, const char *value)
{
	char *setting;

	if (asprintf(&setting, "%s=%s", key, value) < 0)
		command_no_memory();
	run->settings = variable_join(run->settings, setting);
	free(setting);
}

/* A setting that can have one of two values. */
static void
add_choice(struct run *run, const char *key, const char *first, const char *second)
{
	option_choice(key, optarg, (const char *const[]){first, second, NULL});
	add_setting(run, key, optarg);
}

static void
add_process(struct run *run, const char *text)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (*end || pid <= 0 || pid > INT_MAX)
		option_wrong("--pid is the number of a process, not '%s'", text);
	run->pids = realloc(run->pids, (run->pids_count + 1) * sizeof *run->pids);
	if (!run->pids)
		command_no_memory();
	run->pids[run->pids_count++] = (pid_t)pid;
}

static void
choose(struct run *run, enum way way)
{
	if (run->way != WAY_FITTING && run->way != way)
		option_wrong("--trace, --preload or --audit, not two of them");
	run->way = way;
}

static void
read_option(struct run *run, int option)
{
	switch (option) {
	case 'o':
		run->output = optarg;
		break;
	case 'f':
		add_choice(run, "format", "c", "json");
		break;
	case 'F':
		add_choice(run, "fields", "all", "set");
		break;
	case 's':
		run->safe = true;
		add_setting(run, "safe", "1");
		break;
	case 'r':
		run->unsafe = "--rehearse";
		add_setting(run, "rehearse", "1");
		break;
	case 'b':
		run->unsafe = "--probe";
		add_setting(run, "probe", "1");
		break;
	case 'n':
		add_setting(run, "needs", "1");
		break;
	case 'L':
		run->life = true;
		run->unsafe = "--life";
		add_setting(run, "life", "1");
		break;
	case 'a':
		choose(run, WAY_AUDIT);
		break;
	case 'l':
		run->library = optarg;
		break;
	case 't':
		choose(run, WAY_TRACE);
		break;
	case 'P':
		choose(run, WAY_PRELOAD);
		break;
	case 'p':
		add_process(run, optarg);
		break;
	case 'h':
		run->help = true;
		break;
	default:
		option_unknown();
	}
}

/* Together they make sense, or it is said why not. */
static void
check_options(const struct run *run, const char *command)
{
	if (!command && !run->pids)
		option_wrong("which command?");
	if (command && run->pids)
		option_wrong("a command or --pid, not both");
	if (run->pids && (run->way == WAY_PRELOAD || run->way == WAY_AUDIT))
		option_wrong("%s is for a command, not for a process that runs",
			run->way == WAY_AUDIT ? "--audit" : "--preload");
	if (run->unsafe && run->safe)
		option_wrong("%s cannot be had with --safe", run->unsafe);
	if (run->life && run->way == WAY_AUDIT)
		option_wrong("--life cannot be had with --audit");
	if (run->output && !*run->output)
		option_wrong("--output needs the name of a file");
	if (run->output && run->safe)
		option_wrong("--safe writes to standard error only, and not to %s", run->output);
}

static void
read_options(struct run *run, int argc, char **argv)
{
	static const struct option options[] = {
		{"output", required_argument, NULL, 'o'},
		{"format", required_argument, NULL, 'f'},
		{"fields", required_argument, NULL, 'F'},
		{"rehearse", no_argument, NULL, 'r'},
		{"probe", no_argument, NULL, 'b'},
		{"needs", no_argument, NULL, 'n'},
		{"life", no_argument, NULL, 'L'},
		{"safe", no_argument, NULL, 's'},
		{"audit", no_argument, NULL, 'a'},
		{"lib", required_argument, NULL, 'l'},
		{"trace", no_argument, NULL, 't'},
		{"preload", no_argument, NULL, 'P'},
		{"pid", required_argument, NULL, 'p'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while (!run->help && (option = getopt_long(argc, argv, "+o:f:p:h", options, NULL)) != -1)
		read_option(run, option);
	if (!run->help)
		check_options(run, argv[optind]);
}

static bool
set_output(struct run *run)
{
	char *value = outfile_prepare(run->output);

	if (!value)
		return false;
	add_setting(run, "out", value);
	free(value);
	return true;
}

static bool
set_library(struct run *run)
{
	run->library = loading_library(run->way == WAY_AUDIT, run->life, run->library);
	return run->library;
}

static int
run_loaded(const struct run *run, char **command)
{
	if (run->settings)
		setenv("PEODUMP", variable_join(getenv("PEODUMP"), run->settings), 1);
	loading_set(run->way == WAY_AUDIT, run->library);
	execvp(command[0], command);
	return command_refused(command[0]);
}

/* A program that gains privileges is seen in neither way. */
static void
choose_way(struct run *run, const char *command)
{
	const char *unseen = command_unseen(command, run->library, run->way == WAY_AUDIT);

	if (unseen && run->way == WAY_FITTING && !command_privileged(command)) {
		warn("%s %s: tracing it", command, unseen);
		run->way = WAY_TRACE;
	} else if (unseen) {
		warn("%s %s: none of its calls will be seen", command, unseen);
	}
}

int
run_main(int argc, char **argv)
{
	struct run run = {0};
	char **command;

	read_options(&run, argc, argv);
	if (run.help) {
		fputs(help, stdout);
		return 0;
	}
	command = argv + optind;
	if (run.pids)
		run.way = WAY_TRACE;
	if (run.way != WAY_TRACE && !set_library(&run))
		return COMMAND_FAILED;
	errno = command[0] ? command_error(command[0]) : 0;
	if (errno)
		return command_refused(command[0]);
	if (run.output && !set_output(&run))
		return COMMAND_FAILED;
	if (run.way != WAY_TRACE)
		choose_way(&run, command[0]);
	if (run.way == WAY_TRACE)
		return tracer_run(run.settings, command, run.pids, run.pids_count);
	return run_loaded(&run, command);
}
