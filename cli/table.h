/* Calls as a table: one line an event, siblings under their leaders. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "cli/fold.h"

/* Takes the fold over and leaves it empty. Lines come out some thousand calls at a time. */
void table_add(struct fold *fold);

/* Writes the lines that are left. */
void table_end(void);

#endif
