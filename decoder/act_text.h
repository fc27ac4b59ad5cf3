/* An act as text: a C statement on one line, or a JSON object. */
#ifndef DECODER_ACT_TEXT_H
#define DECODER_ACT_TEXT_H

#include "decoder/act.h"
#include "decoder/buf.h"
#include "decoder/decode.h"

/*
 * Appends the act. The C form compiles in a function body that has `int fd[]` and `void *ring[]`,
 * by the numbers of the calls that opened the events; an attr makes it a block. The selection is of
 * the attr's members.
 */
void act_c(struct buf *out, const struct act *act, enum selection selection);
void act_json(struct buf *out, const struct act *act, enum selection selection);

/* The struct perf_event_query_bpf that is passed, with room for the ids behind its two counts. */
void programs_c(struct buf *out, const struct act *act);

#endif
