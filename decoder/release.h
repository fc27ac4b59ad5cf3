/* A kernel's release, and what kernels of that release accept. */
#ifndef DECODER_RELEASE_H
#define DECODER_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "decoder/call.h"
#include "decoder/explain.h"
#include "decoder/facts.h"
#include "tables/tables.h"

struct release {
	uint32_t number; /* L(); 0: not known. A patch above 255 counts as 255 */
	bool vague; /* a vendor took much of later releases into it: what is newer may be there */
};

/* The fact, or what the text of utsname.release says. */
struct release release_find(const struct call *call, const struct facts *facts);

/* The number that a text starts with, as 6.12.94-1; 0: it starts with none. */
uint32_t release_parse(const char *text);

/* Whether the release is that late. maybe: from where on stable updates may be as good; 0: none. */
enum truth release_reached(struct release release, uint32_t number, uint32_t maybe);

/* Whether it knows the value or bit of that group, or takes a member that is not 0. */
enum truth release_has_value(struct release release, enum group group, uint64_t value);
enum truth release_has_field(struct release release, enum field_id id);

/* The first release that accepts the name or the member. */
uint32_t name_accepted(enum name_id id);
uint32_t field_accepted(enum field_id id);

#endif
