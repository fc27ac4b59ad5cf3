/* The file of --output. */
#ifndef CLI_OUTFILE_H
#define CLI_OUTFILE_H

/*
 * Empties the file, unless its name has a %p or it is open already, as /dev/stdout is; - is
 * standard output. Returns what out= takes for it, to be freed with free(), or NULL, when it has
 * said why not.
 */
char *outfile_prepare(const char *file);

#endif
