#!/usr/bin/python3
"""How the calls of a dump are shown: every view against a golden, the filters, colours, the pager.

REBASE=1 writes the goldens anew; read them in git diff.
"""

import json
import os
import pathlib
import re
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent))
from tool import check, contains, main, on_terminal, peodump, same, test

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
VIEWS = GOLDEN / "views.peo"
CALL = re.compile(r"^/\* perf_event_open (\d+): ", re.M)


def show(*arguments, **how):
	return peodump("show", *arguments, **how)


def golden(name, *arguments):
	"""Hold what is shown of the golden dump against the golden of that name."""
	run = show(*arguments, VIEWS)
	same((run.status, run.err), (0, ""))
	if os.environ.get("REBASE"):
		(GOLDEN / name).write_text(run.out)
	same(run.out, (GOLDEN / name).read_text())


def numbers(text):
	return [int(number) for number in CALL.findall(text)]


def edited(*changes):
	"""The golden dump as text with some of it replaced."""
	text = VIEWS.read_text()
	for old, new in changes:
		assert old in text, f"{old!r} is not in the dump"
		text = text.replace(old, new)
	return text


def lines_of(table):
	"""The lines of a table by the call they start with."""
	return {line.split()[0]: line for line in table.splitlines() if re.match(r"\d", line)}


# --- the views ---

@test
def c_is_the_dump_itself(folder):
	golden("views.peo", "--fields", "set")


@test
def json_is_one_object_a_line(folder):
	golden("views.json", "--as", "json", "--fields", "set")
	for line in (GOLDEN / "views.json").read_text().splitlines():
		json.loads(line)


@test
def a_table_has_a_line_for_each_event_and_siblings_under_their_leaders(folder):
	golden("views.table", "--as", "table")


@test
def a_program_makes_the_calls_again(folder):
	golden("views.program", "--as", "program")


@test
def folded_c_is_one_block_for_a_run_with_its_ranges_above(folder):
	golden("views.folded", "--fold", "--fields", "set")


@test
def a_folded_table_keeps_siblings_under_their_leaders(folder):
	golden("views.folded.table", "--as", "table", "--fold")


@test
def all_fields_are_shown_unless_asked_otherwise(folder):
	same(show(VIEWS).out, show("--fields", "all", VIEWS).out)
	contains(show(VIEWS).out, ".inherit_stat = 0,")


# --- folding ---

@test
def a_hundred_and_twenty_eight_cpus_fold_to_one_block_that_reads_back(folder):
	block = show("--call", "5", VIEWS).out
	text = "".join(block.replace("open 5:", f"open {n}:").replace("cpu = 0;", f"cpu = {n - 1};")
		.replace("fd = 5;", f"fd = {n + 2};").replace("pid = 2146", f"pid = {2 * n}")
		for n in range(1, 129))
	run = show("--fold", input=text)
	same(numbers(run.out), [1])
	contains(run.out, "/* 128 calls alike: call 1-128, pid 2,4,6,8,10,12,14,16,18,20,22,24 and 116 more, "
		"cpu 0-127, fd 3-130 */\n")
	same(show(input=run.out).out, run.out.partition("\n")[2])
	ranges = json.loads(show("--fold", "--as", "json", input=text).out)["alike"]
	same((ranges["calls"], ranges["cpu"], ranges["fd"]), (128, [[0, 127]], [[3, 130]]))


@test
def events_that_are_opened_by_turns_on_every_cpu_fold_to_one_block_each(folder):
	leader, sibling = (show("--call", number, "--fields", "set", VIEWS).out for number in "57")
	text = "".join(leader.replace("open 5:", f"open {2 * n + 1}:").replace("cpu = 0;", f"cpu = {n};")
		.replace("fd = 5;", f"fd = {2 * n + 3};")
		+ sibling.replace("open 7:", f"open {2 * n + 2}:").replace("cpu = 0;", f"cpu = {n};")
		.replace("fd = 7;", f"fd = {2 * n + 4};").replace("group_fd = 5; /* opened by call 5",
		f"group_fd = {2 * n + 3}; /* opened by call {2 * n + 1}") for n in range(128))
	first, last = (show("--call", number, VIEWS).out for number in "19")
	run = show("--fold", input=first.replace("open 1:", "open 400:") + text + last)
	same((run.status, numbers(run.out)), (0, [400, 1, 2, 9]))
	same(run.out.count(" cpu 0-127, "), 2)
	same(len(lines_of(show("--as", "table", "--fold", input=text).out)), 2)


@test
def a_folded_dump_that_is_read_again_is_said_once_for_each_file(folder):
	text = show("--fold", VIEWS).out
	for name in ("one", "two"):
		(folder / name).write_text(text)
	run = show("one", "two")
	same((run.status, run.err), (0, "".join(f"peodump: {name}: was folded; runs of calls that are alike are "
		"read as one\n" for name in ("one", "two"))))


@test
def calls_that_differ_in_anything_else_do_not_fold(folder):
	two = show("--call", "5", VIEWS).out + show("--call", "6", VIEWS).out
	same(numbers(show("--fold", input=two).out), [5])
	for old, new in ((".inherit = 1", ".inherit = 0"), ("FD_CLOEXEC", "PID_CGROUP"), ("pid = 2146", "pid = 0"),
			("perf[2145]", "perf[2144]"), ("fd = 6;", "fd = -1; /* EINVAL: Invalid argument */"),
			("group_fd = -1", "group_fd = 5; /* opened by call 5 */"), (".type = PERF_TYPE_SOFTWARE",
			".type = PERF_TYPE_RAW"), ("PERF_ATTR_SIZE_VER7", "PERF_ATTR_SIZE_VER6")):
		first, second = two[:two.index("/* perf_event_open 6")], two[two.index("/* perf_event_open 6"):]
		assert old in second, old
		same((old, numbers(show("--fold", input=first + second.replace(old, new)).out)), (old, [5, 6]))


# --- filters ---

@test
def failed_keeps_the_refused_calls(folder):
	same(numbers(show("--failed", VIEWS).out), [3, 4, 12, 15])


@test
def call_keeps_the_call_of_that_number(folder):
	same(numbers(show("--call", "9", VIEWS).out), [9])


@test
def comm_keeps_the_calls_of_that_name(folder):
	same(numbers(show("--comm", 'a*/\x1b"', VIEWS).out), [14])


@test
def what_was_asked_for_and_is_not_there_is_said(folder):
	same(show("--call", "99", VIEWS), (1, "", "peodump: no call 99: the dump has 1 to 15\n"))
	same(show("--comm", "nobody", VIEWS).err,
		r"peodump: no call of a process named 'nobody': the dump has calls of perf, a*\/\x1b\"" "\n")
	same(show("--comm", "perf", "--call", "14", VIEWS).err,
		"peodump: no call 14 of a process named 'perf': the dump has 1 to 15\n")
	text = "".join(show("--call", "1", VIEWS).out.replace("perf[", f"perf{n}[") for n in range(20))
	contains(show("--comm", "nobody", input=text).err, "calls of perf0, perf1, ", ", perf11 and others\n")
	for view in ("c", "json", "table", "program"):
		run = show("--as", view, "--failed", input=show("--call", "5", VIEWS).out)
		same((view, run), (view, (1, "", "peodump: no refused call: the dump has 5 to 5\n")))
	same(show("--call", "99", VIEWS, "missing").status, 2)


# --- what stands in a table ---

@test
def a_run_of_probes_is_one_if_each_of_its_calls_is(folder):
	calls = [show("--call", number, "--fields", "set", VIEWS).out for number in ("1", "2")]
	text = "".join(calls[n % 2].replace(f"open {n % 2 + 1}:", f"open {n + 1}:") for n in range(4))
	text += show("--call", "5", VIEWS).out
	table = lambda text, *options: {number for number, line in lines_of(show("--as", "table", *options, input=text).out).items()
		if "probe" in line}
	same((table(text), table(text, "--fold")), ({"1", "2", "3", "4"}, {"1,3", "2,4"}))
	head, call, rest = text.partition("/* perf_event_open 4:")
	text = head + call + rest.replace("fd = 5;", "fd = 6;")
	same((table(text), table(text, "--fold")), ({"1", "2", "4"}, set()))


@test
def a_probe_is_marked_only_where_it_can_be_told(folder):
	marked = lambda text: [call for call, line in lines_of(show("--as", "table", input=text).out).items()
		if line.endswith(", probe")]
	same(marked(edited()), ["1", "2"])
	same(marked(edited((".comm_exec = 1,", ".comm_exec = 1,\n\t\t.sample_period = 1,"))), ["1"])
	same(marked(edited((".comm_exec = 1,", ".comm_exec = 1,\n\t\t.read_format = 1,"))), ["1"])
	same(marked(edited(("int fd = 5;", "int fd = 50;"))), ["1", "2"])
	same(marked(show("--call", "1", VIEWS).out * 3), [])
	same(marked(show("--call", "1", VIEWS).out + show("--call", "5", VIEWS).out.replace("thread 2145",
		"thread 2146")), [])


@test
def processes_of_two_dumps_with_one_number_have_their_titles(folder):
	other = show("--call", "5", VIEWS).out.replace(": perf[", ": tool[")
	out = show("--as", "table", input=show("--call", "1", VIEWS).out + other).out
	same([line for line in out.splitlines() if "Linux" in line],
		["perf[2145], Linux 6.18.44 x86_64", "tool[2145], Linux 6.18.44 x86_64"])


@test
def two_files_of_one_process_have_their_titles_and_leaders(folder):
	leader, sibling = (show("--call", number, VIEWS).out for number in "57")
	for name, text in (("a", leader + sibling), ("b", sibling), ("c", leader)):
		(folder / name).write_text(text)
	out = show("--as", "table", "a", "b", "c").out
	same([line for line in out.splitlines() if "Linux" in line],
		[f"{name}: perf[2145], Linux 6.18.44 x86_64" for name in "abc"])
	same(["group of call 5" in line for line in out.splitlines() if line.startswith("7 ")], [False, True])
	same(re.findall("perf.*", show("--as", "table", "a").out), ["perf[2145], Linux 6.18.44 x86_64"])


@test
def a_program_that_became_another_one_has_its_own_leaders(folder):
	leader, sibling = (show("--call", number, VIEWS).out for number in "57")
	out = show("--as", "table", input=leader + sibling.replace(": perf[", ": tool[")).out
	contains(lines_of(out)["7"], "group of call 5")


@test
def a_sibling_whose_leader_is_elsewhere_says_where(folder):
	run = show("--as", "table", "--call", "7", VIEWS)
	contains(lines_of(run.out)["7"], "group of call 5")


@test
def a_filter_takes_no_mark_from_a_line(folder):
	whole = lines_of(show("--as", "table", VIEWS).out)
	for number in [number for number, line in whole.items() if re.search("tried again|probe$", line)]:
		for option in (["--call", number], ["--failed"])[:2 if int(number) in (3, 4, 12, 15) else 1]:
			same(lines_of(show("--as", "table", *option, VIEWS).out)[number].split(), whole[number].split())


@test
def a_stand_in_is_told_from_what_the_kernel_said(folder):
	text = show("--call", "5", VIEWS).out.replace("int fd = 5;", "int fd = 5; /* stand-in; the kernel said "
		"ENOENT: No such file or directory */")
	contains(lines_of(show("--as", "table", input=text).out)["5"], "fd 5 stands in: ENOENT")
	same(numbers(show("--failed", input=text).out), [5])


@test
def events_are_spelt_as_perf_spells_them(folder):
	for old, new, wanted in (
			("PERF_COUNT_SW_TASK_CLOCK", "PERF_COUNT_SW_PAGE_FAULTS_MAJ", "major-faults"),
			(".inherit = 1", ".exclude_user = 1", "task-clock:kh"),
			(".inherit = 1", ".exclude_host = 1", "task-clock:G"),
			(".inherit = 1", ".exclude_idle = 1", "task-clock:I"),
			(".type = PERF_TYPE_SOFTWARE", ".type = PERF_TYPE_RAW", "r1"),
			(".type = PERF_TYPE_SOFTWARE", ".type = 77", "type 77 config 0x1"),
			(".type = PERF_TYPE_SOFTWARE", ".type = 9, /* ibs_op */ //", "ibs_op/config=0x1/"),
			(".type = PERF_TYPE_SOFTWARE", ".type = PERF_TYPE_RAW,\n\t\t.config1 = 0x1f", "r1/config1=0x1f/"),
			(".type = PERF_TYPE_SOFTWARE", ".type = 9, /* ibs_op */\n\t\t.config1 = 0x1f",
				"ibs_op/config=0x1,config1=0x1f/"),
			(".type = PERF_TYPE_SOFTWARE", ".type = PERF_TYPE_HW_CACHE", "L1-icache-loads"),
			(".type = PERF_TYPE_SOFTWARE", ".type = PERF_TYPE_TRACEPOINT", "tracepoint 1"),
			(".type = PERF_TYPE_SOFTWARE", ".type = PERF_TYPE_HARDWARE", "instructions")):
		text = show("--call", "5", "--fields", "set", VIEWS).out.replace(old, new)
		text = text if "PERF_COUNT_SW_PAGE" in text else text.replace("PERF_COUNT_SW_TASK_CLOCK", "1")
		line = lines_of(show("--as", "table", input=text.replace(" //,", ",")).out)["5"]
		same(line.split("  ")[2].strip() or line, wanted)
	nothing = text.replace(".type = PERF_TYPE_HARDWARE,", ".type = 9, /* ibs_op */").replace(".config = 1,", ".config = 0,")
	same(lines_of(show("--as", "table", input=nothing).out)["5"].split()[1], "ibs_op//")


@test
def an_alias_does_not_hide_what_the_further_words_ask_for(folder):
	text = show("--call", "10", "--fields", "set", VIEWS).out.replace("tsc", "mem-loads")
	plain = text.replace("\t\t.config4 = 0x10,\n", "")
	further = text.replace("config4 = 0x10", "config1 = 0x1f").replace("event=0x0", "event=0x0,ldlat=31")
	for found, wanted in ((plain, "msr/mem-loads/"), (further, "msr/event=0x0,ldlat=31/")):
		same(lines_of(show("--as", "table", input=found).out)["10"].split()[1], wanted)


@test
def json_may_be_asked_for_as_in_the_other_verbs(folder):
	same(show("--json", VIEWS), show("--as", "json", VIEWS))
	same(show("-j", VIEWS), show("--as", "json", VIEWS))


@test
def a_hostile_name_cannot_reach_the_terminal_or_leave_its_comment(folder):
	for view in ("c", "table", "program", "json"):
		out = show("--as", view, "--fold", VIEWS).out
		check(f"{view}: {byte!r}" for byte in "\x1b\x07\r\x00\x7f" if byte in out)
	text = edited(("/* cpu_core */", "/* x* */"))
	contains(show("--as", "table", input=text).out, "x\\x2a/cycles/")
	program = show("--as", "program", input=text).out
	same("x*/" in program, False)


# --- the terminal ---

@test
def colours_are_for_terminals_and_for_who_asks(folder):
	same("\x1b[" in show(VIEWS).out, False)
	for option in ("--color=always", "--color"):
		contains(show(option, VIEWS).out, "\x1b[31m\tint fd = -1;")
	contains(on_terminal("show", "--no-pager", VIEWS)[0], "\x1b[1m/* perf_event_open 1: ")
	same("\x1b[" in on_terminal("show", "--no-pager", VIEWS, NO_COLOR="1")[0], False)
	same("\x1b[" in on_terminal("show", "--no-pager", VIEWS, TERM="dumb")[0], False)
	same("\x1b[" in on_terminal("show", "--no-pager", "--color=never", VIEWS)[0], False)


@test
def colours_change_no_other_byte(folder):
	for view in ("c", "table", "json"):
		plain, coloured = (show("--as", view, f"--color={when}", VIEWS).out for when in ("never", "always"))
		same(re.sub(r"\x1b\[\d+m", "", coloured), plain)


@test
def a_terminal_gets_the_pager_that_is_asked_for(folder):
	pager = f"tee {folder}/paged | tail -n 1"
	seen, status = on_terminal("show", "--color=never", "--fields", "set", VIEWS, PEODUMP_PAGER=pager)
	same(((folder / "paged").read_text(), seen, status), (VIEWS.read_text(), "}\n", 0))
	(folder / "paged").unlink()
	on_terminal("show", VIEWS, PAGER=pager)
	same((folder / "paged").exists(), True)
	(folder / "paged").unlink()
	for options, variables in (((), {"PEODUMP_PAGER": "cat", "PAGER": pager}), (("--no-pager",), {"PAGER": pager})):
		contains(on_terminal("show", *options, VIEWS, **variables)[0], "perf_event_open 15")
		same((folder / "paged").exists(), False)


@test
def a_dumb_terminal_gets_no_pager(folder):
	contains(on_terminal("show", VIEWS, TERM="dumb", PAGER=f"touch {folder}/paged")[0], "perf_event_open 15")
	same((folder / "paged").exists(), False)


@test
def a_pager_waits_for_the_first_output(folder):
	seen, status = on_terminal("show", "-", "--call", "99", typed=VIEWS.read_text() + "\x04", PAGER=f"touch {folder}/paged")
	same((status, (folder / "paged").exists()), (1, False))


@test
def nobody_is_left_to_wait_for_a_terminals_input(folder):
	seen, status = on_terminal("show", typed="", PAGER="cat")
	same((status, seen), (2, "peodump show: which FILE? (- is standard input, here a terminal)\n"
		"Try 'peodump show --help'.\n"))


@test
def no_terminal_gets_no_pager(folder):
	same(numbers(show(VIEWS, environment={"PAGER": f"touch {folder}/paged"}).out)[-1], 15)
	same((folder / "paged").exists(), False)


@test
def a_pager_that_cannot_be_run_is_said(folder):
	(folder / "pager").write_text("")
	for pager, status in ((f"{folder}/pager -x", 126), ("/nonexistent/pager -x", 127)):
		seen, ended = on_terminal("show", VIEWS, PAGER=pager)
		same(ended, 2)
		contains(seen, f"peodump: the pager '{pager}' could not be run\n")


@test
def a_pager_that_is_missing_or_left_early_is_no_trouble(folder):
	contains(on_terminal("show", VIEWS, PAGER="/nonexistent/pager")[0], "perf_event_open 15")
	seen, status = on_terminal("show", *[VIEWS] * 200, PAGER="head -n 1 | cut -c 1-5")
	same(status, 0)


# --- what is wrong with the command line ---

@test
def a_word_that_is_none_of_the_choices_is_refused(folder):
	for option in (["--as", "xml"], ["--fields", "some"], ["--color=blue"], ["--call", "0"], ["--call", "x"],
			["--call", "-1"], ["--call", "4294967296"], ["--unheard-of"]):
		run = show(*option, VIEWS)
		same((option, run.status, run.out), (option, 2, ""))
		contains(run.err, "peodump show: ", option[0].split("=")[0], "\nTry 'peodump show --help'.\n")


@test
def help_names_every_option(folder):
	run = show("--help")
	same((run.status, run.err), (0, ""))
	contains(run.out, "--as", "--fields", "--fold", "--failed", "--call", "--comm", "--color", "--no-pager")


main()
