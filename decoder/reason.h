/* Why a call was refused, in the words of a dump, and the facts from which that was told. */
#ifndef DECODER_REASON_H
#define DECODER_REASON_H

#include "decoder/buf.h"
#include "decoder/call.h"

/*
 * The inside of the comment behind the result, and the end of it: the error, and what refused the
 * call; then in comment lines of their own, without a last newline, what is too long for that, what
 * probing found, and the facts.
 */
void reason_c(struct buf *out, const struct call *call);

/* The keys why, probe_result and facts, as far as there is anything to say. */
void reason_json(struct buf *out, const struct call *call);

/* The error and the check, for a line that has no room for more: EINVAL, CPY-SIGTRAP. */
void reason_short(struct buf *out, const struct call *call);

#endif
