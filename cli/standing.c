/* What may be asked on behalf of a traced process. */
#include "cli/standing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tables/tables.h"

enum {
	STATUS_MAX = 4096,
	FILTER_MODE = 2 /* SECCOMP_MODE_FILTER */
};

static const char *
status_line(const char *status, const char *key)
{
	const char *line = strstr(status, key);

	return line ? line + strlen(key) : "";
}

static bool
read_status(const char *folder, char status[STATUS_MAX])
{
	char path[64];
	size_t length;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%s/status", folder);
	file = fopen(path, "re");
	if (!file)
		return false;
	length = fread(status, 1, STATUS_MAX - 1, file);
	fclose(file);
	status[length] = '\0';
	return true;
}

static bool
same_line(const char *left, const char *right, const char *key)
{
	const char *one = status_line(left, key), *other = status_line(right, key);
	size_t length = strcspn(one, "\n");

	return length && length == strcspn(other, "\n") && strncmp(one, other, length) == 0;
}

static bool
same_namespace(const char *folder, const char *name)
{
	char path[64];
	struct stat ours, theirs;

	snprintf(path, sizeof path, "/proc/self/ns/%s", name);
	if (stat(path, &ours) != 0)
		return false;
	snprintf(path, sizeof path, "/proc/%s/ns/%s", folder, name);
	return stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino;
}

/* -1: the kernel does not count them (before 5.9). */
static int
count_filters(const char *status)
{
	const char *count = status_line(status, "\nSeccomp_filters:\t");

	return *count ? atoi(count) : -1;
}

static int8_t
seccomp_mode(const char *status, bool filtered)
{
	int mode = atoi(status_line(status, "\nSeccomp:\t"));
	int filters = count_filters(status);

	if (!filtered || mode != FILTER_MODE)
		return (int8_t)mode;
	return filters < 0 ? -1 : filters > 1 ? FILTER_MODE : 0;
}

void
standing_learn(struct traced *traced, pid_t pid, bool filtered)
{
	static const char *const rights[] = {"\nUid:\t", "\nGid:\t", "\nGroups:\t", "\nCapEff:\t"};
	char ours[STATUS_MAX], theirs[STATUS_MAX];

	snprintf(traced->folder, sizeof traced->folder, "%d", (int)pid);
	traced->seccomp = -1;
	traced->same_pids = same_namespace(traced->folder, "pid");
	traced->alike = traced->same_pids && same_namespace(traced->folder, "user")
		&& read_status("self", ours);
	if (!read_status(traced->folder, theirs)) {
		traced->alike = false;
		return;
	}
	traced->seccomp = seccomp_mode(theirs, filtered);
	for (size_t i = 0; i < COUNT_OF(rights) && traced->alike; i++)
		traced->alike = same_line(ours, theirs, rights[i]);
	if (count_filters(theirs) - filtered != count_filters(ours) || traced->seccomp == -1)
		traced->alike = false;
}
