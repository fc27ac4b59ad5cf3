"""Checks header.py: the header this machine has, and the right size for every release."""

import re
import subprocess

import harness
from header import NOT_HERE, header
from uapi import FIELDS, FLAGS, RELEASES, ROWS, sizeof

SYSTEM = "/usr/include/linux/perf_event.h"
HEAD = """#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <linux/perf_event.h>
"""


def write(folder, at):
	include = folder / ".".join(map(str, at))
	(include / "linux").mkdir(parents=True)
	(include / "linux/perf_event.h").write_text(header(at))
	return include


def gcc(source, *options):
	return subprocess.run(["gcc", "-std=gnu11", "-xc", "-", *options], input=source, text=True,
		capture_output=True)


def facts(program, at, *options):
	"""Compile and run a program that prints a line for each member and name of release `at`."""
	lines = []
	for row in FIELDS + FLAGS:
		if row.lives(at) and row.bit_field:
			lines.append(f'SET({row.name});')
		elif row.lives(at):
			lines.append(f'PLACE({row.name});')
	for row in ROWS:
		if row.kind.startswith("enum:") and row.kind[5:] not in NOT_HERE[:-1] and row.lives(at):
			lines.append(f'printf("{row.name} %#llx\\n", (unsigned long long)({row.name}));')
	source = HEAD + """
#define PLACE(m) printf(#m " %zu %zu\\n", offsetof(struct perf_event_attr, m), sizeof attr.m)
#define SET(m) do { memset(&attr, 0, sizeof attr); attr.m = ~0ULL; printf(#m); \\
	for (size_t i = 0; i < sizeof attr; i++) printf(" %02x", ((unsigned char *)&attr)[i]); \\
	puts(""); } while (0)
int main(void) { struct perf_event_attr attr; printf("%zu\\n", sizeof attr);
""" + "\n".join(lines) + "}\n"
	built = gcc(source, "-Wno-overflow", "-o", str(program), *options)
	assert built.returncode == 0, built.stderr
	return subprocess.run([program], text=True, capture_output=True, check=True).stdout.splitlines()


def system_release():
	try:
		text = open("/usr/include/linux/version.h").read()
	except OSError:
		raise harness.Skip("no /usr/include/linux/version.h") from None
	code = int(re.search(r"LINUX_VERSION_CODE (\d+)", text).group(1))
	return code >> 16, code >> 8 & 255


@harness.test
def the_machines_own_header_has_the_same_layout_and_values(folder):
	at = system_release()
	ours = facts(folder / "ours", at, "-I", write(folder, at))
	theirs = facts(folder / "theirs", at)
	harness.check(f"{a}  the machine's: {b}" for a, b in zip(ours, theirs, strict=True) if a != b)


@harness.test
def every_member_of_the_machines_header_is_in_ours(folder):
	at = system_release()
	text = re.sub(r"/\*.*?\*/", "", open(SYSTEM).read(), flags=re.S)
	body = re.search(r"struct perf_event_attr \{(.*?)\n\};", text, re.S).group(1)
	theirs = set(re.findall(r"(\w+)\s*(?::\s*\d+)?\s*[,;]", body))
	assert len(theirs) > 60, f"only {theirs} found in {SYSTEM}"
	ours = header(at)
	harness.check(f"{name} is not in ours" for name in theirs if not re.search(rf"\b{name}\b", ours))


@harness.test
def every_release_has_the_size_it_shipped_with(folder):
	complaints = []
	for at in RELEASES:
		size = f"_Static_assert(sizeof(struct perf_event_attr) == {sizeof(at)}, \"size\");"
		built = gcc(HEAD + size, "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
			"-I", write(folder, at))
		complaints += [f"{at}: {built.stderr}"] * (built.returncode != 0)
	harness.check(complaints)


harness.main()
