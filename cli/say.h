/* What the tool says to its user on standard error. */
#ifndef CLI_SAY_H
#define CLI_SAY_H

/*
 * Ends with exit status 2 after "peodump: ..." on stderr; a trailing colon appends the text of
 * errno.
 */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same without ending. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
