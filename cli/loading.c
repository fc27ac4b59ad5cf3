/* The libraries that ld.so puts into a command, and how it is told to. */
#include "cli/loading.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/say.h"
#include "cli/variable.h"
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
static const struct loading preloading = {
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
static const struct loading auditing = {
	.library = "libpeodump-audit.so",
	.variable = "LD_AUDIT",
	.separators = ":",
	.separators_name = "a colon",
	.option_variable = "GLIBC_TUNABLES",
	.option = "glibc.rtld.optional_static_tls=4096",
};

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
loading_of(bool audit)
{
	return audit ? &auditing : &preloading;
}

static const char *
check_library(bool audit, const char *named)
{
	const char *library = realpath(named, NULL);

	if (!library || access(library, R_OK) != 0) {
		warn("%s:", named);
		return NULL;
	}
	if (!command_is_library(library)) {
		warn("%s is no shared library", named);
		return NULL;
	}
	if (command_is_audit(library) == audit)
		return library;
	warn("%s is %s for --audit", named, audit ? "no library" : "the library");
	return NULL;
}

const char *
loading_library(bool audit, bool life, const char *named)
{
	const struct loading *loading = loading_of(audit);
	const char *library = named ? check_library(audit, named)
				    : find_library(life ? loading->life : loading->library);

	if (!library || !strpbrk(library, loading->separators))
		return library;
	warn("%s: ld.so takes no path with %s from %s", library, loading->separators_name,
		loading->variable);
	return NULL;
}

/* Unless the option is there already. */
static void
add_option(const struct loading *loading)
{
	const char *before = getenv(loading->option_variable);
	size_t name = strcspn(loading->option, "=") + 1;

	if (!before || !memmem(before, strlen(before), loading->option, name))
		setenv(loading->option_variable, variable_join(before, loading->option), 1);
}

void
loading_set(bool audit, const char *library)
{
	const struct loading *loading = loading_of(audit);
	const char *loaded = getenv(loading->variable);

	setenv(loading->variable, loaded && *loaded ? variable_join(library, loaded) : library, 1);
	add_option(loading);
}
