/* Linux releases as the tables count them. */
#include "cli/release.h"

#include <stdio.h>
#include <string.h>

#include "cli/option.h"
#include "cli/say.h"
#include "tables/tables.h"

const char *
release_text(uint32_t release, char text[RELEASE_TEXT])
{
	unsigned major = release >> 16 & 0xff, minor = release >> 8 & 0xff, patch = release & 0xff;

	snprintf(text, RELEASE_TEXT, patch ? "%u.%u.%u" : "%u.%u", major, minor, patch);
	return text;
}

/* Up to a number that no part of a release has. */
static unsigned
read_part(const char **at, const char *end)
{
	unsigned part = 0;

	for (; *at < end && **at >= '0' && **at <= '9' && part < 256; ++*at)
		part = part * 10 + (unsigned)(**at - '0');
	return part;
}

bool
release_read(const char *text, size_t length, uint32_t *release)
{
	const char *end = text + length;
	const char *at = text + (length && *text == 'v');
	unsigned parts[3] = {0};

	for (size_t part = 0; part < COUNT_OF(parts); part++) {
		const char *digits = at;

		parts[part] = read_part(&at, end);
		if (at == digits)
			return false;
		if (at == end || *at != '.')
			break;
		at++;
	}
	/* From 3.0 on the third number counts bug fixes, which bring nothing to the interface. */
	if (parts[0] > 255 || parts[1] > 255)
		return false;
	*release = L(parts[0], parts[1], parts[0] < 3 ? parts[2] & 0xff : 0);
	return at == end || strchr("-+~_", *at) || at[-1] == '.';
}

uint32_t
release_first(void)
{
	return fields[0].since;
}

uint32_t
release_newest(void)
{
	uint32_t since = 0;

	for (int id = 0; id < FIELDS; id++)
		since = fields[id].since > since ? fields[id].since : since;
	for (int id = 0; id < NAMES; id++)
		since = names[id].since > since ? names[id].since : since;
	return since;
}

uint32_t
release_asked(const char *text, size_t length)
{
	char first[RELEASE_TEXT], newest[RELEASE_TEXT];
	uint32_t release;

	if (!release_read(text, length, &release))
		option_wrong("'%.*s' is no Linux release, as 5.4 or 6.1.0-13-amd64 is", (int)length,
			text);
	if (release < release_first())
		option_wrong("Linux %.*s: perf_event_open came with %s", (int)length, text,
			release_text(release_first(), first));
	if (release >> 8 <= release_newest() >> 8)
		return release;
	warn("Linux %.*s is newer than these tables, which end with %s", (int)length, text,
		release_text(release_newest(), newest));
	return release_newest();
}
