/* What may be asked on behalf of a traced process. */
#include "cli/standing.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tables/tables.h"

enum {
	STATUS_MAX = 4096,
	FILTER_MODE = 2 /* SECCOMP_MODE_FILTER */
};

/* What procfs says of a process. */
struct standing {
	char status[STATUS_MAX]; /* "": nothing */
	ino_t pids;
	ino_t users;
};

static const char *
status_line(const char *status, const char *key)
{
	const char *line = strstr(status, key);

	return line ? line + strlen(key) : "";
}

/* 0: not known. */
static ino_t
namespace(const char *folder, const char *name)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof path, "/proc/%s/ns/%s", folder, name);
	return stat(path, &status) == 0 ? status.st_ino : 0;
}

static void
look(struct standing *standing, const char *folder)
{
	char path[64];
	ssize_t length = -1;
	int fd;

	snprintf(path, sizeof path, "/proc/%s/status", folder);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		length = read(fd, standing->status, STATUS_MAX - 1);
		close(fd);
	}
	standing->status[length < 0 ? 0 : length] = '\0';
	standing->pids = namespace(folder, "pid");
	standing->users = namespace(folder, "user");
}

static bool
same_line(const struct standing *left, const struct standing *right, const char *key)
{
	const char *one = status_line(left->status, key), *other = status_line(right->status, key);
	size_t length = strcspn(one, "\n");

	return length && length == strcspn(other, "\n") && strncmp(one, other, length) == 0;
}

/* -1: the kernel does not count them (before 5.9). */
static int
count_filters(const struct standing *standing)
{
	const char *count = status_line(standing->status, "\nSeccomp_filters:\t");

	return *count ? atoi(count) : -1;
}

static int8_t
seccomp_mode(const struct standing *standing, bool filtered)
{
	const char *mode = status_line(standing->status, "\nSeccomp:\t");
	int filters = count_filters(standing);

	if (!*mode)
		return -1;
	if (!filtered || atoi(mode) != FILTER_MODE)
		return (int8_t)atoi(mode);
	return filters < 0 ? -1 : filters > 1 ? FILTER_MODE : 0;
}

static int64_t
capabilities(const struct standing *standing)
{
	const char *mask = status_line(standing->status, "\nCapEff:\t");

	return *mask ? (int64_t)strtoull(mask, NULL, 16) : -1;
}

void
standing_learn(struct traced *traced, bool filtered)
{
	static const char *const rights[] = {"\nUid:\t", "\nGid:\t", "\nGroups:\t", "\nCapEff:\t"};
	static struct standing ours;
	struct standing theirs;

	if (!ours.status[0])
		look(&ours, "self");
	look(&theirs, traced->folder);
	traced->capabilities = capabilities(&theirs);
	traced->seccomp = seccomp_mode(&theirs, filtered);
	traced->same_pids = theirs.pids && theirs.pids == ours.pids;
	traced->alike = traced->same_pids && theirs.users == ours.users && traced->seccomp != -1
		&& count_filters(&theirs) - filtered == count_filters(&ours);
	for (size_t i = 0; i < COUNT_OF(rights) && traced->alike; i++)
		traced->alike = same_line(&ours, &theirs, rights[i]);
}
