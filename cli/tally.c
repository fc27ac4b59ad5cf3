/* What was asked for of a dump, and what it has instead. */
#include "cli/tally.h"

#include <stdio.h>
#include <string.h>

#include "cli/say.h"
#include "decoder/value.h"

void
tally_number(struct tally *tally, uint32_t number)
{
	if (!tally->least || number < tally->least)
		tally->least = number;
	if (number > tally->most)
		tally->most = number;
}

static bool
has_name(const struct tally *tally, const char *comm)
{
	for (unsigned at = 0; at < tally->names; at++)
		if (strncmp(tally->name[at], comm, CALL_COMM_MAX) == 0)
			return true;
	return false;
}

void
tally_name(struct tally *tally, const char *comm)
{
	if (has_name(tally, comm))
		return;
	tally->more = tally->names == TALLY_NAMES;
	if (!tally->more)
		strncpy(tally->name[tally->names++], comm, CALL_COMM_MAX - 1);
}

static void
add_names(struct buf *out, const struct tally *tally)
{
	BUF_LITERAL(out, "calls of ");
	for (unsigned at = 0; at < tally->names; at++) {
		buf_text(out, at ? ", " : "");
		text_c(out, tally->name[at], 0);
	}
	buf_text(out, tally->more ? " and others" : "");
}

static void
add_numbers(struct buf *out, const struct tally *tally)
{
	buf_decimal(out, tally->least);
	BUF_LITERAL(out, " to ");
	buf_decimal(out, tally->most);
}

void
tally_miss(const struct tally *tally, const struct wanted *wanted)
{
	char number[32] = "", comm[64] = "", text[1024];
	struct buf has = {.text = text, .size = sizeof text - 1};

	if (wanted->number)
		snprintf(number, sizeof number, " %u", wanted->number);
	if (wanted->comm)
		snprintf(comm, sizeof comm, " of a process named '%.16s'", wanted->comm);
	if (wanted->comm && !has_name(tally, wanted->comm))
		add_names(&has, tally);
	else if (tally->most)
		add_numbers(&has, tally);
	else
		BUF_LITERAL(&has, "none");
	warn("no %scall%s%s: the dump has %.*s", wanted->failed ? "refused " : "", number, comm,
		(int)has.length, text);
}
