/* Standard output when somebody looks at it. */
#include "cli/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/say.h"

static bool coloured;
static const char *wanted; /* the pager that the first output starts; NULL: none */
static const char *started;
static pid_t pager;
static int terminal = -1; /* standard output as it was */

static bool
set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* A terminal that can do more than write a line. */
static bool
capable(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static bool
wants_colour(enum when_colour colour)
{
	if (colour != COLOUR_AUTO)
		return colour == COLOUR_ALWAYS;
	return capable() && !set("NO_COLOR");
}

/* NULL: none. */
static const char *
pager_command(void)
{
	const char *command = getenv("PEODUMP_PAGER");

	if (!command)
		command = getenv("PAGER");
	if (!command)
		command = "less";
	return *command && strcmp(command, "cat") != 0 ? command : NULL;
}

/* A shell says 127 too late: by then the pipe has nobody to read it. */
static bool
pager_found(const char *command)
{
	char test[256];

	if (strpbrk(command, " \t|&;<>()$`\\\"'*?[#~=%"))
		return true;
	if ((size_t)snprintf(test, sizeof test, "command -v '%s' >/dev/null 2>&1", command)
		>= sizeof test)
		return true;
	return system(test) == 0;
}

static void
run_pager(const char *command, const int ends[2])
{
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
	setenv("LESS", "FRX", 0);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

/*
 * What the pager did not want to read any more is no trouble. Returns false if the shell could not
 * run it, and said so.
 */
static bool
end_pager(void)
{
	int status = 0;

	if (pager <= 0)
		return true;
	if (fflush(stdout) && errno == EPIPE) {
		clearerr(stdout);
		__fpurge(stdout);
	}
	dup2(terminal, STDOUT_FILENO);
	while (waitpid(pager, &status, 0) < 0 && errno == EINTR)
		;
	pager = 0;
	return !WIFEXITED(status) || (WEXITSTATUS(status) != 126 && WEXITSTATUS(status) != 127);
}

static void
end_at_exit(void)
{
	end_pager();
}

static void
start_pager(const char *command)
{
	int ends[2];

	fflush(stdout);
	terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	if (terminal < 0 || pipe2(ends, O_CLOEXEC))
		return;
	pager = fork();
	if (pager == 0)
		run_pager(command, ends);
	if (pager > 0) {
		dup2(ends[1], STDOUT_FILENO);
		signal(SIGPIPE, SIG_IGN);
		signal(SIGINT, SIG_IGN); /* the pager's: it goes on, and we wait for it */
		started = command;
		atexit(end_at_exit);
	}
	close(ends[0]);
	close(ends[1]);
}

void
terminal_begin(enum when_colour colour, bool paged)
{
	coloured = wants_colour(colour);
	wanted = paged && capable() ? pager_command() : NULL;
}

void
terminal_start(void)
{
	const char *command = wanted;

	wanted = NULL;
	if (command && pager_found(command))
		start_pager(command);
}

void
terminal_end(void)
{
	if (!end_pager())
		die("the pager '%s' could not be run", started);
}

bool
terminal_gone(void)
{
	return ferror(stdout);
}

void
terminal_write(const char *text, size_t length, enum ink ink)
{
	static const char *const inks[] = {
		[INK_PLAIN] = "",
		[INK_TITLE] = "\033[1m",
		[INK_COMMENT] = "\033[36m",
		[INK_REFUSED] = "\033[31m",
	};
	bool dyed = coloured && ink != INK_PLAIN && length;

	terminal_start();
	if (dyed)
		fputs(inks[ink], stdout);
	fwrite(text, 1, length, stdout);
	if (dyed)
		fputs("\033[0m", stdout);
}

static bool
starts_with(const char *text, size_t length, const char *with)
{
	return length >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* Where the comment behind a line's code starts; a dump has no other text with those two signs. */
static size_t
comment_start(const char *line, size_t length)
{
	const char *start = memmem(line, length, "/*", 2);

	return start ? (size_t)(start - line) : length;
}

static void
write_line(const char *line, size_t length)
{
	size_t code = comment_start(line, length);

	if (code == 0) {
		terminal_write(line, length, INK_TITLE);
		return;
	}
	terminal_write(line, code,
		starts_with(line, length, "\tint fd = -1") ? INK_REFUSED : INK_PLAIN);
	terminal_write(line + code, length - code, INK_COMMENT);
}

void
terminal_write_c(const char *text, size_t length)
{
	terminal_start();
	if (!coloured) {
		fwrite(text, 1, length, stdout);
		return;
	}
	while (length) {
		const char *newline = memchr(text, '\n', length);
		size_t line = newline ? (size_t)(newline - text) : length;

		write_line(text, line);
		if (!newline)
			return;
		putchar('\n');
		text += line + 1;
		length -= line + 1;
	}
}
