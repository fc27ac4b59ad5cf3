/* Stand-ins: a software dummy in the place of an event that the machine lacks, or may not have. */
#ifndef SHIM_REHEARSE_H
#define SHIM_REHEARSE_H

#include <stdbool.h>

#include "decoder/call.h"
#include "shim/reopen.h"

/*
 * To be asked with each result, once the call holds it. A call that was refused for want of
 * hardware or of permission gets a stand-in if one can be had: its fd is then the call's, and the
 * stand-in's attr is in `attr`, which has room for CALL_ATTR_MAX bytes. Returns whether it is so.
 */
bool rehearse(struct call *call, const struct opener *opener, unsigned char *attr);

/* Remembers the stand-in under the kernel's id of it: siblings are checked against that. */
void rehearse_note(const struct call *call, const unsigned char *attr, uint64_t id, uint64_t group);

#endif
