/* A call's event as perf spells it on its command line: cycles:ppp, msr/tsc/, mem:0x1000:rw. */
#ifndef CLI_EVENT_H
#define CLI_EVENT_H

#include "decoder/buf.h"
#include "decoder/call.h"

/*
 * Appends the event with its modifiers (who is counted, how precise). What perf has no word for is
 * shown by type and config. Text from the dump is escaped as in the dump.
 */
void event_text(struct buf *out, const struct call *call);

/* The same without the modifiers. */
void event_name(struct buf *out, const struct call *call);

#endif
