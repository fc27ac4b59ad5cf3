/* The verbs of the tool, each in a file of its name. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

/* argv[0] is the verb; returns the exit status. */
int run_main(int argc, char **argv);
int show_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int fields_main(int argc, char **argv);
int explain_main(int argc, char **argv);

#endif
