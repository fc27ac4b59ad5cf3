/*
 * What the shim itself has to say, and when: the help at load, warnings at the first call, losses
 * at the end.
 */
#include "shim/warning.h"

#include <asm/errno.h>

#include "decoder/host.h"
#include "decoder/value.h"
#include "shim/caller.h"
#include "shim/life.h"
#include "shim/output.h"
#include "shim/settings.h"
#include "shim/sys.h"

static uint32_t said_setting;
static uint32_t said_file;
static uint32_t said_life;
static uint32_t said_safe;

static bool
first_time(uint32_t *said)
{
	return !__atomic_exchange_n(said, 1, __ATOMIC_RELAXED);
}

void
warning_give(char *room, size_t size)
{
	const struct settings *settings = settings_get();
	struct buf out = {.text = room, .size = size};

	if (settings->wrong[0] && first_time(&said_setting)) {
		BUF_LITERAL(&out, "/* peodump: PEODUMP=");
		text_c(&out, settings->wrong, 0);
		BUF_LITERAL(&out,
			" means nothing and is ignored; PEODUMP=help=1 lists the settings */\n");
	}
	if (settings->life && !life_note && first_time(&said_life))
		BUF_LITERAL(&out,
			"/* peodump: PEODUMP=life=1 takes libpeodump-life.so in the place of this "
			"library; peodump run --life loads it */\n");
	if (settings->safe && (settings->rehearse || settings->probe || settings->life)
		&& first_time(&said_safe))
		BUF_LITERAL(&out,
			"/* peodump: with PEODUMP=safe=1 there is no rehearse, probe or life */\n");
	if (output_error() && first_time(&said_file)) {
		BUF_LITERAL(&out, "/* peodump: cannot open ");
		text_c(&out, settings->out, 0);
		BUF_LITERAL(&out, ": ");
		if (output_error() == ELOOP)
			BUF_LITERAL(&out, "it is a symbolic link");
		else
			error_text(&out, HOST_ARCH, output_error());
		BUF_LITERAL(&out, "; the dumps are lost until it can be opened */\n");
	}
	if (out.length && !out.overflow)
		output_say(out.text, out.length);
}

__attribute__((constructor)) static void
load(void)
{
	char text[900];
	struct buf out = {.text = text, .size = sizeof text};
	const struct settings *settings;

	settings_load();
	settings = settings_get();
	output_load();
	if (settings->safe) {
		caller_load();
		warning_give(text, sizeof text);
	}
	if (!settings->help)
		return;
	settings_help(&out);
	output_say(out.text, out.length);
}

__attribute__((destructor)) static void
unload(void)
{
	char text[128];
	struct buf out = {.text = text, .size = sizeof text};
	uint32_t lost;

	if (settings_get()->safe || !caller_lost())
		return;
	lost = caller_take_lost((int32_t)sys0(__NR_getpid));
	if (!lost)
		return;
	BUF_LITERAL(&out, "/* peodump: ");
	buf_decimal(&out, lost);
	buf_text(&out, lost == 1 ? " dump was lost" : " dumps were lost");
	if (outlet_error()) {
		BUF_LITERAL(&out, ", the last with ");
		error_text(&out, HOST_ARCH, outlet_error());
	}
	BUF_LITERAL(&out, " */\n");
	output_say(out.text, out.length);
}
