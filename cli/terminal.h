/* Standard output when somebody looks at it: a pager, and colours. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

enum when_colour {
	COLOUR_AUTO, /* on a terminal, unless NO_COLOR is set or TERM is dumb */
	COLOUR_ALWAYS,
	COLOUR_NEVER
};

/* What a piece of text is, for its colour. */
enum ink {
	INK_PLAIN,
	INK_TITLE,
	INK_COMMENT,
	INK_REFUSED
};

/*
 * Decides on colours and, if standard output is a terminal that is not dumb, on a pager: the one
 * that PEODUMP_PAGER or PAGER names, else less; "" and "cat" are none. Only once.
 */
void terminal_begin(enum when_colour colour, bool paged);

/*
 * Starts the pager, if there is to be one. The first terminal_write does that too: for who writes
 * to stdout before. Input that a terminal gives is not to be shared with a pager.
 */
void terminal_start(void);

/*
 * Waits until the pager was left; ends the program if it could not be run. Every way out of the
 * program but a signal waits for it too.
 */
void terminal_end(void);

/* Whether whoever read standard output has gone, or it cannot be written: stop. */
bool terminal_gone(void);

/* Writes text to standard output in the ink's colour, if there are colours. */
void terminal_write(const char *text, size_t length, enum ink ink);

/* Writes calls in the C form: first lines, comments and refusals stand out. */
void terminal_write_c(const char *text, size_t length);

#endif
