#!/usr/bin/python3
"""Programs and files that mean harm: no name breaks out of its comment or string, and no file costs more than its length."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import BLOCK, ENVIRONMENT, LIBRARY, MARKER, TOOL, Skip, block, check, main, peodump, test

NAMES = (b"*/pwned()/*", b'"pwned("\\', b"\\\npwned()//", b"\x1b[2Jpwned\x07", b"/*??/\npwned()", b"%n%spwned()",
	"\u202epwned\u2028".encode(), b"\xff*/pwned()\x7f", b"\rpwned()\x9b2J")

# Of the name in argv: its own comm, a uprobe's path, and a tracepoint as another machine's tracefs has it.
PROGRAM = """
import ctypes, glob, os, platform, struct, sys
libc = ctypes.CDLL(None)
name = os.fsencode(sys.argv[1])
libc.prctl(15, name)
number = {"x86_64": 298, "i686": 336, "ppc64le": 319, "s390x": 331}.get(platform.machine(), 241)
text = ctypes.create_string_buffer(b"/" + name)
types = [int(open(path).read()) for path in glob.glob("/sys/bus/event_source/devices/uprobe/type")]
for type_, config1 in [(2, 0), *((type_, ctypes.addressof(text)) for type_ in types)]:
	attr = struct.pack("IIQ40xQQ48x", type_, 128, 7, config1, 0)
	libc.syscall(number, attr, 0, -1, -1, 0)
"""


def dumped(folder, name, form):
	"""What the library makes of a program that is called so and probes a file of that name."""
	events = pathlib.Path(os.fsdecode(b"events/sched/" + name.replace(b"/", b"|")))
	if not events.exists():
		events.mkdir(parents=True)
		(events / "id").write_text("7\n")
	dump = folder / f"dump.{form}"
	dump.unlink(missing_ok=True)
	subprocess.run([sys.executable, "-c", PROGRAM, name], check=True, env=ENVIRONMENT | {"LD_PRELOAD": str(LIBRARY),
		"TRACEFS_PATH": str(folder), "PEODUMP": f"out={dump}:format={form}"})
	text = dump.read_bytes().decode()	# it is UTF-8, or this fails
	check([f"{name} is in no dump"] * ("pwned" not in text))
	return text


def check_tame(text, case):
	"""No byte moves a cursor or turns the writing around."""
	check(f"{case}: {letter!r} in {text!r}" for letter in set(text)
		if letter not in "\n\t" and not letter.isprintable())


def check_code(text, case):
	"""What a name brought is within comments and strings, as a compiler sees them."""
	code = re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', "", text, flags=re.DOTALL)
	check([f"{case}: code of its own in {text}"] * ("pwned" in code or "*/" in code or '"' in code))
	done = subprocess.run(["cc", "-fsyntax-only", "-Wcomment", "-Werror=comment", "-x", "c", "-"], capture_output=True,
		input="#include <linux/perf_event.h>\n#include <linux/hw_breakpoint.h>\n#include <sys/types.h>\n"
		f"void calls(void) {{\n{text}\n}}\n" if "main(" not in text else text, text=True)
	check([f"{case}: {done.stderr}"] * done.returncode)


@test
def no_name_of_a_program_breaks_out_of_a_dump(folder):
	for name in NAMES:
		text = dumped(folder, name, "c")
		check_tame(text, name)
		check_code(text, name)


@test
def no_name_of_a_program_breaks_out_of_json(folder):
	for name in NAMES:
		text = dumped(folder, name, "json")
		check_tame(text, name)
		for line in text.splitlines():
			json.loads(line)


@test
def no_name_breaks_out_of_what_the_tool_makes_of_a_dump(folder):
	(folder / "other").write_text(block(1))
	for name in NAMES:
		dumped(folder, name, "c")
		for verb in (("show", "--as", "c"), ("show", "--as", "table"), ("show", "--as", "program"), ("show", "--as", "json"),
				("show", "--fold", "--as", "c"), ("diff", "other"), ("explain",)):
			run = peodump(*verb, "dump.c")
			check([f"{verb}: {run}"] * (run.status not in (0, 1) or not run.out))
			check_tame(run.out + run.err, (verb, name))
			if verb[-1] in ("c", "program"):
				check_code(run.out, (verb, name))


@test
def no_byte_of_a_damaged_file_reaches_the_terminal(folder):
	for name in NAMES:
		text = block(1).encode().replace(b"perf[", name + b"[").replace(b"PERF_TYPE_SOFTWARE", name)
		for verb in (("show", "--as", "c"), ("show", "--as", "table"), ("diff", "/dev/null"), ("explain",)):
			run = peodump(*verb, "-", input=text)
			check_tame(run.out + run.err, (verb, name))


# --- what costs ---

LINES = BLOCK.splitlines(keepends=True)


def repeated(text):
	return lambda size: (text * (size // len(text) + 1))[:size]


FILES = {
	"a line without an end": repeated("x"),
	"zeros": repeated("\0"),
	"starts of blocks": repeated(MARKER),
	"first lines": repeated(LINES[0]),
	"blocks that are torn": repeated("".join(LINES[:5])),
	"damaged blocks": repeated(BLOCK.replace("PERF_TYPE_SOFTWARE", "PERF_TYPE_MAGIC")),
	"a first line without an end": lambda size: LINES[0][:-4] + "y" * size,
	"a value without an end": lambda size: "".join(LINES[:4]) + "\t\t.config = " + "1 | " * (size // 4),
	"parentheses": lambda size: "".join(LINES[:4]) + "\t\t.config = " + "(" * size,
	"a comment without an end": lambda size: BLOCK.replace("DUMMY,", "DUMMY, /* " + "00 " * (size // 3)),
	"a block of blank lines": lambda size: "".join(LINES[:4]) + "\n" * size,
	"comments": repeated("/* "),
	"blocks within blocks": repeated("{\n"),
	"acts without an end": repeated("ioctl(fd[3], PERF_EVENT_IOC_ENABLE, 0); /* perf_ev"),
}
ATTR = "struct perf_event_attr a"
SOURCES = {
	"attrs": repeated(ATTR + " = {};\n"),
	"attrs without an end": repeated(ATTR + " = {"),
	"attrs with open parentheses": repeated(ATTR + " = {.type = ("),
	"mentions of attrs": repeated(ATTR + "\n"),
	"attrs of many names": lambda size: "".join(f"{ATTR}{number};\n" for number in range(size // 32)),
	"damaged attrs": repeated(ATTR + " = {.x = 1};\n"),
	"braces": lambda size: ATTR + " = " + "{" * size,
	"members": lambda size: ATTR + " = {" + ".type = 1,\n" * (size // 11),
	"members that are unknown": lambda size: ATTR + " = {" + ".type = f,\n" * (size // 11),
	"members within members": lambda size: ATTR + " = {" + ".type = " * (size // 8),
	"a value in many parentheses": lambda size: ATTR + " = {.type = " + "(" * size,
	"values in parentheses": lambda size: ATTR + " = {" + f".type = {'(' * 999}1,\n" * (size // 1010),
	"assignments": lambda size: ATTR + ";" + "a.type = 1;\n" * (size // 12),
	"assignments within assignments": lambda size: ATTR + ";" + "a.type = " * (size // 9),
	"arguments within arguments": lambda size: ATTR + "; a.type = 1;" + "a,(" * (size // 3),
	"arguments": lambda size: ATTR + "; a.type = 1;" + "a," * (size // 2),
	"strings without an end": repeated('"'),
	"lines of strings without an end": repeated('"\n'),
}
VERBS = {"show": ("--as", "table", "file"), "diff": ("file", "file"), "explain": ("file",)}


def cost(verb, text, case, megabytes):
	"""The processor's seconds that a verb takes on a file with that in it."""
	pathlib.Path("file").write_text(text)
	words = ["prlimit", f"--as={megabytes << 20}", "--cpu=60", TOOL, verb, *VERBS[verb]]
	process = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
	err = process.stderr.read().decode(errors="replace")
	_, status, usage = os.wait4(process.pid, 0)
	process.returncode = os.waitstatus_to_exitcode(status)
	if process.returncode not in (0, 1, 2) or "memory" in err or (len(err) > 65536 and case in FILES):
		raise AssertionError(f"{verb} on {len(text)} bytes of {case}: {process.returncode}, {err:.500}")
	return usage.ru_utime + usage.ru_stime


def costs_its_length(verb, files, short, megabytes):
	"""Eight times the bytes take no more than sixteen times as long."""
	if not shutil.which("prlimit"):
		raise Skip("there is no prlimit")
	for case, text in files.items():
		long = 8 * short
		for _ in range(3):
			less, more = (cost(verb, text(size), case, megabytes) for size in (short, long))
			if more < 16 * max(less, 0.02):
				break
		else:
			raise AssertionError(f"{verb} on {case}: {less} s for {short} bytes, {more} s for {long}")


@test
def show_is_bounded_in_time_and_memory_on_any_file(folder):
	costs_its_length("show", FILES, 1 << 20, 32)


@test
def diff_is_bounded_in_time_and_memory_on_any_file(folder):
	costs_its_length("diff", FILES, 1 << 20, 32)


@test
def explain_is_bounded_in_time_and_memory_on_any_file(folder):
	costs_its_length("explain", FILES | SOURCES, 1 << 17, 8)


if __name__ == "__main__":
	main()
