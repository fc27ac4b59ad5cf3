/* Calls as one C program that makes them again, in the same order and the same roles. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>

#include "decoder/call.h"

/* The calls are written to a temporary file, since what they need stands above them. */
void program_add(const struct call *call);

/* Writes the program to standard output; some: the dump has more calls than were added. */
void program_end(bool some);

#endif
