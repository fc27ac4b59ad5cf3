/* The attr of a call as C that compiles with headers as old as Linux 4.19's. */
#ifndef CLI_INITIALISER_H
#define CLI_INITIALISER_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/prologue.h"
#include "decoder/buf.h"
#include "decoder/call.h"
#include "decoder/value.h"

/*
 * Writes the declaration of `struct event event`, indented by two tabs: an initialiser with what is
 * set, and statements for what old headers have no member or bit for. Notes in needs what that
 * takes.
 */
void initialiser_write(FILE *out, const struct call *call, bool needs[NEEDS]);

/* A value by names that old headers have too, and numbers. */
void number_c(struct buf *out, const struct call *call, const struct value *value);

#endif
