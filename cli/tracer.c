/* This process as a tracer. */
#include "cli/tracer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/attach.h"
#include "cli/command.h"
#include "cli/launch.h"
#include "cli/say.h"
#include "cli/variable.h"
#include "shim/output.h"
#include "shim/settings.h"

/* The settings for this process, which is the tracer; what is traced keeps its own environment. */
static void
load_settings(const char *more)
{
	const char *before = getenv("PEODUMP");
	char *kept = before ? strdup(before) : NULL;

	if (more)
		setenv("PEODUMP", variable_join(before, more), 1);
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

int
tracer_run(const char *settings, char **command, const pid_t *pids, size_t count)
{
	if (command[0] && geteuid() != 0 && command_privileged(command[0])) {
		warn("cannot trace %s: it gains privileges, which it would not under a tracer "
		     "without them; run peodump as root",
			command[0]);
		return COMMAND_FAILED;
	}
	fill_streams();
	load_settings(settings);
	tell_settings(settings_get());
	return command[0] ? launch(command) : attach(pids, count);
}
