/* What is said of a file: the first messages of each kind, and then how many more there were. */
#ifndef CLI_COMPLAINTS_H
#define CLI_COMPLAINTS_H

#include <stdbool.h>

enum {
	COMPLAINTS_KINDS = 64
};

/* Zeroed, it is of a new file. */
struct complaints {
	struct {
		const char *why;
		unsigned long count;
	} kinds[COMPLAINTS_KINDS];
};

/* Counts a reason, which must live as long; returns whether it is still to be said. */
bool complaints_say(struct complaints *complaints, const char *why);

/* Says how many were not, with the name of the file. */
void complaints_end(const struct complaints *complaints, const char *name);

#endif
