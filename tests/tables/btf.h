/* Just enough of BTF (Documentation/bpf/btf.rst) to lay out a struct and list the enums. */
#ifndef TESTS_TABLES_BTF_H
#define TESTS_TABLES_BTF_H

#include <fcntl.h>
#include <linux/btf.h>
#include <unistd.h>

#include "tests/tables/members.h"

struct btf {
	const char *strings, *types, *end;
	const struct btf_type **by_id; /* [0] is void: NULL */
	unsigned count;
};

enum {
	BTF_ENUM64 = 19 /* since 6.0; older headers do not name it */
};

static inline unsigned
btf_kind(const struct btf_type *type)
{
	return BTF_INFO_KIND(type->info);
}

static inline const char *
btf_name(const struct btf *btf, uint32_t at)
{
	return btf->strings + at;
}

/* What stands behind a type: how many things of which size. */
static inline size_t
btf_rest(const struct btf_type *type)
{
	static const unsigned char once[32] = {[BTF_KIND_INT] = 4,
		[BTF_KIND_ARRAY] = 12,
		[BTF_KIND_VAR] = 4,
		[BTF_KIND_DECL_TAG] = 4};
	static const unsigned char each[32] = {[BTF_KIND_STRUCT] = 12,
		[BTF_KIND_UNION] = 12,
		[BTF_KIND_ENUM] = 8,
		[BTF_KIND_FUNC_PROTO] = 8,
		[BTF_KIND_DATASEC] = 12,
		[BTF_ENUM64] = 12};

	return once[btf_kind(type)] + (size_t)each[btf_kind(type)] * BTF_INFO_VLEN(type->info);
}

/* Reads the running kernel's; false: it has none. What is read stays until the program ends. */
static inline bool
btf_open(struct btf *btf)
{
	static char data[64 << 20];
	static const struct btf_type *by_id[1 << 20];
	const struct btf_header *header = (const void *)data;
	size_t length = 0;
	ssize_t got;
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && (got = read(fd, data + length, sizeof data - length)) > 0)
		length += (size_t)got;
	if (fd < 0 || close(fd) != 0 || length < sizeof *header || header->magic != BTF_MAGIC)
		return false;
	btf->types = data + header->hdr_len + header->type_off;
	btf->end = btf->types + header->type_len;
	btf->strings = data + header->hdr_len + header->str_off;
	btf->by_id = by_id;
	btf->count = 1;
	for (const char *at = btf->types; at < btf->end;
		at += sizeof **by_id + btf_rest((const void *)at)) {
		assert_true(btf->count < COUNT_OF(by_id));
		by_id[btf->count++] = (const void *)at;
	}
	return true;
}

/* The type behind typedefs and qualifiers. */
static inline const struct btf_type *
btf_plain(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf->by_id[id];

	while (btf_kind(type) == BTF_KIND_TYPEDEF || btf_kind(type) == BTF_KIND_CONST
		|| btf_kind(type) == BTF_KIND_VOLATILE)
		type = btf->by_id[type->type];
	return type;
}

/* Members of a struct or union that starts `at` bits into the outermost one. */
static inline void
btf_layout(const struct btf *btf, const struct btf_type *type, unsigned at, struct layout *layout)
{
	const struct btf_member *member = (const void *)(type + 1);
	bool packed = BTF_INFO_KFLAG(type->info);

	for (unsigned i = 0; i < BTF_INFO_VLEN(type->info); i++, member++) {
		const struct btf_type *inner = btf_plain(btf, member->type);
		unsigned bits = packed ? BTF_MEMBER_BITFIELD_SIZE(member->offset) : 0;
		unsigned from =
			at + (packed ? BTF_MEMBER_BIT_OFFSET(member->offset) : member->offset);

		if (!*btf_name(btf, member->name_off))
			btf_layout(btf, inner, from, layout);
		else
			layout_add(layout, btf_name(btf, member->name_off), from,
				bits ? bits : 8 * inner->size, bits != 0);
	}
}

/* Returns false if the kernel has no such struct. */
static inline bool
btf_struct(const struct btf *btf, const char *name, struct layout *layout)
{
	for (unsigned id = 1; id < btf->count; id++) {
		const struct btf_type *type = btf->by_id[id];

		if (btf_kind(type) == BTF_KIND_STRUCT
			&& strcmp(btf_name(btf, type->name_off), name) == 0) {
			btf_layout(btf, type, 0, layout);
			return true;
		}
	}
	return false;
}

/* The enumerators of the type, none if it is no enum. */
static inline void
btf_enum(const struct btf *btf, const struct btf_type *type, struct constants *constants)
{
	const uint32_t *word = (const void *)(type + 1);
	bool wide = btf_kind(type) == BTF_ENUM64;

	constants->count = 0;
	if (!wide && btf_kind(type) != BTF_KIND_ENUM)
		return;
	for (unsigned i = 0; i < BTF_INFO_VLEN(type->info) && i < COUNT_OF(constants->rows) - 1;
		i++) {
		constants_add(constants, btf_name(btf, word[0]),
			word[1] | (wide ? (uint64_t)word[2] << 32 : 0));
		word += wide ? 3 : 2;
	}
}

#endif
