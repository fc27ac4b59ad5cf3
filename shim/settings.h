/* What the user asked for in PEODUMP, and where the machine's file systems are. */
#ifndef SHIM_SETTINGS_H
#define SHIM_SETTINGS_H

#include <stdbool.h>

#include "decoder/decode.h"

enum {
	SETTING_PATH_MAX = 4096,
	ROOT_MAX = 256
};

struct settings {
	const struct form *form;
	enum selection selection;
	bool rehearse; /* what is refused for want of hardware or permission gets a stand-in */
	bool safe;     /* use nothing that a seccomp filter may kill for */
	bool probe;    /* find out by opening again what a refusal was for */
	bool needs;    /* say which kernel an attr needs */
	bool life;     /* say what is done with each event */
	bool help;
	char wrong[128];            /* the first setting that means nothing; "": all do */

	/*
	 * As perf does: SYSFS_PATH, TRACEFS_PATH and PROCFS_PATH name other places; tracefs "" is
	 * either usual one.
	 */
	char sysfs[ROOT_MAX];
	char tracefs[ROOT_MAX];
	char procfs[ROOT_MAX];

	char out[SETTING_PATH_MAX]; /* as written, but absolute; "" is standard error */
};

/*
 * The settings, read at load, or at the first call if that is earlier: programs rewrite their
 * environment. NULL: the program has not started so far that they could be read. A setuid
 * program's environment is not its own, and is not read.
 */
const struct settings *settings_get(void);

/* To be called at load. */
void settings_load(void);

/* Reads one PEODUMP value over the defaults. */
void settings_parse(struct settings *settings, const char *text);

/* Expands the %p, %% and %: of an out. Returns false if it does not fit. */
bool settings_path(const char *out, int pid, char *path, unsigned long size);

/* The lines that help=1 prints. */
void settings_help(struct buf *out);

#endif
