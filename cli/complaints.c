/* What is said of a file. */
#include "cli/complaints.h"

#include <string.h>

#include "cli/say.h"

enum {
	SAID = 10 /* of one kind, for a file */
};

/* The last kind is of all that are left. */
bool
complaints_say(struct complaints *complaints, const char *why)
{
	int kind = 0;

	while (kind < COMPLAINTS_KINDS - 1 && complaints->kinds[kind].why
		&& strcmp(complaints->kinds[kind].why, why) != 0)
		kind++;
	complaints->kinds[kind].why = why;
	return ++complaints->kinds[kind].count <= SAID;
}

void
complaints_end(const struct complaints *complaints, const char *name)
{
	for (int kind = 0; kind < COMPLAINTS_KINDS; kind++)
		if (complaints->kinds[kind].count > SAID)
			warn("%s: and %lu more: %s", name, complaints->kinds[kind].count - SAID,
				complaints->kinds[kind].why);
}
