#!/usr/bin/python3
"""How acts are shown: what was done with events, in every view. golden/life.peo is of perf record -a."""

import json
import os
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import contains, main, peodump, same, test

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
LIFE = GOLDEN / "life.peo"
VIEWS = GOLDEN / "views.peo"
ACTS = 32


def show(*arguments, **how):
	return peodump("show", *arguments, **how)


def acts(text):
	return re.findall(r"^.*; /\* perf_event \d+: .*$", text, re.M)


def table(*arguments, **how):
	"""The LIFE column by the call that a line starts with."""
	lines = show("--as", "table", *arguments, **how).out.splitlines()
	at = lines[1].index("LIFE")
	return {line.split()[0]: line[at:] for line in lines[2:]}


def golden(name, *arguments):
	run = show(*arguments, LIFE)
	same((run.status, run.err), (0, ""))
	if os.environ.get("REBASE"):
		(GOLDEN / name).write_text(run.out)
	same(run.out, (GOLDEN / name).read_text())


@test
def c_is_the_dump_itself(folder):
	same(show("--fields", "set", LIFE).out, LIFE.read_text())
	same(len(acts(LIFE.read_text())), ACTS)


@test
def json_has_an_object_for_each(folder):
	records = [json.loads(line) for line in show("--json", LIFE).out.splitlines()]
	same((sum("call" in record for record in records), sum("act" in record for record in records)), (6, ACTS))
	output = next(record for record in records if record.get("request") == "PERF_EVENT_IOC_SET_OUTPUT")
	same((output["opened_by"], output["fd"], output["argument"], output["target"]), (3, 7, 5, 1))


@test
def the_table_tells_each_life_in_a_line(folder):
	golden("life.table", "--as", "table")


@test
def a_table_without_acts_has_no_such_column(folder):
	same("LIFE" in show("--as", "table", VIEWS).out, False)


@test
def what_is_done_alike_on_every_cpu_folds(folder):
	golden("life.folded", "--fold", "--fields", "set")
	same(table("--fold", LIFE)["3-4"], "SET_OUTPUT, F_SETFL O_NONBLOCK, ID, ENABLE, DISABLE, close")


@test
def acts_of_an_event_keep_their_order_when_they_fold(folder):
	told = acts(show("--fold", LIFE).out)
	order = [line.split(",")[1].split(")")[0].strip() for line in told if "fd[3]" in line and "ioctl" in line]
	assert order.index("PERF_EVENT_IOC_SET_OUTPUT") == 0, order


@test
def a_folded_dump_is_said_to_be_one(folder):
	text = show("--fold", LIFE).out
	run = show("-", input="".join(text.partition("/* 2 acts")[1:]))
	contains(run.err, "was folded")


@test
def acts_are_chosen_with_their_calls(folder):
	for call in (1, 4):
		text = show("--call", str(call), LIFE).out
		assert acts(text) and all(f"perf_event {call}:" in line for line in acts(text)), text
	same(len(acts(show("--comm", "perf", LIFE).out)), ACTS)
	same(show("--comm", "nobody", LIFE).out, "")


@test
def refused_acts_are_chosen_with_failed(folder):
	text = LIFE.read_text().replace("output fd 5 */", "output fd 5, EINVAL */")
	run = show("--failed", "-", input=text)
	same((run.status, run.out.count("\n"), run.out.count("EINVAL")), (0, 1, 1))
	contains(show("--as", "table", "-", input=text).out, "SET_OUTPUT: EINVAL")


@test
def what_is_repeated_is_counted(folder):
	enable = next(line for line in acts(LIFE.read_text()) if "fd[1], PERF_EVENT_IOC_ENABLE" in line) + "\n"
	same(table("-", input=LIFE.read_text().replace(enable, 1000 * enable))["1"],
		"mmap 128, F_SETFL O_NONBLOCK, ID, ENABLE x1000, DISABLE, close")
	disable = enable.replace("ENABLE", "DISABLE")
	told = table("-", input=LIFE.read_text().replace(enable, 5000 * (enable + disable)))["1"]
	assert re.search(r"ABLE and \d{4} more$", told) and len(told) < 400, told


@test
def acts_between_words_of_the_program_are_found(folder):
	text = re.sub(r"(?m)^(ioctl|ring)", r"Continue? [y/N] \1", LIFE.read_text())
	same(show("--fields", "set", "-", input=text).out, LIFE.read_text())


@test
def a_damaged_act_is_reported_with_its_line(folder):
	lines = LIFE.read_text().splitlines(keepends=True)
	at = next(at for at, line in enumerate(lines) if "SET_OUTPUT" in line)
	lines[at] = lines[at].replace("SET_OUTPUT", "SET_INPUT")
	run = show("--fields", "set", "-", input="".join(lines))
	same((run.status, run.err), (2, f"peodump: standard input:{at + 1}: what stands before this comment is no act of a dump\n"))
	same(run.out, "".join(lines[:at] + lines[at + 1:]))


@test
def a_last_line_without_its_newline_is_an_act_too(folder):
	same(show("--fields", "set", "-", input=LIFE.read_text()[:-1]).out, LIFE.read_text())


@test
def acts_far_behind_each_other_are_found_in_a_long_log(folder):
	words = "words of the program, which has much to say\n" * 20000
	text = LIFE.read_text().replace("\nioctl", f"\n{words}ioctl", 5)
	same(show("--fields", "set", "-", input=text).out, LIFE.read_text())
	same(show("--fields", "set", "-", input=LIFE.read_text() + "x" * 600000 + "\n" + LIFE.read_text()).out, 2 * LIFE.read_text())


def smaller(folder):
	"""The dump of a program that maps smaller rings."""
	file = folder / "smaller.peo"
	file.write_text(LIFE.read_text().replace("528384", "266240").replace("1 + 128 pages", "1 + 64 pages"))
	return file


@test
def diff_tells_what_else_is_done_with_an_event(folder):
	run = peodump("diff", LIFE, smaller(folder))
	same((run.status, run.err), (1, ""))
	contains(run.out, "cpu-clock: call 1 -> 1\n  - mmap 128, F_SETFL O_NONBLOCK, ID, ENABLE, DISABLE, close\n"
		"  + mmap 64, F_SETFL O_NONBLOCK, ID, ENABLE, DISABLE, close\n")
	pair = json.loads(peodump("diff", "--json", LIFE, smaller(folder)).out.splitlines()[0])
	same((pair["differ"], pair["old_life"].split(",")[0], pair["new_life"].split(",")[0]), ({}, "mmap 128", "mmap 64"))


@test
def what_is_done_alike_or_ignored_is_no_difference(folder):
	same(peodump("diff", LIFE, LIFE), (0, "", ""))
	same(peodump("diff", "--ignore", "life", LIFE, smaller(folder)), (0, "", ""))


@test
def how_often_a_thing_is_done_is_no_difference(folder):
	enable = next(line for line in acts(LIFE.read_text()) if "fd[1], PERF_EVENT_IOC_ENABLE" in line) + "\n"
	(folder / "often.peo").write_text(LIFE.read_text().replace(enable, 7 * enable))
	same(peodump("diff", LIFE, folder / "often.peo").status, 0)


@test
def a_dump_without_acts_differs_by_its_calls_alone(folder):
	(folder / "calls.peo").write_text(re.sub(r"(?m)^.*; /\* perf_event \d.*\n", "", LIFE.read_text()))
	for sides in ((LIFE, folder / "calls.peo"), (folder / "calls.peo", LIFE)):
		same(peodump("diff", *sides), (0, "", ""))


@test
def explain_does_not_stumble_over_acts(folder):
	run = peodump("explain", LIFE)
	assert "no act" not in run.err and "damaged" not in run.err, run.err


main()
