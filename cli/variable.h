/* Variables of the environment that hold several values, with colons between them. */
#ifndef CLI_VARIABLE_H
#define CLI_VARIABLE_H

/* What is there, if anything, and one more. Never NULL; freed with free(). */
char *variable_join(const char *values, const char *value);

#endif
