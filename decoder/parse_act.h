/* The words of an act read back: the other half of act_c.c. */
#ifndef DECODER_PARSE_ACT_H
#define DECODER_PARSE_ACT_H

#include "decoder/act.h"
#include "decoder/scan.h"

/* Empties the act of a store, and points it at the store's texts. */
void act_begin_store(struct act_store *store);

/* `ioctl(fd[3], PERF_EVENT_IOC_ENABLE, 0);`, into an act that is empty but for who made it. */
bool act_read_statement(struct scan *scan, struct act_store *store);

/*
 * What stands behind "perf_event " in the comment, and the comment's end. The act's function must
 * be known. `length` is the record's if it is said; else it stays.
 */
bool act_read_comment(struct scan *scan, struct act_store *store, uint64_t *length);

#endif
