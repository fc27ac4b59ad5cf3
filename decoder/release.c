/* A kernel's release, and what kernels of that release accept. */
#include "decoder/release.h"

#include "decoder/field.h"

uint32_t
release_parse(const char *text)
{
	uint32_t part[3] = {0};

	for (unsigned i = 0; i < 3; i++, text++) {
		if (*text < '0' || *text > '9')
			break;
		for (; *text >= '0' && *text <= '9'; text++)
			part[i] = part[i] > 1000 ? part[i] : part[i] * 10 + (uint32_t)(*text - '0');
		if (*text != '.')
			break;
	}
	return L(part[0], part[1] & 0xff, part[2] > 255 ? 255 : part[2]);
}

static bool
holds_text(const char *text, const char *part)
{
	size_t length = text_length(part), left = text_length(text);

	for (; left >= length; left--, text++)
		if (bytes_equal(text, part, length))
			return true;
	return false;
}

static uint32_t
newest_size(uint32_t release)
{
	uint64_t size = VER0;

	for (int row = group_starts[GROUP_size]; row < group_starts[GROUP_size + 1]; row++)
		if (names[row].since <= release)
			size = names[row].value;
	return (uint32_t)size;
}

/* Red Hat's kernels keep an old number; so does any with a struct that is newer than its number. */
struct release
release_find(const struct call *call, const struct facts *facts)
{
	struct release release = {release_parse(call->kernel), holds_text(call->kernel, ".el")};

	if (fact_known(facts, FACT_release)) {
		release.number = (uint32_t)facts->value[FACT_release];
		release.vague = false;
	}
	if (release.number && fact_known(facts, FACT_attr_size)
		&& facts->value[FACT_attr_size] > newest_size(release.number))
		release.vague = true;
	return release;
}

enum truth
release_reached(struct release release, uint32_t number, uint32_t maybe)
{
	if (!release.number)
		return number <= L(3, 0, 0) ? YES : MAYBE;
	if (release.number >= number)
		return YES;
	return release.vague || (maybe && release.number >= maybe) ? MAYBE : NO;
}

/* since.def's words on a row, if there are any. */
static const struct accepted *
exception(bool is_name, unsigned id)
{
	for (const struct accepted *row = accepted; row < accepted + ACCEPTED_ROWS; row++)
		if (row->is_name == is_name && row->id == id)
			return row;
	return NULL;
}

static uint32_t
accepted_since(bool is_name, unsigned id)
{
	const struct accepted *row = exception(is_name, id);

	if (row && row->since)
		return row->since;
	return is_name ? names[id].since : fields[id].since;
}

static enum truth
accepts(struct release release, bool is_name, unsigned id)
{
	const struct accepted *row = exception(is_name, id);

	return release_reached(release, accepted_since(is_name, id), row ? row->maybe : 0);
}

enum truth
release_has_value(struct release release, enum group group, uint64_t value)
{
	const struct name *name = name_of(group, value);

	if (!name)
		return release.number > KERNELS_KNOWN ? MAYBE : NO;
	return accepts(release, true, (unsigned)(name - names));
}

enum truth
release_has_field(struct release release, enum field_id id)
{
	return accepts(release, false, id);
}

uint32_t
name_accepted(enum name_id id)
{
	return accepted_since(true, (unsigned)id);
}

uint32_t
field_accepted(enum field_id id)
{
	return accepted_since(false, id);
}
