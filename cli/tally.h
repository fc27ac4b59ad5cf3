/* What was asked for of a dump, and what it has instead. */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"

/* Which calls are asked for. */
struct wanted {
	bool failed;
	uint32_t number; /* 0: of any number */
	const char *comm; /* NULL: of any process */
};

enum {
	TALLY_NAMES = 12
};

struct tally {
	uint32_t least, most; /* numbers of calls */
	unsigned names;       /* of processes; those behind the last that has room are not kept */
	char name[TALLY_NAMES][CALL_COMM_MAX];
	bool more;
};

void tally_number(struct tally *tally, uint32_t number);
void tally_name(struct tally *tally, const char *comm);

/* Says on stderr that what was asked for is not there, and what is. */
void tally_miss(const struct tally *tally, const struct wanted *wanted);

#endif
