/*
 * The whole life of events: what libpeodump-life.so has beside the other library. Where that is
 * loaded these are not NULL.
 */
#ifndef SHIM_LIFE_H
#define SHIM_LIFE_H

#include "decoder/call.h"

/* A call that gave an fd: from now on it is looked at what is done with it. */
void life_note(const struct call *call) __attribute__((weak, visibility("hidden")));

#endif
