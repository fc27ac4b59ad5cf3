/* What blocks of the C form have in common, whatever they are of. */
#ifndef DECODER_RENDER_C_H
#define DECODER_RENDER_C_H

#include "decoder/buf.h"
#include "decoder/call.h"

/* Whether so much of the attr could be read that it is shown, and not only its address. */
bool attr_shown(const struct call *call);

/* What stands above the members of an attr, and below. */
void attr_begin_c(struct buf *out, const struct call *call);
void attr_end_c(struct buf *out, const struct call *call);

/*
 * A pipe may have torn a long record: its first line, which ends in a comment, says how long it
 * was, so that a reader can tell.
 */
void record_end_c(struct buf *out);

#endif
