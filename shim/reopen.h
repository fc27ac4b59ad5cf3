/* Calls of our own that open the program's event once more, changed. */
#ifndef SHIM_REOPEN_H
#define SHIM_REOPEN_H

#include <stdbool.h>

#include "decoder/call.h"
#include "decoder/field.h"

/* Sets a member in a copy of the call's attr, if the caller passed it. */
void attr_store(const struct call *call, unsigned char *attr, enum field_id id, uint64_t value);

/* The call once more with that attr, past all that is preloaded. Returns an fd or -errno. */
long event_open(const struct call *call, const unsigned char *attr);

/* Whether attr.type is the call's PMU here: whatever tree SYSFS_PATH names. */
bool machine_has_pmu(const struct call *call);

#endif
