/* Active probing: what a refusal was for, found out by opening again. */
#ifndef SHIM_PROBING_H
#define SHIM_PROBING_H

#include "decoder/call.h"
#include "shim/reopen.h"

/*
 * To be asked with each result, once the call holds it and the facts. If it was refused, and no one
 * check is certain to be why, the event is opened again, disabled, with one group of members reset
 * at a time, and closed at once; the first change that has another answer is kept in the call.
 * Nothing is opened that could be a breakpoint or a probe. `room` is lent: CALL_ATTR_MAX bytes.
 */
void probe_refusal(struct call *call, const struct opener *opener, unsigned char *room);

#endif
