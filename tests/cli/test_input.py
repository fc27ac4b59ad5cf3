#!/usr/bin/python3
"""How every verb reads dumps: whatever is in the file, what can be read is, and the rest is said."""

import os
import pathlib
import re
import subprocess
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import (BLOCK, ENVIRONMENT, MARKER, TOOL, block, contains, counting_dump, installed, main, peodump,
	same, test, unprivileged)

LINES = BLOCK.count("\n")


def show(*files, input="", **how):
	return peodump("show", "--as", "c", *files, input=input, **how)


def numbers(text):
	"""The calls in a text, by their numbers."""
	return [int(number) for number in re.findall(r"^/\* perf_event_open (\d+): ", text, re.M)]


# --- what is whole ---

@test
def a_dump_is_shown_as_it_was_written(folder):
	text = counting_dump(folder)
	run = show(folder / "dump.peo")
	same(run, (0, text, ""))


@test
def standard_input_is_read_without_a_file_and_for_a_dash(folder):
	(folder / "file").write_text(block(2))
	same(numbers(show(input=block(1)).out), [1])
	same(numbers(show("-", input=block(1)).out), [1])
	same(numbers(show("file", "-", input=block(1)).out), [2, 1])


@test
def files_are_read_one_after_another(folder):
	for number in (1, 2, 3):
		(folder / f"file{number}").write_text(block(number))
	run = show("file3", "file1", "file2")
	same((run.status, numbers(run.out), run.err), (0, [3, 1, 2], ""))


@test
def words_in_between_are_skipped(folder):
	log = f"WARNING: no symbols\n{block(1)}[ perf record: Woken up 1 times ]\nabc {block(2)}\n/* a comment */\n"
	run = show(input=log)
	same((run.status, numbers(run.out), run.err), (0, [1, 2], ""))


@test
def a_last_line_without_its_newline_is_read(folder):
	same(show(input=block(1) + block(2).rstrip("\n")).out, show(input=block(1) + block(2)).out)


@test
def lines_may_end_as_in_dos(folder):
	same(show(input=block(1).replace("\n", "\r\n")), (0, show(input=block(1)).out, ""))


@test
def a_dump_of_any_other_architecture_is_read(folder):
	for arch in ("s390x", "aarch64", "mips64", "i386", "riscv64"):
		run = show(input=BLOCK.replace("x86_64", arch))
		same((arch, run.status, run.err), (arch, 0, ""))
		contains(run.out, f" {arch} */", ".config = PERF_COUNT_SW_DUMMY,")


@test
def a_block_is_read_wherever_a_read_ends_in_it(folder):
	"""The window is filled by reads of every length, so that its edge falls on every byte of a block."""
	wanted = show(input=block(1) + block(2)).out
	text = (block(1) + block(2)).encode()
	for cut in range(1, len(text), 7):
		process = subprocess.Popen([TOOL, "show", "--as", "c"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
			env=ENVIRONMENT)
		os.write(process.stdin.fileno(), text[:cut])
		same((cut, process.communicate(text[cut:])[0].decode()), (cut, wanted))


@test
def the_windows_edge_may_fall_anywhere(folder):
	size = 256 * 1024
	for short in range(0, len(BLOCK) + 20, 11):
		filler = ("x" * 99 + "\n") * ((size - short) // 100)
		filler += "y" * (size - short - len(filler))
		run = show(input=filler + block(1) + block(2))
		same((short, run.status, numbers(run.out), run.err), (short, 0, [1, 2], ""))


# --- what is not ---

@test
def a_missing_file_is_said_and_the_next_one_read(folder):
	(folder / "file").write_text(block(1))
	run = show("missing", "file")
	same((run.status, numbers(run.out)), (2, [1]))
	same(run.err, "peodump: missing: No such file or directory\n")


@test
def a_directory_is_said(folder):
	same(show("."), (2, "", "peodump: .: Is a directory\n"))


@test
def a_file_that_may_not_be_read_is_said(folder):
	(folder / "file").write_text(block(1))
	(folder / "file").chmod(0)
	run = show("file", tool=installed(folder, "lib"), wrapper=unprivileged(folder))
	same(run, (2, "", "peodump: file: Permission denied\n"))


@test
def a_file_without_a_call_is_said(folder):
	(folder / "empty").write_text("")
	(folder / "words").write_text("perf_event_open\n")
	for name in ("empty", "words", "/bin/true"):
		same(show(name), (2, "", f"peodump: {name}: no perf_event_open call in it\n"))
	same(show(input=""), (2, "", "peodump: standard input: no perf_event_open call in it\n"))


@test
def json_is_told_from_what_is_no_dump(folder):
	(folder / "calls.json").write_text("words\n" + peodump("show", "--json", input=block(1)).out)
	for run in (show("calls.json"), peodump("diff", "calls.json", "calls.json")):
		same((run.status, run.out, run.err.splitlines()[0]), (2, "",
			"peodump: calls.json is JSON; peodump reads the C form (run without --format json)"))


@test
def a_binary_with_calls_in_it_is_read(folder):
	noise = bytes(range(256)) * 500
	run = show(input=noise + block(1).encode() + noise + block(2).encode() + noise)
	same((run.status, numbers(run.out), run.err), (0, [1, 2], ""))


@test
def a_torn_block_is_said_with_its_line_and_the_next_one_read(folder):
	torn = "".join(block(1).splitlines(True)[:5])
	(folder / "file").write_text("words\n" + torn + block(2))
	run = show("file")
	same((run.status, numbers(run.out)), (2, [2]))
	same(re.sub(r"(file:\d+): .*", r"\1", run.err), "peodump: file:8\n")


@test
def a_damaged_line_is_said_with_its_number(folder):
	(folder / "file").write_text(block(1) + block(2).replace(".type = ", ".type = PERF_TYPE_MAGIC | ") + block(3))
	run = show("file")
	same((run.status, numbers(run.out)), (2, [1, 3]))
	same(run.err, f"peodump: file:{LINES + 4}: "
		"the member's value is no number and no name that it can have\n")


@test
def a_truncated_dump_is_said_at_its_last_call(folder):
	text = block(1) + block(2)
	for end in range(len(block(1)) + len(MARKER), len(text) - 2, 17):
		(folder / "file").write_text(text[:end])
		run = show("file")
		same((end, run.status, numbers(run.out)), (end, 2, [1]))
		same(run.err, f"peodump: file:{LINES + 1}: the dump ends here, in the middle of a call\n")


@test
def a_header_cut_in_its_first_bytes_is_said_too(folder):
	for length in range(len("/* p"), len(MARKER)):
		(folder / "file").write_text(block(1) + MARKER[:length])
		(folder / "next").write_text(block(2))
		run = show("file", "next")
		same((length, run.status, numbers(run.out)), (length, 2, [1, 2]))
		same(run.err, f"peodump: file:{LINES + 1}: the dump ends here, in the middle of a call\n")
	same(show(input=block(1) + "/* ").status, 0)
	same(show(input=block(1) + "x " + MARKER[:9]).status, 0)


@test
def of_many_messages_of_one_kind_ten_are_said_and_how_many_more(folder):
	(folder / "file").write_text("".join(block(n, BLOCK.replace("int cpu", "int cup")) for n in range(1, 31))
		+ block(31, BLOCK.replace("x86_64", "z80")))
	(folder / "next").write_text(block(1, BLOCK.replace("int cpu", "int cup")))
	run = show("file", "next")
	lines = run.err.splitlines()
	same((run.status, len(lines)), (2, 13))
	contains(lines[9], f"peodump: file:{9 * LINES + BLOCK[:BLOCK.index('int cpu')].count(chr(10)) + 1}: ")
	contains(lines[10], f"peodump: file:{30 * LINES + 1}: ")
	contains(lines[11], "peodump: file: and 20 more: ")
	contains(lines[12], "peodump: next:")


@test
def every_file_has_its_own_lines(folder):
	(folder / "first").write_text(block(1) + "x\n" * 1000)
	(folder / "second").write_text(block(1).replace("int cpu", "int cup"))
	contains(show("first", "second").err, f"second:{BLOCK[:BLOCK.index('int cpu')].count(chr(10)) + 1}: ")


@test
def a_line_number_counts_what_was_read_long_before(folder):
	(folder / "file").write_text("words\n" * 200000 + block(1).replace("int cpu", "int cup"))
	contains(show("file").err, f"file:{200000 + BLOCK[:BLOCK.index('int cpu')].count(chr(10)) + 1}: ")


@test
def a_block_without_an_end_is_given_up(folder):
	endless = block(1).replace("\t};", "/* more */\n" * 50000 + "\t};")
	(folder / "file").write_text(endless + block(2))
	run = show("file")
	same((run.status, numbers(run.out)), (2, [2]))
	same(run.err, "peodump: file:1: no call is as long as the one that starts here\n")


@test
def a_line_without_an_end_is_given_up(folder):
	(folder / "file").write_text(MARKER + "x" * 2000000 + "\n" + block(2))
	run = show("file")
	same((run.status, numbers(run.out)), (2, [2]))
	contains(run.err, "peodump: file:1: ")


# --- how much ---

@test
def a_large_dump_takes_no_more_memory_than_a_small_one(folder):
	piece = "".join(map(block, range(1, 1001))).encode()
	count = 200

	def feed(pipe):
		for _ in range(count):
			pipe.write(piece)
		pipe.close()

	process = subprocess.Popen(["prlimit", "--as=33554432", TOOL, "show", "--as", "c", "--call", "7"],
		stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT)
	writer = threading.Thread(target=feed, args=(process.stdin,))
	writer.start()
	out = process.stdout.read().decode()
	writer.join()
	same((process.wait(), numbers(out), process.stderr.read()), (0, [7] * count, b""))


@test
def a_reader_that_leaves_ends_it_quietly(folder):
	text = "".join(map(block, range(1, 2001)))
	(folder / "file").write_text(text)
	for ignored in ("", "trap '' PIPE; "):
		done = subprocess.run(["sh", "-c", f"{ignored}{TOOL} show --as c file | head -1"], capture_output=True,
			text=True, env=ENVIRONMENT)
		same((done.stdout.count("\n"), done.stderr), (1, ""))


@test
def a_full_disk_is_said(folder):
	(folder / "file").write_text("".join(map(block, range(1, 201))))
	with open("/dev/full", "w") as full:
		run = show("file", stdout=full)
	same((run.status, run.err), (2, "peodump: write to standard output: No space left on device\n"))


if __name__ == "__main__":
	main()
