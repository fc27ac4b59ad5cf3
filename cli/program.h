/* Calls as one C program that makes them again, in the same order and the same roles. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>

#include "decoder/act.h"
#include "decoder/call.h"

/* The calls are written to a temporary file, since what they need stands above them. */
void program_add(const struct call *call);

/* What was done with the event of such a call; an act before the first call is left out. */
void program_act(const struct act *act);

/* Writes the program to standard output; some: the dump has more calls than were added. */
void program_end(bool some);

#endif
