"""Compiles dumps as C, and compares the attrs with the bytes that JSON has of the same calls."""

import json
import os
import re
import subprocess
import sys

import harness
import witness
from header import header
from uapi import FIELDS, FLAGS, NAMES, ROOT, newest_release, release, sizeof, word

INCLUDES = """#include <linux/perf_event.h>
#include <linux/hw_breakpoint.h>
#include <asm/perf_regs.h>
#include <time.h>
#include <sys/types.h>
#include <stdio.h>
"""
BLOCK = re.compile(r"^/\* perf_event_open .*?^\}$", re.M | re.S)
SINCE = {row.name: row.since for row in FIELDS + FLAGS if not row.name.startswith("__")}
for _names in NAMES.values():
	for _name, _row in _names.items():
		if _name.isupper():
			SINCE[_name] = release(_row.note.get("macro_since", ".".join(map(str, _row.since))))


def dump(command, folder, form):
	"""The log of one run in one form; always on the same CPU, since perf's probes ask for the one it is on."""
	out = folder / form
	cpu = min(os.sched_getaffinity(0))
	subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, timeout=60,
		preexec_fn=lambda: os.sched_setaffinity(0, {cpu}),
		env=os.environ | {"LD_PRELOAD": str(witness.SHIM), "PEODUMP": f"out={out}:format={form}"})
	return out.read_text()


def shown_size(call):
	return witness.size_of(bytes.fromhex(call.get("attr_hex", "")))


def header_for(block, call):
	"""The newest release of the call's size version, or of the next that has every name shown."""
	spoken = set(re.findall(r"\b[A-Za-z_]\w+", re.sub(r"/\*.*?\*/", "", block)))
	first = max(SINCE.get(name, (0,)) for name in spoken)
	return newest_release(max(shown_size(call), sizeof(first)))


def gcc(source, folder, at, *options):
	include = folder / ".".join(map(str, at))
	(include / "linux").mkdir(parents=True, exist_ok=True)
	(include / "linux/perf_event.h").write_text(header(at))
	built = subprocess.run(["gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-xc", "-",
		"-I", include, "-I", folder, *options],
		input=source, text=True, errors="surrogateescape", capture_output=True)
	assert built.returncode == 0, f"with the header of {at}: {built.stderr[:4000]}"


def compiled(blocks, folder, at):
	"""Compile numbered blocks, a function each: {number: (sum of the arguments, bytes of attr)}."""
	source = INCLUDES + """
static void use(int number, const void *attr, size_t size, long sum)
{
	printf("%d %ld ", number, sum);
	for (size_t i = 0; i < size; i++)
		printf("%02x", ((const unsigned char *)attr)[i]);
	puts("");
}
"""
	for number, block in blocks:
		use = f"use({number}, &attr, sizeof attr, (long)pid + cpu + group_fd + (long)flags + fd);"
		source += f"static void block{number}(void)\n{{\n{block[:-1]}{use}\n}}\n}}\n"
	calls = "".join(f"block{number}();" for number, _ in blocks)
	gcc(source + f"int main(void) {{ {calls} }}\n", folder, at, "-o", folder / "blocks")
	lines = subprocess.run([folder / "blocks"], text=True, capture_output=True, check=True).stdout
	return {int(number): (int(total), bytes.fromhex(attr))
		for number, total, attr in map(str.split, lines.splitlines())}


def arguments_of(call):
	total = sum(call[key] for key in ("pid", "cpu", "group_fd", "fd"))
	total += witness.number("flags", call["flags"])
	return (total + (1 << 63)) % (1 << 64) - (1 << 63)


# type and size: with less of the attr than this the dump declares a pointer.
HEAD = 8


def compare(call, total, attr):
	if arguments_of(call) != total:
		yield "the arguments differ"
	if len(call["attr_hex"]) < 2 * HEAD:
		if "attr_addr" in call and int.from_bytes(attr, sys.byteorder) != int(call["attr_addr"], 16):
			yield "the pointer differs"
		return
	want = bytes.fromhex(call["attr_hex"])[:len(attr)]
	for row in FIELDS + FLAGS:
		if word(want, row) != word(attr, row):
			yield f"{row.name}: {word(want, row):#x} in attr_hex, {word(attr, row):#x} compiled"
	if want != attr[:len(want)] or any(attr[len(want):]):
		yield f"attr_hex {want.hex()}, compiled {attr.hex()}"


def check(folder, command):
	"""Dump a command in both forms, compile the log as it is and block by block, compare the bytes."""
	witness.need("gcc", str(command[0]))
	log = dump(command, folder, "c")
	calls = [json.loads(line) for line in dump(command, folder, "json").splitlines()]
	blocks = [match.group() for match in BLOCK.finditer(log)]
	assert calls and len(blocks) == len(calls), f"{len(blocks)} blocks, {len(calls)} lines of JSON"
	groups, complaints = {}, []
	for number, (block, call) in enumerate(zip(blocks, calls)):
		groups.setdefault(header_for(block, call), []).append((number, block))
	for at, group in groups.items():
		(folder / "log.c").write_text("\n".join(block for _, block in group) + "\n")
		try:
			include_log(folder, at)
			built = compiled(group, folder, at)
		except AssertionError as error:
			complaints.append(str(error))
			continue
		for number, (total, attr) in built.items():
			complaints += [f"{complaint}\n{blocks[number]}\n{calls[number]}"
				for complaint in compare(calls[number], total, attr)]
	if len(groups) == 1:
		(folder / "log.c").write_text(log)
		include_log(folder, at)
	harness.check(complaints)


def include_log(folder, at):
	gcc(INCLUDES + 'void log_(void);\nvoid log_(void)\n{\n#include "log.c"\n}\n', folder, at,
		"-Wno-unused-variable", "-fsyntax-only")


@harness.test
def every_odd_size_bit_and_pointer_compiles_to_the_same_bytes(folder):
	check(folder, ["/usr/bin/python3", ROOT / "tests/clients/torture.py"])


@harness.test
def what_perf_stat_asks_compiles_to_the_same_bytes(folder):
	check(folder, ["perf", "stat", "-a", "-d", "-d", "-d", "-e", "msr/tsc/,mem:0x1000:rw",
		"sleep", "0.05"])


@harness.test
def what_perf_record_asks_compiles_to_the_same_bytes(folder):
	check(folder, ["perf", "record", "-a", "--all-cgroups", "--switch-events", "--namespaces", "-d",
		"-W", "--phys-data", "-k", "mono", "-e", "cpu-clock", "--call-graph", "dwarf", "-o", "data",
		"sleep", "0.05"])


@harness.test
def what_perf_list_asks_compiles_to_the_same_bytes(folder):
	check(folder, ["perf", "list"])


harness.main()
