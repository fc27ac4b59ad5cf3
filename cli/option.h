/* What the options of all verbs have in common: their words, and what is said of a mistake. */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <stddef.h>
#include <stdint.h>

#include "cli/terminal.h"

/* Before the first option: the verb, and the exit status that a mistake in its options has. */
void option_begin(const char *verb, int trouble);

/* Ends with "peodump VERB: ..." on stderr, and where the help is. */
_Noreturn void option_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same when getopt has said what is wrong. */
_Noreturn void option_unknown(void);

/* The place of the option's word in a list that ends with NULL. */
size_t option_choice(const char *option, const char *word, const char *const *words);

/* The number that --call asks for. */
uint32_t option_call(const char *word);

/* Ends if there is no FILE but a terminal: nobody waits for what nobody knows is to be typed. */
void option_files(int count);

/* What --color asks for; NULL: it stands alone. */
enum when_colour option_colour(const char *when);

#endif
