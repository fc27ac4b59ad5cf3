"""Writes a release's <linux/perf_event.h> from the facts table: header.py RELEASE > FILE."""

import itertools
import sys

from uapi import FLAGS, ROWS, SIZES, release, sizeof

NOT_HERE = ("hw_breakpoint_len", "hw_breakpoint_type", "hw_cache_config", "precise_ip",
	"probe_config", "use_clockid", "perf_event_ioc")
MACROS = ("perf_macros", "perf_event_open_flags", "perf_record_misc")
DIRECTIONS = {"N": "_IOC_NONE", "W": "_IOC_WRITE", "R": "_IOC_READ", "RW": "_IOC_READ | _IOC_WRITE"}


def constant(value):
	return f"{value:#x}ULL" if value >= 1 << 31 else str(value)


def constants(at):
	rows = [row for row in ROWS if row.kind.startswith("enum:") and row.lives(at)]
	for kind, group in itertools.groupby(rows, lambda row: row.kind.partition(":")[2]):
		if kind in NOT_HERE:
			continue
		if kind in MACROS:
			yield from (f"#define {row.name} {constant(row.value_at(at))}" for row in group)
			continue
		yield f"enum {kind} {{"
		yield from (f"\t{row.name} = {constant(row.value_at(at))}," for row in group)
		yield "};"
	for row in SIZES:
		if release(row.note["macro_since"]) <= at:
			yield f"#define {row.name} {row.value}"
	for row in ROWS:
		if row.kind == "enum:perf_event_ioc" and row.lives(at):
			size = row.note["arg_size"].replace("pointer", "sizeof(void *)")
			direction = DIRECTIONS[row.note["dir"]]
			yield f"#define {row.name} _IOC({direction}, '$', {row.note['nr']}, {size})"


def bit_fields(at, rows, container, bits):
	"""The bit-fields of one word, closed by the reserved rest, whatever it is called."""
	named = [row for row in rows if row.lives(at) and not row.name.startswith("__reserved")]
	lines = [f"{container} {row.name} : {row.width};" for row in sorted(named, key=lambda r: r.bit)]
	rest = bits - sum(row.width for row in named)
	reserved = next(row.name for row in rows if row.name.startswith("__reserved"))
	return lines + [f"{container} {reserved} : {rest};"]


def members(at):
	"""The lines of the struct: words in order, members that share an offset in a union."""
	rows = [row for row in ROWS if row.kind in ("field", "field_retired") and row.lives(at)]
	rows = [row for row in rows if row.name != "flags_word" and row.offset < sizeof(at)]
	rows.sort(key=lambda row: row.offset)
	for offset, group in itertools.groupby(rows, lambda row: row.offset):
		group = list(group)
		words = [f"{row.ctype} {row.name};" for row in group if not row.bit_field]
		bits = [row for row in group if row.bit_field]
		if offset == 40:
			yield from bit_fields(at, FLAGS + bits, "__u64", 64)
		elif bits:
			words.append("struct { " + " ".join(bit_fields(at, bits, "__u32", 32)) + " };")
		if offset != 40:
			yield words[0] if len(words) == 1 else "union { " + " ".join(words) + " };"


def header(at):
	return "\n".join([
		"#ifndef _LINUX_PERF_EVENT_H", "#define _LINUX_PERF_EVENT_H",
		"#include <linux/types.h>", "#include <linux/ioctl.h>", "#include <asm/byteorder.h>",
		*constants(at),
		"struct perf_event_attr {", *("\t" + line for line in members(at)), "};", "#endif", ""])


if __name__ == "__main__":
	sys.stdout.write(header(release(sys.argv[1])))
