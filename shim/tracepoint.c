/*
 * Tracepoints as tracefs has them. There is no way from an id to its name but to read every
 * events/SYSTEM/NAME/id.
 */
#include "shim/tracepoint.h"

#include <linux/fcntl.h>

#include "decoder/buf.h"
#include "decoder/bytes.h"
#include "shim/cache.h"
#include "shim/files.h"
#include "shim/settings.h"
#include "shim/sys.h"

enum {
	IDS = 65536,       /* ring buffer entries hold the id in 16 bits */
	TEXT_MAX = 1 << 18 /* "system:name" of every tracepoint: some 100 KB on a large kernel */
};

static struct missed missed;

/* The index: where in text the name of an id starts; 0: there is none. */
static uint32_t starts[IDS];
static char text[TEXT_MAX];
static uint32_t index_state;

/* One walk over tracefs: all into the index, or one id into the room. */
struct walk {
	int events; /* fd of the events directory */
	const char *system;
	size_t used; /* of text; 0: the index is not ours to write */
	uint64_t id;
	struct tracepoint_room *room;
	bool found;
};

static size_t
copy_name(char *to, size_t size, const char *system, const char *name)
{
	struct buf out = {.text = to, .size = size - 1};

	buf_text(&out, system);
	buf_char(&out, ':');
	buf_text(&out, name);
	to[out.length] = '\0';
	return out.overflow ? 0 : out.length;
}

static void
add_to_index(struct walk *walk, uint64_t id, const char *name)
{
	size_t length;

	if (id >= IDS || TEXT_MAX - walk->used < CALL_TRACEPOINT_MAX)
		return;
	length = copy_name(text + walk->used, CALL_TRACEPOINT_MAX, walk->system, name);
	if (!length)
		return;
	starts[id] = (uint32_t)walk->used;
	walk->used += length + 1;
}

static bool
read_id(int events, const char *path, uint64_t *id)
{
	char digits[16];

	if (!file_read(events, path, digits, sizeof digits) || digits[0] < '0' || digits[0] > '9')
		return false;
	*id = 0;
	for (const char *at = digits; *at >= '0' && *at <= '9'; at++)
		*id = *id * 10 + (uint64_t)(*at - '0');
	return true;
}

/* SYSTEM/NAME/id, in the room; false: it does not fit. */
static bool
make_path(struct tracepoint_room *room, const char *system, size_t length, const char *name)
{
	struct buf out = {.text = room->path, .size = sizeof room->path - 1};

	buf_add(&out, system, length);
	buf_char(&out, '/');
	buf_text(&out, name);
	BUF_LITERAL(&out, "/id");
	out.text[out.length] = '\0';
	return !out.overflow;
}

static bool
look_at_event(void *with, const char *name)
{
	struct walk *walk = with;
	uint64_t id;

	if (!make_path(walk->room, walk->system, text_length(walk->system), name)
		|| !read_id(walk->events, walk->room->path, &id))
		return true;
	if (walk->used)
		add_to_index(walk, id, name);
	else if (id == walk->id)
		walk->found =
			copy_name(walk->room->name, sizeof walk->room->name, walk->system, name)
			!= 0;
	return !walk->found;
}

static bool
look_at_system(void *with, const char *system)
{
	struct walk *walk = with;

	walk->system = system;
	directory_walk(walk->events, system, walk->room->events, sizeof walk->room->events,
		look_at_event, walk);
	return !walk->found;
}

static long
open_events(struct tracepoint_room *room, const char *root)
{
	return file_open(AT_FDCWD,
		path_join(room->path, sizeof room->path, PATH(root, "/events")));
}

/* tracefs alone, or below debugfs as before 4.1. */
static long
find_events(struct tracepoint_room *room)
{
	const char *root = settings_get()->tracefs;
	long fd;

	if (root[0])
		return open_events(room, root);
	fd = open_events(room, "/sys/kernel/tracing");
	return SYS_FAILED(fd) ? open_events(room, "/sys/kernel/debug/tracing") : fd;
}

static bool
walk_events(struct walk *walk)
{
	long fd = find_events(walk->room);

	if (SYS_FAILED(fd))
		return false;
	walk->events = (int)fd;
	directory_walk(walk->events, ".", walk->room->systems, sizeof walk->room->systems,
		look_at_system, walk);
	sys1(__NR_close, fd);
	return true;
}

/* A machine whose tracefs is not there yet may have it later: then the index is free again. */
static void
make_index(struct tracepoint_room *room)
{
	struct walk walk = {.used = 1, .room = room};

	if (walk_events(&walk) && walk.used > 1)
		cache_publish(&index_state);
	else
		__atomic_store_n(&index_state, CACHE_FREE, __ATOMIC_RELEASE);
}

/* Whether the index is still right: tracepoints come and go, and their ids are used again. */
static bool
still_named(const char *name, uint64_t id, struct tracepoint_room *room)
{
	const char *colon = name;
	uint64_t now;
	long fd = find_events(room);
	bool right;

	if (SYS_FAILED(fd))
		return false;
	while (*colon && *colon != ':')
		colon++;
	right = *colon && make_path(room, name, (size_t)(colon - name), colon + 1)
		&& read_id((int)fd, room->path, &now) && now == id;
	sys1(__NR_close, fd);
	return right;
}

static const char *
find_new(uint64_t id, struct tracepoint_room *room)
{
	struct walk walk = {.id = id, .room = room};

	if (missed_worth_a_look(&missed, (uint32_t)id))
		walk_events(&walk);
	if (walk.found)
		return room->name;
	missed_again(&missed, (uint32_t)id);
	return "";
}

const char *
tracepoint_name(uint64_t id, struct tracepoint_room *room)
{
	bool looked = cache_claim(&index_state);

	if (looked)
		make_index(room);
	if (cache_ready(&index_state) && id < IDS && starts[id]
		&& (looked || still_named(text + starts[id], id, room)))
		return text + starts[id];
	return looked ? "" : find_new(id, room);
}

bool
tracepoints_readable(void)
{
	return cache_ready(&index_state);
}
