/* What was done with an event, in few words. */
#include "cli/life.h"

#include <stdlib.h>
#include <string.h>

#include "cli/say.h"
#include "decoder/field.h"
#include "decoder/value.h"

enum {
	LENGTH_MAX = 300, /* of which no more is read */
	WORD_MAX = 20000   /* a filter in octal */
};

const char *
act_word(const struct act *act)
{
	static const char prefix[] = "PERF_EVENT_IOC_";
	const char *name = function_rows[act->function].name;

	if (act->command != NAMES)
		name = names[act->command].text;
	return strncmp(name, prefix, sizeof prefix - 1) == 0 ? name + sizeof prefix - 1 : name;
}

/* What an argument adds to the command; ids, addresses and fds are others in each run. */
static void
add_argument(struct buf *out, const struct act *act)
{
	unsigned last = act_parts(act) - 1;
	struct part_row row = act_part(act, last);
	const struct value value = {act->arguments[last], MASK, (enum group)row.words, true};

	if (row.part == PART_BITS && value.bits) {
		buf_char(out, ' ');
		value_c(out, NULL, &value);
	} else if (row.part == PART_NUMBER_AT && act->read) {
		buf_char(out, ' ');
		buf_decimal(out, act->number);
	} else if (row.part == PART_TEXT_AT && act->read) {
		buf_char(out, ' ');
		string_c(out, act->text, strlen(act->text));
	} else if (row.part == PART_COUNT) {
		buf_char(out, ' ');
		buf_decimal(out, act->arguments[last]);
	}
}

/* Pages of data, and whether the reader writes there how far it is. */
static void
add_map(struct buf *out, const struct act *act)
{
	buf_text(out, act_is_aux(act) ? "AUX " : "mmap ");
	if (act_whole_pages(act))
		buf_decimal(out, act_pages(act));
	else
		buf_text(out, "of a part of a page");
	if (!(act->arguments[ACT_MMAP_PROT] & name_value(NAME_PROT_WRITE)))
		BUF_LITERAL(out, " read-only");
}

static void
add_word(struct buf *out, const struct act *act)
{
	if (act->function == FUNCTION_mmap)
		add_map(out, act);
	else
		buf_text(out, act_word(act));
	if (act->command != NAMES)
		add_argument(out, act);
	if (act->error) {
		BUF_LITERAL(out, ": ");
		error_label(out, act->arch, act->error);
	}
}

static void
append(struct life *life, const char *text, size_t length)
{
	life->text = realloc(life->text, life->length + length + 1);
	if (!life->text)
		die("show acts:");
	memcpy(life->text + life->length, text, length);
	life->length += length;
	life->text[life->length] = '\0';
}

static bool
repeats(const struct life *life, const struct buf *word)
{
	return life->times && life->word_length == word->length
		&& memcmp(life->text + life->word, word->text, word->length) == 0;
}

/* ENABLE x3 */
static void
count_again(struct life *life)
{
	char text[32];
	struct buf out = {.text = text, .size = sizeof text};

	BUF_LITERAL(&out, " x");
	buf_decimal(&out, ++life->times);
	if (life->uncounted)
		return;
	life->length = life->word + life->word_length;
	append(life, text, out.length);
}

/* Whether there is no room for one more word; what comes behind the first of those is counted. */
static bool
full(const struct life *life, const struct buf *word)
{
	return life->more || (life->length && life->length + word->length > LENGTH_MAX);
}

void
life_add(struct life *life, const struct act *act)
{
	static char text[WORD_MAX];
	struct buf word = {.text = text, .size = sizeof text};

	add_word(&word, act);
	if (!life->more && repeats(life, &word)) {
		count_again(life);
	} else if (full(life, &word)) {
		life->more++;
	} else {
		append(life, ", ", life->length ? 2 : 0);
		life->word = life->length;
		life->word_length = word.length;
		life->times = 1;
		append(life, word.text, word.length);
	}
}

void
life_end(struct life *life)
{
	free(life->text);
	*life = (struct life){0};
}
