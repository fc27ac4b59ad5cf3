/* What was done with an event, in few words: mmap 128, SET_FILTER "pid != 0", ENABLE, close. */
#ifndef CLI_LIFE_H
#define CLI_LIFE_H

#include "decoder/act.h"

/* `{0}` is of an event that nothing was done with. */
struct life {
	bool uncounted; /* how often in a row is not told: it may be another time in each run */
	char *text;     /* NULL: nothing */
	size_t length;
	size_t word;         /* where the last one starts */
	size_t word_length;  /* without how often */
	unsigned long times; /* that one, in a row */
	unsigned long more;  /* words for which there was no room */
};

/* ENABLE, F_SETFL or close. */
const char *act_word(const struct act *act);

void life_add(struct life *life, const struct act *act);
void life_end(struct life *life);

#endif
