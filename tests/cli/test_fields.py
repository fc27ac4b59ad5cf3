#!/usr/bin/python3
"""peodump fields against the recorded history of the kernel's headers, and its table against its JSON."""

import json
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import check, contains, main, peodump, same, test
from uapi import FIELDS, FLAGS, RELEASES, ROWS, release, sizeof

# The recorded kinds whose names are names of the attr's values, and the group each is.
GROUPS = {"attr_size": "size", "enum:perf_type_id": "type", "enum:perf_hw_id": "hardware",
	"enum:perf_sw_ids": "software", "enum:perf_hw_cache_id": "cache_id",
	"enum:perf_hw_cache_op_id": "cache_op", "enum:perf_hw_cache_op_result_id": "cache_result",
	"enum:perf_event_sample_format": "sample_type", "enum:perf_branch_sample_type": "branch_sample_type",
	"enum:perf_event_read_format": "read_format", "enum:hw_breakpoint_type": "bp_type",
	"enum:hw_breakpoint_len": "bp_len", "enum:perf_event_open_flags": "open_flags",
	"enum:perf_event_ioc": "ioctl"}


def card(*arguments):
	run = peodump("fields", "--json", *arguments)
	same((run.status, run.err), (0, ""))
	return json.loads(run.out)


def text(at):
	return ".".join(map(str, at))


def unlisted(name):
	"""Limits, and what the kernel keeps for itself, are no values to set."""
	return name.endswith("_MAX") or name.startswith("__")


def recorded_members(at):
	"""Name, offset, bit and width of all that the headers of a release have, but reserved bits."""
	return {(row.name, row.offset, row.bit, row.width) for row in FIELDS + FLAGS
		if row.lives(at) and not row.name.startswith("__reserved")}


def recorded_names(at):
	return {(GROUPS[row.kind], row.name, row.value) for row in ROWS
		if row.kind in GROUPS and row.lives(at) and not unlisted(row.name)}


def members(found):
	return {(row["name"], row["offset"], row["bit"], row["width"]) for row in found["members"]
		if not row["name"].startswith("__reserved")}


def names(found):
	return {(row["of"], row["name"], row["value"]) for row in found["names"]
		if row["of"] in GROUPS.values()}


def differences(at, found, wanted):
	yield from (f"{at} lacks {row}" for row in sorted(wanted - found, key=str))
	yield from (f"{at} has {row}" for row in sorted(found - wanted, key=str))


# --- one release ---

@test
def every_release_has_the_members_that_its_headers_had(folder):
	check(line for at in RELEASES
		for line in differences(text(at), members(card(text(at))), recorded_members(at)))


@test
def every_release_has_the_names_that_its_headers_had(folder):
	check(line for at in RELEASES
		for line in differences(text(at), names(card(text(at))), recorded_names(at)))


@test
def every_release_has_the_size_that_its_headers_had(folder):
	check(f"{text(at)}: {card(text(at))['to_size']}, not {sizeof(at)}" for at in RELEASES
		if card(text(at))["to_size"] != sizeof(at))


@test
def reserved_bits_start_where_those_of_the_release_did(folder):
	row = next(row for row in FIELDS if row.name == "__reserved_1")
	starts = dict(pair.split(":") for pair in row.note["first_bit_by_release"].split(","))
	found = {at: next(row["bit"] for row in card(at)["members"] if row["name"] == "__reserved_1")
		for at in starts}
	same(found, {at: int(bit) for at, bit in starts.items()})


@test
def without_a_release_everything_is_there(folder):
	same(card()["to"], text(max(row.since for row in FIELDS)))
	same(card(), card(card()["to"]))


@test
def a_release_may_be_an_option_and_as_uname_says_it(folder):
	for words in (["-k", "5.4"], ["--kernel=5.4"], ["v5.4"], ["5.4.0-150-generic"], ["5.4.302"], ["5.4-rc3"]):
		same((words, card(*words)), (words, card("5.4")))
	same(card("2.6.32.71")["to"], "2.6.32")


@test
def the_registers_are_those_of_the_architecture_asked_for(folder):
	for arch, group, kind in (("aarch64", "regs_arm64", "regs:arm64"), ("x86_64", "regs_x86", "regs:x86"),
			("s390x", "regs_s390", "regs:s390")):
		found = card("--arch", arch)
		wanted = {(row.name, row.value) for row in ROWS if row.kind == kind and not unlisted(row.name)}
		listed = {(row["name"], row["value"]) for row in found["names"] if row["of"].startswith("regs_")}
		same({row["of"] for row in found["names"] if row["of"].startswith("regs_")}, {group})
		check(f"{arch} has {row}" for row in sorted(listed - wanted))
		same(next(row["names"] for row in found["members"] if row["name"] == "sample_regs_user"), group)


@test
def the_arms_of_a_union_say_when_they_count(folder):
	when = {row["name"]: row.get("when") for row in card()["members"]}
	same([when[name] for name in ("sample_period", "sample_freq", "bp_len", "uprobe_path", "config1")],
		["unless freq", "if freq", "if type is PERF_TYPE_BREAKPOINT", "for uprobe", None])


# --- from one release to another ---

@test
def what_changed_is_what_the_later_release_has_more(folder):
	for before, after in zip(RELEASES, RELEASES[1:]):
		found = card(f"{text(before)}..{text(after)}")
		gained = {name: offset for name, offset, _, _ in recorded_members(after) - recorded_members(before)}
		same((after, {row["name"]: row["offset"] for row in found["members"]
			if not row["name"].startswith("__reserved")}), (after, gained))
		check(differences(text(after), names(found), recorded_names(after) - recorded_names(before)))
		same((found["from_size"], found["to_size"]), (sizeof(before), sizeof(after)))


@test
def backwards_the_same_is_removed(folder):
	forth, back = card("5.4..6.1"), card("6.1..5.4")
	same((back["members"], back["names"]), (forth["members"], forth["names"]))
	same((forth["change"], back["change"]), ("added", "removed"))
	same((back["from_size"], back["to_size"]), (128, 112))
	marks = {line[0] for line in peodump("fields", "6.1..5.4").out.splitlines()[3:]}
	same(marks, {"-", " "})


@test
def an_end_that_is_left_out_is_that_of_the_tables(folder):
	same(card("6.1.."), card(f"6.1..{card()['to']}"))
	same(card("..6.1"), card("2.6.31..6.1"))


@test
def where_nothing_changed_that_is_said(folder):
	run = peodump("fields", "6.1..6.1.100")
	same((run.status, run.out.splitlines()[-1]), (0, "Nothing changed."))
	same(card("6.1..6.1")["members"], [])


# --- the table ---

@test
def every_member_and_name_has_its_line(folder):
	lines = [line.split() for line in peodump("fields").out.splitlines()]
	found = card()
	for row in found["members"]:
		last = row["bit"] + row["width"] - 1
		bits = f"{row['bit']}-{last}" if row["width"] > 1 else f"{last}"
		same((row["name"], [str(row["offset"]), bits, row["name"], row["since"]] in
			[line[:4] for line in lines]), (row["name"], True))
	check(f"{row['name']} is missing" for row in found["names"] if "name" in row
		and [row["name"], row["since"]] not in [line[:2] for line in lines])


@test
def columns_stand_under_their_titles(folder):
	for words in ([], ["5.4..6.1"], ["2.6.31"]):
		lines = peodump("fields", *words).out.splitlines()
		column = lines[2].index("since")
		check(f"{line!r}" for line in lines[3:] if not re.match(r"\d+\.\d", line[column:]))
		check(f"blanks after {line!r}" for line in lines if line != line.rstrip())


@test
def the_reference_card_of_a_range_is_as_it_was_read(folder):
	golden = pathlib.Path(__file__).parent / "golden/fields-6.18..6.19"
	same(peodump("fields", "6.18..6.19").out, golden.read_text())


# --- what cannot be answered ---

@test
def what_is_no_release_is_trouble(folder):
	for word in ("x", "6.x", "6.", "", "5.4..x", "6.1..6.2..6.3", "6.300", "1000.1"):
		run = peodump("fields", word)
		same((word, run.status, run.out), (word, 2, ""))
		contains(run.err, "is no Linux release")


@test
def before_the_first_release_there_was_nothing(folder):
	run = peodump("fields", "2.6.30")
	same(run, (2, "", "peodump fields: Linux 2.6.30: perf_event_open came with 2.6.31\n"
		"Try 'peodump fields --help'.\n"))


@test
def a_release_beyond_the_tables_is_answered_with_a_remark(folder):
	run = peodump("fields", "99.1")
	same((run.status, run.err),
		(0, f"peodump: Linux 99.1 is newer than these tables, which end with {card()['to']}\n"))
	same(run.out, peodump("fields").out)


@test
def mistakes_in_the_options_are_trouble(folder):
	for words in (["--nonsense"], ["5.4", "6.1"], ["-k", "5.4", "6.1"], ["-k"], ["--kernel="], ["6.1...6.2"],
			["--arch", "pdp11"], ["--color=blue"]):
		run = peodump("fields", *words)
		same((words, run.status, run.out), (words, 2, ""))
		same((words, run.err.splitlines()[1:]), (words, ["Try 'peodump fields --help'."]))
		same((words, run.err.startswith("peodump fields: ")), (words, True))


@test
def an_unknown_architecture_is_answered_with_the_known_ones(folder):
	contains(peodump("fields", "--arch", "pdp11").err, "pdp11", " x86_64,", " s390x,")


@test
def the_options_of_other_verbs_are_there(folder):
	same(peodump("fields", "--no-pager").out, peodump("fields").out)
	same(re.sub(r"\x1b\[\d+m", "", peodump("fields", "--color").out), peodump("fields").out)
	contains(peodump("fields", "--color").out, "\x1b[1mstruct perf_event_attr")


if __name__ == "__main__":
	main()
