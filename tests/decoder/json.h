/* Whether a text is one JSON value (RFC 8259), and nothing behind it but blanks. */
#ifndef TESTS_DECODER_JSON_H
#define TESTS_DECODER_JSON_H

#include <stdbool.h>
#include <string.h>

static inline bool json_value(const char **at);

static inline bool
json_skip(const char **at, const char *word)
{
	*at += strspn(*at, " \t\r\n");
	if (strncmp(*at, word, strlen(word)) != 0)
		return false;
	*at += strlen(word);
	return true;
}

static inline bool
json_string(const char **at)
{
	if (!json_skip(at, "\""))
		return false;
	for (; **at && **at != '"'; ++*at) {
		if ((unsigned char)**at < 0x20)
			return false;
		if (**at != '\\')
			continue;
		++*at;
		if (**at == 'u' && strspn(*at + 1, "0123456789abcdefABCDEF") >= 4)
			*at += 4;
		else if (!**at || !strchr("\"\\/bfnrt", **at))
			return false;
	}
	return json_skip(at, "\"");
}

static inline bool
json_number(const char **at)
{
	size_t digits;

	json_skip(at, "-");
	digits = strspn(*at, "0123456789");
	if (!digits || (digits > 1 && **at == '0'))
		return false;
	*at += digits;
	return true;
}

/* What stands between the brackets, commas between; the opening one was read. */
static inline bool
json_list(const char **at, const char *close, bool keys)
{
	if (json_skip(at, close))
		return true;
	do {
		if (keys && !(json_string(at) && json_skip(at, ":")))
			return false;
		if (!json_value(at))
			return false;
	} while (json_skip(at, ","));
	return json_skip(at, close);
}

static inline bool
json_value(const char **at)
{
	if (json_skip(at, "{"))
		return json_list(at, "}", true);
	if (json_skip(at, "["))
		return json_list(at, "]", false);
	return json_string(at) || json_skip(at, "true") || json_skip(at, "false")
		|| json_skip(at, "null") || json_number(at);
}

static inline bool
json_well_formed(const char *text)
{
	return json_value(&text) && (json_skip(&text, ""), !*text);
}

#endif
