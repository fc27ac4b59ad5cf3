/* A library whose IFUNC resolver even opens an event. */
#define OPEN
#include "lib_ifunc.c"
