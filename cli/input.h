/*
 * Dump files as one sequence of calls, streamed: the memory they take does not grow with their
 * size.
 */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "decoder/act.h"
#include "decoder/call.h"

struct input;

/*
 * A sequence of dump files in the C form; "-", or no file at all, is standard input. The names must
 * live as long as the input. Ends the program when there is no memory.
 */
struct input *input_open(char **files, int count);

/* The same for one that is in memory, under its name, which must live as long. */
struct input *input_open_text(const char *name, const char *text, size_t length);

/* Whether a text has calls of a dump in it: in the C form, or in the one that is not read. */
bool input_holds(const char *text, size_t length);

/* What a dump has: a call or an act, the other being NULL. */
struct record {
	struct call *call;
	const struct act *act;
};

/*
 * The next call or act, valid until the next is read; false at the end. A damaged or torn block is
 * reported as "peodump: FILE:LINE: why" on stderr, skipped, and remembered in input_trouble(). So
 * is a file that cannot be read, and one that has no call in it; the next file is gone on with.
 */
bool input_read(struct input *input, struct record *record);

/* The next call, for whom acts are nothing; false at the end. */
bool input_next(struct input *input, struct call *call);

/* The file of the last call, as messages name it, and the call's first line, counted from 1. */
const char *input_name(const struct input *input);
unsigned long input_line(const struct input *input);

/* Whether anything was reported: then the exit status is 2. */
bool input_trouble(const struct input *input);

/* How many calls were read so far. */
unsigned long input_calls(const struct input *input);

void input_close(struct input *input);

/* A copy of a call with all it points to, in one malloc; freed with free(). Never NULL. */
struct call *call_copy(const struct call *call);

/* The same of an act, for act_free(). */
struct act *act_copy(const struct act *act);
void act_free(struct act *act);

#endif
