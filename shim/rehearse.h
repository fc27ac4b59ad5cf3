/* Stand-ins: a software dummy in the place of an event that the machine lacks, or may not have. */
#ifndef SHIM_REHEARSE_H
#define SHIM_REHEARSE_H

#include "shim/slot.h"

/*
 * To be asked with each result, once the call holds it. A call that was refused for want of
 * hardware or of permission gets a stand-in if one can be had: its fd is then the call's and is
 * returned, and the program's errno is what it was before. In all other cases nothing changes and
 * `result` is returned.
 */
long rehearse(struct slot *slot, long result, int error_before);

#endif
