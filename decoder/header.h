/* The <linux/perf_event.h> that a dump compiles with. */
#ifndef DECODER_HEADER_H
#define DECODER_HEADER_H

#include "decoder/call.h"
#include "tables/tables.h"

/*
 * The size version of the headers that have every name that is shown of the call: those of its own
 * size, or of a later one if it has a bit or a name that is younger. Of reserved bits the word
 * counts, not whether they are set.
 */
enum version call_version(const struct call *call);

/* The first bit of a RESERVED row in the newest header of that version. */
unsigned reserved_bit(const struct field *field, enum version version);

#endif
