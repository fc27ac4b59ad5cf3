/* Linux releases as the tables count them: as text, from text, and the first and last of them. */
#ifndef CLI_RELEASE_H
#define CLI_RELEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RELEASE_TEXT = 16
};

/* Writes "5.13" or "2.6.31", and returns it. */
const char *release_text(uint32_t release, char text[RELEASE_TEXT]);

/* Reads what uname -r may say: 6.1.0-13-amd64 is 6.1. Returns false if it is no release. */
bool release_read(const char *text, size_t length, uint32_t *release);

/*
 * Reads what an option asks for. What is none, or had no perf_event_open, ends the program; one
 * that the tables do not reach is said, and taken for their newest.
 */
uint32_t release_asked(const char *text, size_t length);

/*
 * The first release with perf_event_open, and the newest that has brought anything in the tables.
 */
uint32_t release_first(void);
uint32_t release_newest(void);

#endif
