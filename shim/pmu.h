/* PMUs as sysfs has them: a type's name, and a config in the PMU's own words. */
#ifndef SHIM_PMU_H
#define SHIM_PMU_H

#include <stdint.h>

#include "decoder/call.h"
#include "tables/tables.h"

enum {
	PMU_NAME_MAX = 64,
	FORMATS_MAX = 64,
	FORMAT_RANGES_MAX = 4
};

/* Some bits of a config word, in the order in which they make a number: the file format/NAME. */
struct format {
	char name[32];
	uint8_t word;
	uint8_t ranges;
	uint8_t low[FORMAT_RANGES_MAX];
	uint8_t high[FORMAT_RANGES_MAX];
};

/* Lent for the making of an event's words. */
struct pmu_room {
	_Alignas(8) char entries[4096]; /* of a directory, which have integers */
	char path[640];
	char text[1024];
	struct format formats[FORMATS_MAX];
	unsigned formats_count;
	char name[PMU_NAME_MAX];
	char event[CALL_EVENT_MAX];
	char alias[CALL_NAME_MAX];
};

/* The PMU's name in sysfs; "": it has none. */
const char *pmu_name(uint32_t type, struct pmu_room *room);

/* Sets event and alias of a call whose pmu is known. */
void pmu_find_event(struct call *call, struct pmu_room *room);

#endif
