/* peodump run: a command with the library preloaded into it, or traced. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/attach.h"
#include "cli/command.h"
#include "cli/launch.h"
#include "cli/option.h"
#include "cli/say.h"
#include "cli/verbs.h"
#include "shim/output.h"
#include "shim/settings.h"
#include "tables/tables.h"

#ifndef LIBDIR
#define LIBDIR "/usr/local/lib"
#endif

/* A way of ld.so to put a library into a command. */
struct loading {
	const char *library;
	const char *life; /* the one for --life */
	const char *variable;
	const char *separators; /* of paths in that variable, and in words */
	const char *separators_name;
	const char *option_variable; /* where an option that the command may need is added */
	const char *option;
};

/* AddressSanitizer's runtime would refuse to start behind any other library. */
static const struct loading preload = {
	.library = "libpeodump.so",
	.life = "libpeodump-life.so",
	.variable = "LD_PRELOAD",
	.separators = ": ",
	.separators_name = "a blank or a colon",
	.option_variable = "ASAN_OPTIONS",
	.option = "verify_asan_link_order=0",
};

/*
 * An auditing ld.so has fixed what it reserves for threads' variables before it looks at the
 * command's libraries, and ends those that want more: malloc replacements do.
 */
static const struct loading audit = {
	.library = "libpeodump-audit.so",
	.variable = "LD_AUDIT",
	.separators = ":",
	.separators_name = "a colon",
	.option_variable = "GLIBC_TUNABLES",
	.option = "glibc.rtld.optional_static_tls=4096",
};

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
	bool help;
};

/* Joins what is there, if anything, and one more with a colon. */
static char *
join(const char *left, const char *right)
{
	char *joined;

	if (asprintf(&joined, "%s%s%s", left ? left : "", left && *left ? ":" : "", right) < 0)
		command_no_memory();
	return joined;
}

static void
add_setting(struct run *run, const char *key, const char *value)
{
	char *setting;

	if (asprintf(&setting, "%s=%s", key, value) < 0)
		command_no_memory();
	run->settings = join(run->settings, setting);
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
		add_setting(run, "rehearse", "1");
		break;
	case 'b':
		add_setting(run, "probe", "1");
		break;
	case 'n':
		add_setting(run, "needs", "1");
		break;
	case 'L':
		run->life = true;
		add_setting(run, "life", "1");
		break;
	case 'a':
		run->way = WAY_AUDIT;
		break;
	case 'l':
		run->library = optarg;
		break;
	case 't':
		run->way = WAY_TRACE;
		break;
	case 'P':
		run->way = WAY_PRELOAD;
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
	if (run->life && (run->way == WAY_AUDIT || run->safe))
		option_wrong("--life cannot be had with %s", run->safe ? "--safe" : "--audit");
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
names_process(const char *file)
{
	for (; *file; file++)
		if (*file == '%' && *++file == 'p')
			return true;
	return false;
}

/* What the program has open already, and must not be opened anew. */
static bool
is_open_already(const char *file)
{
	static const char *const files[] = {"/dev/stdout", "/dev/stderr", "/dev/fd/",
		"/proc/self/fd/"};

	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (strncmp(file, files[i], strlen(files[i])) == 0)
			return true;
	return false;
}

/*
 * The file of a name without %p. A FIFO is let alone: its reader would take our closing it for the
 * end, and nobody may read it yet.
 */
static bool
empty_file(const char *file)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY
		| O_NONBLOCK;
	char path[PATH_MAX];
	struct stat status;
	size_t length = 0;
	int fd;

	for (; *file && length < sizeof path - 1; file++) {
		path[length++] = *file;
		file += file[0] == '%' && file[1] == '%';
	}
	path[length] = '\0';
	if (lstat(path, &status) == 0 && S_ISFIFO(status.st_mode))
		return true;
	fd = open(path, flags, 0600);
	if (fd < 0) {
		if (errno == ELOOP)
			warn("%s: is a symbolic link", path);
		else
			warn("%s:", path);
		return false;
	}
	close(fd);
	return true;
}

/* FILE as the setting wants it: from the root, a colon as %:, and a % that stands alone doubled. */
static char *
escape_file(const char *file)
{
	char folder[PATH_MAX] = "";
	char *escaped = malloc(2 * (strlen(file) + sizeof folder) + 1);
	char *to = escaped;

	if (!escaped || (*file != '/' && !getcwd(folder, sizeof folder)))
		return NULL;
	for (const char *from = folder; *from; from++) {
		if (*from == ':' || *from == '%')
			*to++ = '%';
		*to++ = *from;
	}
	if (*file != '/')
		*to++ = '/';
	for (; *file; file++) {
		bool pair = file[0] == '%' && (file[1] == 'p' || file[1] == '%');

		if (pair)
			*to++ = *file++;
		else if (*file == ':' || *file == '%')
			*to++ = '%';
		*to++ = *file;
	}
	*to = '\0';
	return escaped;
}

static bool
set_output(struct run *run)
{
	const char *file = strcmp(run->output, "-") == 0 ? "/dev/stdout" : run->output;
	char *escaped = escape_file(file);

	if (!escaped) {
		warn("%s:", file);
		return false;
	}
	if (!names_process(file) && !is_open_already(file) && !empty_file(file))
		return false;
	add_setting(run, "out", escaped);
	free(escaped);
	return true;
}

/* The folder of this program, with its slash. */
static void
find_bindir(char *folder, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	folder[length > 0 ? length : 0] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		slash[1] = '\0';
}

/*
 * Beside this program, as it was built; and where it was installed, which a move of the whole tree
 * does not change: seen from bindir, libdir is ../lib, or ../lib64, or ../lib/x86_64-linux-gnu.
 */
static char *
find_library(const char *name)
{
	static const char libdir[] = LIBDIR;
	const char *last = strrchr(libdir, '/') + 1;
	char bindir[PATH_MAX];
	char *found = NULL;
	char *places[5];

	find_bindir(bindir, sizeof bindir);
	if (asprintf(&places[0], "%s%s", bindir, name) < 0
		|| asprintf(&places[1], "%s../lib/%s", bindir, name) < 0
		|| asprintf(&places[2], "%s../%s/%s", bindir, last, name) < 0
		|| asprintf(&places[3], "%s../lib/%s/%s", bindir, last, name) < 0
		|| asprintf(&places[4], "%s/%s", libdir, name) < 0)
		return NULL;
	for (size_t place = 0; place < COUNT_OF(places) && !found; place++)
		found = realpath(places[place], NULL);
	if (!found)
		warn("no %s in %s, %s../lib or %s; name it with --lib", name, bindir, bindir,
			libdir);
	return found;
}

static const struct loading *
loading_of(const struct run *run)
{
	return run->way == WAY_AUDIT ? &audit : &preload;
}

static bool
set_library(struct run *run)
{
	const struct loading *loading = loading_of(run);

	if (run->library) {
		const char *named = run->library;

		run->library = realpath(named, NULL);
		if (!run->library || access(run->library, R_OK) != 0) {
			warn("%s:", named);
			return false;
		}
		if (!command_is_library(run->library)) {
			warn("%s is no shared library", named);
			return false;
		}
	} else {
		run->library = find_library(run->life ? loading->life : loading->library);
		if (!run->library)
			return false;
	}
	if (strpbrk(run->library, loading->separators)) {
		warn("%s: ld.so takes no path with %s from %s", run->library,
			loading->separators_name, loading->variable);
		return false;
	}
	return true;
}

/* Unless the option is there already. */
static void
add_option(const struct loading *loading)
{
	const char *before = getenv(loading->option_variable);
	size_t name = strcspn(loading->option, "=") + 1;

	if (!before || !memmem(before, strlen(before), loading->option, name))
		setenv(loading->option_variable, join(before, loading->option), 1);
}

static void
set_environment(const struct run *run)
{
	const struct loading *loading = loading_of(run);
	const char *loaded = getenv(loading->variable);

	if (run->settings)
		setenv("PEODUMP", join(getenv("PEODUMP"), run->settings), 1);
	setenv(loading->variable, loaded && *loaded ? join(run->library, loaded) : run->library, 1);
	add_option(loading);
}

/* The settings for this process, which is the tracer; what is traced keeps its own environment. */
static void
load_settings(const struct run *run)
{
	const char *before = getenv("PEODUMP");
	char *kept = before ? strdup(before) : NULL;

	if (run->settings)
		setenv("PEODUMP", join(before, run->settings), 1);
	settings_load();
	if (kept)
		setenv("PEODUMP", kept, 1);
	else
		unsetenv("PEODUMP");
	free(kept);
	output_load();
}

/* As the library says it at load. */
static void
tell_settings(const struct settings *settings)
{
	char text[2048];
	struct buf out = {.text = text, .size = sizeof text};

	if (settings->wrong[0])
		warn("PEODUMP=%s means nothing and is ignored; PEODUMP=help=1 lists the settings",
			settings->wrong);
	if (!settings->help)
		return;
	settings_help(&out);
	fwrite(text, 1, out.length, stderr);
}

/* No file of ours is to stand where a stream was closed; the command's is closed as before. */
static void
fill_streams(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", O_RDWR | O_CLOEXEC);
}

static int
run_traced(const struct run *run, char **command)
{
	if (command[0] && geteuid() != 0 && command_privileged(command[0])) {
		warn("cannot trace %s: it gains privileges, which it would not under a tracer "
		     "without them; run peodump as root",
			command[0]);
		return COMMAND_FAILED;
	}
	fill_streams();
	load_settings(run);
	tell_settings(settings_get());
	return command[0] ? launch(command) : attach(run->pids, run->pids_count);
}

static int
run_loaded(const struct run *run, char **command)
{
	set_environment(run);
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
	return run.way == WAY_TRACE ? run_traced(&run, command) : run_loaded(&run, command);
}
