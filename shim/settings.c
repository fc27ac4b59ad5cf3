/* What the user asked for. */
#include "shim/settings.h"

#include <linux/auxvec.h>

#include "decoder/bytes.h"
#include "shim/life.h"
#include "shim/sys.h"

extern char **environ __attribute__((weak));
extern unsigned long getauxval(unsigned long type) __attribute__((weak));

static const char help_text[] =
	"/*\n"
	" * peodump: settings in the environment variable PEODUMP, as key=value:key=value\n"
	" *\n"
	" *\tout=FILE        append the dumps to FILE instead of standard error;\n"
	" *\t                %p is the process, %: a colon, %% a percent sign\n"
	" *\tformat=c|json   C that compiles (the default), or one JSON object a line\n"
	" *\tfields=all|set  every member of the attr (the default), or no zeros without a name\n"
	" *\trehearse=0|1    1: where hardware or permission is wanting, open a dummy and go on\n"
	" *\tsafe=0|1        1: only write() to standard error, for programs whose seccomp filter "
	"kills\n"
	" *\tprobe=0|1       1: where a refusal's cause is not certain, open again to find it\n"
	" *\tneeds=0|1       1: say the oldest kernel that accepts each attr\n"
	" *\tlife=0|1        1: tell what is done with each event; needs libpeodump-life.so\n"
	" *\thelp=0|1        1: print this at start\n"
	" */\n";

static struct settings settings;
static bool settings_due = true; /* not zero: see none_lost */

void
settings_help(struct buf *out)
{
	buf_text(out, help_text);
}

static bool
value_is(const char *value, unsigned long length, const char *word)
{
	return text_length(word) == length && bytes_equal(value, word, length);
}

static bool
read_flag(bool *flag, const char *value, unsigned long length)
{
	*flag = value_is(value, length, "1");
	return *flag || value_is(value, length, "0");
}

static bool
set_format(struct settings *to, const char *value, unsigned long length)
{
	bool json = value_is(value, length, "json");

	if (!json && !value_is(value, length, "c"))
		return false;
	to->form = json ? &form_json : &form_c;
	return true;
}

static bool
set_fields(struct settings *to, const char *value, unsigned long length)
{
	bool set = value_is(value, length, "set");

	if (!set && !value_is(value, length, "all"))
		return false;
	to->selection = set ? SELECT_SET : SELECT_ALL;
	return true;
}

/*
 * A relative path means the directory the program starts in, whatever it changes to later. A
 * percent sign in there is no escape of ours. Returns 0 if it is not to be had.
 */
static unsigned long
prepend_directory(char *path, unsigned long size)
{
	long length = sys2(__NR_getcwd, path, size);
	unsigned long end, percents = 0;

	if (SYS_FAILED(length) || path[0] != '/')
		return 0;
	path[length - 1] = '/';
	for (long at = 0; at < length; at++)
		percents += path[at] == '%';
	end = (unsigned long)length + percents;
	if (end >= size)
		return 0;
	for (unsigned long from = (unsigned long)length, to = end; to > from;) {
		path[--to] = path[--from];
		if (path[from] == '%')
			path[--to] = '%';
	}
	return end;
}

static bool
escapes_known(const char *value, unsigned long length)
{
	for (unsigned long at = 0; at < length; at++)
		if (value[at] == '%'
			&& (++at == length
				|| (value[at] != 'p' && value[at] != '%' && value[at] != ':')))
			return false;
	return true;
}

static bool
set_out(struct settings *to, const char *value, unsigned long length)
{
	unsigned long at = 0;

	to->out[0] = '\0';
	if (!length || !escapes_known(value, length))
		return false;
	if (value[0] != '/')
		at = prepend_directory(to->out, sizeof to->out);
	if (length >= sizeof to->out - at) {
		to->out[0] = '\0';
		return false;
	}
	bytes_copy(to->out + at, value, length);
	to->out[at + length] = '\0';
	return true;
}

/*
 * No table of functions: it would have to be relocated in every program. Returns false for what
 * means nothing.
 */
static bool
set(struct settings *to, const char *key, unsigned long key_length, const char *value,
	unsigned long length)
{
	if (value_is(key, key_length, "out"))
		return set_out(to, value, length);
	if (value_is(key, key_length, "format"))
		return set_format(to, value, length);
	if (value_is(key, key_length, "fields"))
		return set_fields(to, value, length);
	if (value_is(key, key_length, "rehearse"))
		return read_flag(&to->rehearse, value, length);
	if (value_is(key, key_length, "safe"))
		return read_flag(&to->safe, value, length);
	if (value_is(key, key_length, "probe"))
		return read_flag(&to->probe, value, length);
	if (value_is(key, key_length, "needs"))
		return read_flag(&to->needs, value, length);
	if (value_is(key, key_length, "life"))
		return read_flag(&to->life, value, length);
	return value_is(key, key_length, "help") && read_flag(&to->help, value, length);
}

static bool
read_pair(struct settings *to, const char *pair, unsigned long length)
{
	unsigned long key = 0;

	while (key < length && pair[key] != '=')
		key++;
	return key < length && set(to, pair, key, pair + key + 1, length - key - 1);
}

/* The end of a pair: a colon that is not part of %: */
static unsigned long
pair_length(const char *text)
{
	unsigned long length = 0;

	for (; text[length] && text[length] != ':'; length++)
		if (text[length] == '%' && text[length + 1])
			length++;
	return length;
}

void
settings_parse(struct settings *to, const char *text)
{
	while (*text) {
		unsigned long length = pair_length(text);

		if (length && !read_pair(to, text, length) && !to->wrong[0])
			bytes_copy(to->wrong, text,
				length < sizeof to->wrong ? length : sizeof to->wrong - 1);
		text += length;
		text += *text == ':';
	}
}

bool
settings_path(const char *out, int pid, char *path, unsigned long size)
{
	struct buf buf = {.text = path, .size = size - 1};

	for (; *out; out++) {
		if (*out != '%')
			buf_char(&buf, *out);
		else if (*++out == 'p')
			buf_decimal(&buf, (uint64_t)pid);
		else
			buf_char(&buf, *out);
	}
	path[buf.length] = '\0';
	return !buf.overflow;
}

static const char *
environment(const char *name)
{
	unsigned long length = text_length(name);

	if (!&environ || !environ || (getauxval && getauxval(AT_SECURE)))
		return NULL;
	for (char **entry = environ; *entry; entry++) {
		unsigned long same = 0;

		while (same < length && (*entry)[same] == name[same])
			same++;
		if (same == length && (*entry)[same] == '=')
			return *entry + same + 1;
	}
	return NULL;
}

static void
read_root(char *root, const char *name, const char *usual)
{
	const char *path = environment(name);

	if (!path || !*path || text_length(path) >= ROOT_MAX)
		path = usual;
	bytes_copy(root, path, text_length(path) + 1);
}

void
settings_load(void)
{
	const char *text;

	if (!settings_due)
		return;
	settings.form = &form_c;
	settings.life = life_note != NULL;
	read_root(settings.sysfs, "SYSFS_PATH", "/sys");
	read_root(settings.tracefs, "TRACEFS_PATH", "");
	read_root(settings.procfs, "PROCFS_PATH", "/proc");
	text = environment("PEODUMP");
	if (text)
		settings_parse(&settings, text);
	settings_due = false;
}

/*
 * An IFUNC resolver may call before we are relocated, when &environ still reads as NULL, or before
 * libc has set it.
 */
const struct settings *
settings_get(void)
{
	if (settings_due && &environ && environ)
		settings_load();
	return settings_due ? NULL : &settings;
}
