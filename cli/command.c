/* The program that a command means. */
#include "cli/command.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/say.h"

enum {
	INTERPRETERS = 5 /* that the kernel follows from script to script (exec_binprm) */
};

/* The start of a file: an ELF header, or the first line of a script. */
union head {
	unsigned char ident[EI_NIDENT];
	Elf32_Ehdr narrow;
	Elf64_Ehdr wide;
	char text[PATH_MAX];
};

/* Returns an errno, 0 for a program. */
static int
try(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno;
	return S_ISREG(status.st_mode) && access(path, X_OK) == 0 ? 0 : EACCES;
}

/* Where execvp would find it, and why not if it would not, as an errno. */
static int
find(const char *name, char *path, size_t size)
{
	const char *folder = getenv("PATH");
	int error = ENOENT;

	snprintf(path, size, "%s", name);
	if (strchr(name, '/'))
		return try(path);
	for (folder = folder ? folder : "/bin:/usr/bin"; *name && folder;) {
		size_t length = strcspn(folder, ":");
		int tried;

		snprintf(path, size, "%.*s%s%s", (int)length, folder, length ? "/" : "", name);
		tried = try(path);
		if (!tried)
			return 0;
		error = tried == EACCES ? EACCES : error;
		folder = folder[length] ? folder + length + 1 : NULL;
	}
	return error;
}

static bool
read_head(const char *path, union head *head)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t length;

	memset(head, 0, sizeof *head);
	if (fd < 0)
		return false;
	length = pread(fd, head->text, sizeof head->text - 1, 0);
	close(fd);
	return length > 0;
}

/* The path behind the #! of a script takes the script's place. */
static bool
follow_script(union head *head, char *path, size_t size)
{
	const char *name = head->text + 2;

	if (memcmp(head->text, "#!", 2) != 0)
		return false;
	name += strspn(name, " \t");
	snprintf(path, size, "%.*s", (int)strcspn(name, " \t\n"), name);
	return read_head(path, head);
}

/* A script is no better than its interpreter; without a name for one, a shell runs it. */
int
command_error(const char *name)
{
	char path[PATH_MAX];
	union head head;
	int error = find(name, path, sizeof path);

	if (error || !read_head(path, &head))
		return error;
	for (int depth = 0; depth < INTERPRETERS; depth++)
		if (!follow_script(&head, path, sizeof path))
			break;
	return *path ? try(path) : 0;
}

static bool
is_elf(const union head *head)
{
	return memcmp(head->ident, ELFMAG, SELFMAG) == 0;
}

void
command_no_memory(void)
{
	warn("no memory:");
	exit(COMMAND_FAILED);
}

int
command_refused(const char *name)
{
	int status = errno == ENOENT ? COMMAND_NOT_FOUND : COMMAND_NOT_EXECUTABLE;

	if (status == COMMAND_NOT_FOUND && !strchr(name, '/') && access(name, F_OK) == 0)
		warn("%s: no such command in PATH; a dump is read by: peodump show %s", name, name);
	else
		warn("%s:", name);
	return status;
}

bool
command_is_library(const char *path)
{
	struct stat status;
	union head head;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) && read_head(path, &head)
		&& is_elf(&head) && head.wide.e_type == ET_DYN;
}

/* Its name is among the strings of the file, and in libraries of ours nowhere else. */
bool
command_is_audit(const char *path)
{
	static const char name[] = "\0la_objopen";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat status;
	void *file = MAP_FAILED;
	bool found;

	if (fd >= 0 && fstat(fd, &status) == 0)
		file = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (file == MAP_FAILED)
		return false;
	found = memmem(file, (size_t)status.st_size, name, sizeof name);
	munmap(file, (size_t)status.st_size);
	return found;
}

/* Both headers have the machine at one place. */
static bool
same_kind(const union head *left, const union head *right)
{
	return left->ident[EI_CLASS] == right->ident[EI_CLASS]
		&& left->ident[EI_DATA] == right->ident[EI_DATA]
		&& left->wide.e_machine == right->wide.e_machine;
}

/* Whether a dynamic linker is asked for; true if it cannot be told. */
static bool
has_interpreter(const char *path, const union head *head)
{
	bool wide = head->ident[EI_CLASS] == ELFCLASS64;
	uint64_t at = wide ? head->wide.e_phoff : head->narrow.e_phoff;
	unsigned step = wide ? head->wide.e_phentsize : head->narrow.e_phentsize;
	unsigned count = wide ? head->wide.e_phnum : head->narrow.e_phnum;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	bool found = fd < 0;

	for (; count && !found; count--, at += step) {
		uint32_t type; /* the first member of both kinds of Phdr */

		found = pread(fd, &type, sizeof type, (off_t)at) != sizeof type
			|| type == PT_INTERP;
	}
	if (fd >= 0)
		close(fd);
	return found;
}

/* The kernel then sets AT_SECURE, and ld.so takes no library from a path (bprm_creds_from_file). */
static bool
gains_privilege(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	return ((status.st_mode & S_ISUID) && status.st_uid != geteuid())
		|| ((status.st_mode & S_ISGID) && status.st_gid != getegid())
		|| (geteuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0);
}

bool
command_privileged(const char *name)
{
	char path[PATH_MAX];

	return find(name, path, sizeof path) == 0 && gains_privilege(path);
}

/* Its linker leaves a note of its own: it makes its system calls itself, with libc or without. */
static bool
built_by_go(const char *path)
{
	static const char note[] = "\x04\0\0\0Go\0";
	char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t length = fd < 0 ? 0 : pread(fd, text, sizeof text, 0);

	if (fd >= 0)
		close(fd);
	return length > 0 && memmem(text, (size_t)length, note, sizeof note);
}

/* By the dynamic linker that it asks for. */
static bool
linked_with_musl(const union head *head)
{
	static const char linker[] = "/ld-musl-";

	return memmem(head->text, sizeof head->text, linker, sizeof linker - 1);
}

const char *
command_unseen(const char *name, const char *library, bool audits)
{
	char path[PATH_MAX];
	union head program, shared;

	if (command_privileged(name))
		return "gains privileges, and drops what is preloaded";
	if (find(name, path, sizeof path) || !read_head(path, &program))
		return NULL;
	for (int depth = 0; depth < INTERPRETERS; depth++)
		if (!follow_script(&program, path, sizeof path))
			break;
	if (!is_elf(&program) || !read_head(library, &shared))
		return NULL;
	if (!same_kind(&program, &shared))
		return "is built for another architecture than the library";
	if (!has_interpreter(path, &program))
		return "is statically linked";
	if (audits && linked_with_musl(&program))
		return "is linked with musl, which has no LD_AUDIT";
	return built_by_go(path) ? "is a Go program" : NULL;
}
