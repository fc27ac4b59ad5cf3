/* Calls as a table: one line an event, siblings under their leaders. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/fold.h"

/* The file of the calls that follow stands in their titles. */
void table_file(const char *name);

/* Takes the fold over and leaves it empty. Lines come out some thousand calls at a time. */
void table_add(struct fold *fold);

/* What was done with events. In the line of a fold stands what was done with its first. */
void table_act(const struct fold *fold);

/* A call that has no line, but which those of others may depend on. */
void table_hide(const struct call *call);

/* Writes the lines that are left. */
void table_end(void);

#endif
