/* A library with nothing in it, to compare what loading ours costs with. */
extern int nothing;
