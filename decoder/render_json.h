/* What objects of the JSON form have in common, whatever they are of. */
#ifndef DECODER_RENDER_JSON_H
#define DECODER_RENDER_JSON_H

#include "decoder/buf.h"
#include "decoder/call.h"

/* A key, with a comma in front if need be; the value goes behind it. */
void json_key(struct buf *out, const char *name);
void number_key(struct buf *out, const char *name, int64_t value);
void text_key(struct buf *out, const char *name, const char *value);

/* The key of what holds; there is none of what does not. */
void bool_key(struct buf *out, const char *name);

/* The key errno: a name, or a number that has none. */
void errno_json(struct buf *out, unsigned arch, int32_t error);

/* The keys attr_hex, attr_addr and attr_size_after. */
void attr_hex_json(struct buf *out, const struct call *call);

/* What the machine calls what the attr asks for, as far as it has names. */
void attr_names_json(struct buf *out, const struct call *call);

#endif
