/* Any text as PEODUMP: what was understood fits its place, and what was not is said. */
#include "shim/settings.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	static char text[SETTING_PATH_MAX * 2], path[SETTING_PATH_MAX];

	if (size >= sizeof text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	settings = (struct settings){.form = &form_c};
	settings_parse(&settings, text);
	check(memchr(settings.out, '\0', sizeof settings.out), "out has no end", text);
	check(memchr(settings.wrong, '\0', sizeof settings.wrong), "wrong has no end", text);
	check(strstr(text, settings.wrong), "nobody wrote what is wrong", text);
	check(settings.form == &form_c || settings.form == &form_json, "no such form", text);
	check(!settings.out[0] || settings.out[0] == '/', "out is relative", text);
	if (settings_path(settings.out, 4194304, path, sizeof path))
		check(strlen(path) < sizeof path, "the path has no end", text);
	return 0;
}
