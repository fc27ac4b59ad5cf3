/*
 * Why the kernel refused a call, or would: the rows of checks.def against the call and the facts.
 */
#ifndef DECODER_EXPLAIN_H
#define DECODER_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/buf.h"
#include "decoder/call.h"
#include "decoder/facts.h"
#include "tables/tables.h"

enum truth {
	NO,
	MAYBE, /* the facts at hand allow both */
	YES
};

/* What explain() can say. */
enum answer_kind {
	ANSWER_ACCEPTED, /* nothing refuses this call (only when asked in advance, error == 0) */
	ANSWER_CERTAIN,  /* checks[0], and nothing else */
	ANSWER_LIST,     /* one of checks[0..count), the likeliest first. A list of one is a guess:
	                    the facts contradict the kernel, or the tables may not cover it */
	ANSWER_UNKNOWN /* cannot be told from here: too many (checks[] holds the likeliest), or none
	                  of the rows fits (count is 0); wanted says what would tell */
};

enum {
	ANSWER_SHORT = 3, /* a list longer than this is ANSWER_UNKNOWN */
	ANSWER_CHECKS = 16
};

struct answer {
	uint8_t kind; /* enum answer_kind */
	uint8_t count;
	uint8_t more;                  /* possible checks beyond checks[ANSWER_CHECKS - 1] */
	uint8_t checks[ANSWER_CHECKS]; /* enum check_id */
	/*
	 * With ANSWER_CERTAIN: the check that the same call will meet next once the first is
	 * mended; CHECKS: none is certain to come.
	 */
	uint8_t next;
	uint64_t wanted; /* facts (bit fact_id) that were not known and would shorten the list */
};

/*
 * With call->error: why the kernel answered it. With error 0 (asked in advance, or the call
 * succeeded): what it would answer; then a list may also end with the call being accepted. The
 * release is FACT_release, or else call->kernel. size_after, fd and error of the call count as
 * facts; all else of the call is what was passed.
 */
void explain(struct answer *answer, const struct call *call, const struct facts *facts);

/*
 * Whether this one check would refuse the call if the kernel came as far as it: for `peodump
 * explain`, which lists YES (refuses), NO (passes) and MAYBE (cannot be told). error and size_after
 * of the call are not looked at. wanted: the facts that were missing are or'ed into it; may be
 * NULL. Checks of mmap(2) (those after CHECK_SYS_ENFILE) are NO for every open that asks nothing of
 * them.
 */
enum truth check_fires(enum check_id id, const struct call *call, const struct facts *facts,
	uint64_t *wanted);

/* Whether the check says anything about this release: NO if it came later or is gone. */
enum truth check_holds(enum check_id id, const struct call *call, const struct facts *facts);

/* CPY-SIGTRAP */
void check_name(struct buf *out, enum check_id id);

/* The row of that name; CHECKS: there is none. */
enum check_id check_find(const char *name, size_t length);

/* What is wrong, and the smallest change that helps: each at most 90 columns, no full stop. */
void check_sentence(struct buf *out, enum check_id id);
void check_hint(struct buf *out, enum check_id id);

/* The errno that the check answers (its first, if it has several); 0: any. */
int32_t check_error(enum check_id id);

#endif
