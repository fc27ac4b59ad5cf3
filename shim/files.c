/* Small files, links and directories by raw system calls. */
#include "shim/files.h"

#include <linux/fcntl.h>

#include "decoder/buf.h"
#include "shim/sys.h"

const char *
path_join(char *path, size_t size, const char *const *parts)
{
	struct buf out = {.text = path, .size = size - 1};

	for (; *parts; parts++)
		buf_text(&out, *parts);
	path[out.length] = '\0';
	return path;
}

const char *
number_name(char text[NUMBER_NAME_MAX], int32_t number)
{
	struct buf out = {.text = text, .size = NUMBER_NAME_MAX - 1};

	buf_signed(&out, number);
	text[out.length] = '\0';
	return text;
}

long
file_open(int directory, const char *path)
{
	return sys4(__NR_openat, directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
}

bool
file_read(int directory, const char *path, char *text, size_t size)
{
	long fd = file_open(directory, path);
	long length;

	if (SYS_FAILED(fd))
		return false;
	length = sys3(__NR_read, fd, text, size - 1);
	sys1(__NR_close, fd);
	if (SYS_FAILED(length))
		return false;
	if (length && text[length - 1] == '\n')
		length--;
	text[length] = '\0';
	return true;
}

long
link_read(const char *path, char *text, size_t size)
{
	long length = sys4(__NR_readlinkat, AT_FDCWD, path, text, size - 1);

	text[SYS_FAILED(length) ? 0 : length] = '\0';
	return length;
}

/* getdents64's, whose name follows at once. */
struct entry {
	uint64_t inode;
	int64_t next;
	uint16_t length;
	uint8_t type;
	char name[];
};

static bool
itself_or_parent(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static bool
walk_entries(const char *at, const char *end, visitor *visit, void *with)
{
	while (at < end) {
		const struct entry *entry = (const struct entry *)(const void *)at;

		if (!itself_or_parent(entry->name) && !visit(with, entry->name))
			return false;
		at += entry->length;
	}
	return true;
}

bool
directory_walk(int directory, const char *path, char *room, size_t size, visitor *visit, void *with)
{
	long fd = sys4(__NR_openat, directory, path, O_RDONLY | O_CLOEXEC | O_DIRECTORY, 0);
	long length;

	if (SYS_FAILED(fd))
		return false;
	do
		length = sys3(__NR_getdents64, fd, room, size);
	while (!SYS_FAILED(length) && length && walk_entries(room, room + length, visit, with));
	sys1(__NR_close, fd);
	return true;
}
