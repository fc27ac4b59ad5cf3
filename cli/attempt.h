/* Calls that are only thought of: from dumps or from C, with the facts of this machine. */
#ifndef CLI_ATTEMPT_H
#define CLI_ATTEMPT_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/input.h"
#include "cli/source.h"
#include "decoder/call.h"
#include "decoder/facts.h"

struct attempt {
	uint32_t release; /* of another kernel than the one that runs; 0: that one */

	struct call call; /* the one at hand, and what is known for it; error is 0 */
	struct facts facts;
	char where[128]; /* the kernel, in words */

	bool trouble; /* in what was read; to be asked once there is no other call */

	char **files; /* that are not read yet */
	int left;
	char *text; /* of the file at hand, which is one of these */
	struct input *input;
	struct source *source;
};

/* Goes over the calls of the files; "-", or none, is standard input. */
void attempt_begin(struct attempt *attempt, char **files, int count);
bool attempt_next(struct attempt *attempt);

/* Whether the call at hand is one of a dump, which has a number. */
bool attempt_dumped(const struct attempt *attempt);

#endif
