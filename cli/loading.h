/* The libraries that ld.so puts into a command, and how it is told to. */
#ifndef CLI_LOADING_H
#define CLI_LOADING_H

#include <stdbool.h>

/*
 * The path of the library to preload, or to audit with; life: the one that tells what is done with
 * events too. named: what the user named; NULL: it is looked for where it was built or installed.
 * Returns NULL when it has said why there is none.
 */
const char *loading_library(bool audit, bool life, const char *named);

/* Has whatever is executed from now on load it. */
void loading_set(bool audit, const char *library);

#endif
